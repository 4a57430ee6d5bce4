// Running an audit, and the token that stops it.
#include <utility>

#include "capi/guard.hpp"
#include "capi/log.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

constexpr std::uint32_t k_most_threads = 1024;
constexpr std::uint32_t k_known_flags =
    DUECARE_AUDIT_AS_OF | DUECARE_AUDIT_KNOWN_AT | DUECARE_AUDIT_COUNTS_ONLY | DUECARE_AUDIT_COVERAGE;

std::optional<time::Instant> announced(const duecare_audit_options& options, std::uint32_t flag,
                                       std::int64_t value, const char* name) {
    if ((options.flags & flag) != 0) return need_instant(value, name);
    if (value != 0) refuse(std::string(name) + " is set, but the flag that announces it is not.");
    return std::nullopt;
}

evaluate::VerdictMask verdicts(const duecare_audit_options& options) {
    if ((options.verdicts & ~evaluate::k_all_verdicts) != 0) {
        refuse("verdicts has bits that stand for no verdict of this version.");
    }
    if ((options.flags & DUECARE_AUDIT_COUNTS_ONLY) == 0) {
        return options.verdicts == 0 ? evaluate::k_default_verdicts : options.verdicts;
    }
    if (options.verdicts != 0) refuse("verdicts must be 0 with DUECARE_AUDIT_COUNTS_ONLY.");
    return 0;
}

unsigned threads(const duecare_audit_options& options) {
    if (options.threads == DUECARE_THREADS_MACHINE) return 0;
    if (options.threads > k_most_threads) {
        refuse("threads is more than " + std::to_string(k_most_threads) + ".");
    }
    return options.threads == 0 ? 1 : options.threads;
}

/// Asks token and host whether to go on, in this order.
evaluate::Progress progress(const duecare_audit_options& options, Call& call) {
    std::shared_ptr<std::atomic<bool>> cancelled;
    if (options.token != nullptr) cancelled = need(options.token, "token").cancelled;
    if (cancelled == nullptr && options.progress == nullptr) return {};
    const auto ask = options.progress;
    void* user_data = options.user_data;
    return [cancelled, ask, user_data, &call](std::uint64_t done, std::uint64_t total) {
        if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) return false;
        if (ask != nullptr) call.callback_code = ask(done, total, user_data);
        return call.callback_code == 0;
    };
}

void need_complete(const CaseloadState& state) {
    if (state.failed)
        throw Error(Status::invalid_state, "Reading into this caseload has failed; use a new one.");
    if (state.open) {
        throw Error(Status::invalid_state,
                    "A source of this caseload is still open; call duecare_caseload_finish first.");
    }
}

std::unique_ptr<duecare_result> run(const duecare_policy& policy, const duecare_caseload& caseload,
                                    const duecare_audit_options& given, Call& call) {
    evaluate::Options options;
    const std::optional<time::Instant> as_of = announced(given, DUECARE_AUDIT_AS_OF, given.as_of, "as_of");
    const std::optional<time::Instant> known_at =
        announced(given, DUECARE_AUDIT_KNOWN_AT, given.known_at, "known_at");
    options.verdicts = verdicts(given);
    options.threads = threads(given);
    options.coverage = (given.flags & DUECARE_AUDIT_COVERAGE) != 0;
    options.progress = progress(given, call);
    need_complete(*caseload.state);

    auto state = std::make_shared<ResultState>(caseload.state);
    const std::shared_ptr<const records::Caseload> cases = state->lease.caseload();
    if (!as_of && cases->event_count() == 0) {
        refuse("The caseload has no event, so it has no latest instant; set as_of.");
    }
    options.as_of = as_of ? *as_of : evaluate::latest_instant(*policy.policy, *cases);
    options.known_at = known_at.value_or(options.as_of);
    if (options.progress && !options.progress(0, cases->cases.size())) {
        throw Error(Status::cancelled, "The audit was cancelled before it began.");
    }
    state->result = evaluate::audit(policy.policy, cases, options);
    LogLine(DUECARE_LOG_INFO, "audit.finished")
        .add("policy", policy.policy->program().id)
        .add("cases", cases->cases.size())
        .add("findings", state->result.findings.size());

    auto result = std::make_unique<duecare_result>();
    result->state = std::move(state);
    return result;
}

}  // namespace

duecare_status duecare_audit_options_init(duecare_audit_options* options, size_t size) noexcept {
    return init_options(options, size, offsetof(duecare_audit_options, token) + sizeof options->token);
}

duecare_status duecare_audit_run(const duecare_policy* policy, const duecare_caseload* caseload,
                                 const duecare_audit_options* options, duecare_result** out_result,
                                 duecare_error** error) noexcept {
    return make(out_result, error, [&](Call& call) {
        const std::size_t least = offsetof(duecare_audit_options, token) + sizeof options->token;
        const duecare_audit_options given = need_options(options, least, k_known_flags);
        use_context(given.context);
        return run(need(policy, "policy"), need(caseload, "caseload"), given, call);
    });
}

duecare_status duecare_token_new(duecare_token** out_token, duecare_error** error) noexcept {
    return make(out_token, error, [] { return std::make_unique<duecare_token>(); });
}

void duecare_token_cancel(duecare_token* token) noexcept {
    if (is(token)) token->cancelled->store(true, std::memory_order_relaxed);
}

void duecare_token_reset(duecare_token* token) noexcept {
    if (is(token)) token->cancelled->store(false, std::memory_order_relaxed);
}

int32_t duecare_token_get_cancelled(const duecare_token* token) noexcept {
    return is(token) && token->cancelled->load(std::memory_order_relaxed) ? 1 : 0;
}

void duecare_token_free(duecare_token* token) noexcept {
    if (is(token)) delete token;
}
