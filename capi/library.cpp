// What is the same for ever: versions, names, what this build can do.
#include <algorithm>
#include <array>

#include "capi/guard.hpp"

#ifndef DUECARE_BUILD_TYPE
#define DUECARE_BUILD_TYPE "unknown"
#endif
#if defined(__clang__)
#define DUECARE_COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define DUECARE_COMPILER "gcc " __VERSION__
#else
#define DUECARE_COMPILER "unknown compiler"
#endif

using namespace duecare;

namespace {

constexpr std::array k_features {
    std::string_view("duecare.policy/1"), std::string_view("duecare.case/1"),
        std::string_view("duecare.staff/1"), std::string_view("gzip"),
#if !defined(DUECARE_WITHOUT_ZSTD)
        std::string_view("zstd"),
#endif
#if !defined(DUECARE_WITHOUT_STORE)
        std::string_view("store"),
#if !defined(DUECARE_WITHOUT_SIGNATURES)
        std::string_view("signatures"),
#endif
#endif
#if !defined(DUECARE_WITHOUT_MEMORY)
        std::string_view("memory"),
#endif
};

}  // namespace

const char* duecare_version(void) noexcept {
    return DUECARE_VERSION_STRING;
}
uint32_t duecare_version_number(void) noexcept {
    return DUECARE_VERSION_NUMBER;
}
uint32_t duecare_abi_version(void) noexcept {
    return DUECARE_ABI_VERSION;
}

int32_t duecare_feature_supported(const char* name, size_t length) noexcept {
    if (name == nullptr) return 0;
    return std::find(k_features.begin(), k_features.end(), std::string_view(name, length)) != k_features.end()
               ? 1
               : 0;
}

const char* duecare_build_info(void) noexcept {
    return "duecare " DUECARE_VERSION_STRING ", " DUECARE_COMPILER ", " DUECARE_BUILD_TYPE;
}

const char* duecare_status_get_name(duecare_status status) noexcept {
    switch (status) {
        case DUECARE_STATUS_OK:
            return "OK";
        case DUECARE_STATUS_INVALID_ARGUMENT:
            return "INVALID_ARGUMENT";
        case DUECARE_STATUS_INVALID_STATE:
            return "INVALID_STATE";
        case DUECARE_STATUS_NOT_FOUND:
            return "NOT_FOUND";
        case DUECARE_STATUS_POLICY:
            return "POLICY";
        case DUECARE_STATUS_DATA:
            return "DATA";
        case DUECARE_STATUS_LIMIT:
            return "LIMIT";
        case DUECARE_STATUS_IO:
            return "IO";
        case DUECARE_STATUS_BUSY:
            return "BUSY";
        case DUECARE_STATUS_CANCELLED:
            return "CANCELLED";
        case DUECARE_STATUS_OUT_OF_MEMORY:
            return "OUT_OF_MEMORY";
        case DUECARE_STATUS_UNSUPPORTED:
            return "UNSUPPORTED";
        case DUECARE_STATUS_INTERNAL:
            return "INTERNAL";
        default:
            return "UNKNOWN";
    }
}

// The names are string literals, so a NUL follows each.
const char* duecare_verdict_get_name(duecare_verdict verdict) noexcept {
    if (verdict < 0 || static_cast<std::size_t>(verdict) >= evaluate::k_verdicts) return nullptr;
    return evaluate::k_verdict_names[static_cast<std::size_t>(verdict)].data();
}

const char* duecare_flag_get_name(uint32_t flag) noexcept {
    for (std::size_t i = 0; i < evaluate::k_flag_names.size(); ++i) {
        if (flag == 1U << i) return evaluate::k_flag_names[i].data();
    }
    return nullptr;
}

// The numbers of the contract are those of the engine.
static_assert(DUECARE_VERDICT_MET == static_cast<int>(evaluate::Verdict::met));
static_assert(DUECARE_VERDICT_LATE == static_cast<int>(evaluate::Verdict::late));
static_assert(DUECARE_VERDICT_MISSED == static_cast<int>(evaluate::Verdict::missed));
static_assert(DUECARE_VERDICT_PENDING == static_cast<int>(evaluate::Verdict::pending));
static_assert(DUECARE_VERDICT_EXCUSED == static_cast<int>(evaluate::Verdict::excused));
static_assert(DUECARE_VERDICT_LAPSED == static_cast<int>(evaluate::Verdict::lapsed));
static_assert(DUECARE_VERDICT_UNASSESSABLE == static_cast<int>(evaluate::Verdict::unassessable));
static_assert(DUECARE_VERDICTS_DEFAULT == evaluate::k_default_verdicts);
static_assert(DUECARE_VERDICTS_ALL == evaluate::k_all_verdicts);
static_assert(DUECARE_FLAG_ACCOUNTED == evaluate::k_flag_accounted);
static_assert(DUECARE_FLAG_DUE_SOON == evaluate::k_flag_due_soon);
static_assert(DUECARE_FLAG_IMPRECISE == evaluate::k_flag_imprecise);
static_assert(DUECARE_FLAG_RECORDED_LATE == evaluate::k_flag_recorded_late);
static_assert(DUECARE_FLAG_RETROSPECTIVE == evaluate::k_flag_retrospective);
static_assert(DUECARE_INSTANT_NONE == evaluate::k_no_instant);
static_assert(DUECARE_STATUS_OK == static_cast<int>(Status::ok));
static_assert(DUECARE_STATUS_INVALID_ARGUMENT == static_cast<int>(Status::invalid_argument));
static_assert(DUECARE_STATUS_INVALID_STATE == static_cast<int>(Status::invalid_state));
static_assert(DUECARE_STATUS_NOT_FOUND == static_cast<int>(Status::not_found));
static_assert(DUECARE_STATUS_POLICY == static_cast<int>(Status::policy));
static_assert(DUECARE_STATUS_DATA == static_cast<int>(Status::data));
static_assert(DUECARE_STATUS_LIMIT == static_cast<int>(Status::limit));
static_assert(DUECARE_STATUS_IO == static_cast<int>(Status::io));
static_assert(DUECARE_STATUS_BUSY == static_cast<int>(Status::busy));
static_assert(DUECARE_STATUS_CANCELLED == static_cast<int>(Status::cancelled));
static_assert(DUECARE_STATUS_OUT_OF_MEMORY == static_cast<int>(Status::out_of_memory));
static_assert(DUECARE_STATUS_UNSUPPORTED == static_cast<int>(Status::unsupported));
static_assert(DUECARE_STATUS_INTERNAL == static_cast<int>(Status::internal));
