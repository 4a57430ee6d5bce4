// What stands behind the opaque types of duecare.h. Handles own shared state, so that children outlive
// parents.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/memory.hpp"
#include "duecare/duecare.h"
#include "evaluate/audit.hpp"
#include "findings/report.hpp"
#include "findings/units.hpp"
#include "monitor/monitor.hpp"
#include "policy/policy.hpp"
#include "records/builder.hpp"
#include "records/reader.hpp"
#include "store/store.hpp"
#include "tables/import.hpp"
#include "time/zone.hpp"

// Declared alone: what they are made of takes longer to compile than all the rest of the wall.
namespace duecare::sampling {
class Frame;
class Sample;
}  // namespace duecare::sampling

namespace duecare::capi {

/// First member of every object: tells an object of another type. The numbers mean nothing.
enum class Kind : std::uint32_t {
    text = 0xD0CA'0001,
    error,
    diagnostics,
    zones,
    compiler,
    policy,
    caseload,
    token,
    result,
    finding,
    explanation,
    document,
    frame,
    sample,
    tables,
    monitor,
    changes,
    store,
    context,
};

template <Kind K>
struct Tagged {
    static constexpr Kind k_kind = K;
    Kind kind = K;
};

/// What stands behind a duecare_context: an account of memory, and whom to tell. Counted, not owned.
class Context : public Memory {
  public:
    explicit Context(const duecare_context_options& options) noexcept
        : Memory(options.max_bytes, options.allocate, options.release, options.user_data),
          log_(options.log),
          log_level_(options.log_level),
          destroy_(options.destroy) {}
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() override {
        if (destroy_ != nullptr) destroy_(user_data());
    }
    [[nodiscard]] bool wants(std::int32_t level) const noexcept {
        return log_ != nullptr && level >= log_level_;
    }
    void tell(std::int32_t level, const std::string& json) const noexcept {
        log_(level, json.c_str(), json.size(), user_data());
    }

  private:
    duecare_log_fn log_;
    std::int32_t log_level_;
    duecare_destroy_fn destroy_;
};

/// A share in a context; may be none.
class ContextRef {
  public:
    ContextRef() = default;
    explicit ContextRef(Context* context) noexcept : context_(context) {
        if (context_ != nullptr) context_->hold();
    }
    static ContextRef make(const duecare_context_options& options) {
        ContextRef made;
        made.context_ = new Context(options);  // is held once already
        return made;
    }
    ContextRef(const ContextRef& other) noexcept : ContextRef(other.context_) {}
    ContextRef(ContextRef&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
    ContextRef& operator=(ContextRef other) noexcept {
        std::swap(context_, other.context_);
        return *this;
    }
    ~ContextRef() {
        if (context_ != nullptr) context_->let_go();
    }
    [[nodiscard]] Context* get() const noexcept { return context_; }

  private:
    Context* context_ = nullptr;
};

/// A tagged object whose calls take their memory from a context.
template <Kind K>
struct InContext : Tagged<K> {
    ContextRef context;
};

/// A caseload with its reader. Shared by the handle and by the results made from it.
struct CaseloadState {
    explicit CaseloadState(const records::ReaderOptions& options) : reader(caseload, options) {}
    records::Caseload caseload;
    records::Reader reader;
    bool open = false;    // a source was begun and not finished
    bool failed = false;  // what was read is incomplete in a way that no reject tells
    std::vector<const std::pair<const std::string, records::UnknownKey>*>
        unknown_keys;                       // of the report, by index
    std::atomic<std::uint64_t> results{0};  // that refer to it
};

/// Keeps a caseload alive and closed for additions.
class Lease {
  public:
    explicit Lease(std::shared_ptr<CaseloadState> state) : state_(std::move(state)) { ++state_->results; }
    ~Lease() { --state_->results; }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] const CaseloadState& operator*() const noexcept { return *state_; }
    [[nodiscard]] std::shared_ptr<const records::Caseload> caseload() const noexcept {
        return {state_, &state_->caseload};
    }

  private:
    std::shared_ptr<CaseloadState> state_;
};

struct ResultState {
    explicit ResultState(std::shared_ptr<CaseloadState> caseload) : lease(std::move(caseload)) {}
    Lease lease;  // released after `result`
    evaluate::Result result;
    findings::Units units{result};
};

/// The parts of an error that need memory.
struct ErrorFields {
    std::string message;
    std::string pointer;
    std::string source;
    std::string text;
    std::uint64_t line = 0;
    std::int32_t callback_code = 0;
    std::unique_ptr<duecare_diagnostics> diagnostics;
};

}  // namespace duecare::capi

struct duecare_text : duecare::capi::Tagged<duecare::capi::Kind::text> {
    std::string content;
};

struct duecare_error : duecare::capi::Tagged<duecare::capi::Kind::error> {
    duecare_status status = DUECARE_STATUS_INTERNAL;
    duecare::capi::ErrorFields* fields = nullptr;  // owned; null: the static error for lack of memory
};

struct duecare_diagnostics : duecare::capi::Tagged<duecare::capi::Kind::diagnostics> {
    explicit duecare_diagnostics(std::vector<duecare::policy::Diagnostic> list);
    std::vector<duecare::policy::Diagnostic> items;
    std::vector<std::string> texts;
};

struct duecare_zones : duecare::capi::Tagged<duecare::capi::Kind::zones> {
    std::shared_ptr<const duecare::time::ZoneData> data;
    std::string version;
};

struct duecare_compiler : duecare::capi::InContext<duecare::capi::Kind::compiler> {
    std::shared_ptr<const duecare::time::ZoneData> zones;
    std::vector<duecare::policy::Document> layers;
    duecare_resolver_fn resolver = nullptr;
    void* user_data = nullptr;
    duecare_destroy_fn destroy = nullptr;

    duecare_compiler() = default;
    duecare_compiler(const duecare_compiler&) = delete;
    duecare_compiler& operator=(const duecare_compiler&) = delete;
    ~duecare_compiler() {
        if (destroy != nullptr) destroy(user_data);
    }
};

struct duecare_policy : duecare::capi::InContext<duecare::capi::Kind::policy> {
    duecare_policy(std::shared_ptr<const duecare::policy::Policy> compiled,
                   std::vector<duecare::policy::Diagnostic> list)
        : policy(std::move(compiled)), diagnostics(std::move(list)) {}
    std::shared_ptr<const duecare::policy::Policy> policy;
    duecare_diagnostics diagnostics;
};

struct duecare_caseload : duecare::capi::InContext<duecare::capi::Kind::caseload> {
    std::shared_ptr<duecare::capi::CaseloadState> state;
};

struct duecare_document : duecare::capi::InContext<duecare::capi::Kind::document> {
    duecare::records::Builder builder;
};

struct duecare_tables : duecare::capi::InContext<duecare::capi::Kind::tables> {
    explicit duecare_tables(duecare::tables::Mapping mapping) : import(std::move(mapping)) {}
    duecare::tables::Import import;
    bool is_committed = false;
};

struct duecare_token : duecare::capi::Tagged<duecare::capi::Kind::token> {
    // Shared with running audits, so that freeing the token during one does no harm.
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
    static_assert(std::atomic<bool>::is_always_lock_free, "cancel must be safe in a signal handler");
};

struct duecare_result : duecare::capi::InContext<duecare::capi::Kind::result> {
    std::shared_ptr<const duecare::capi::ResultState> state;
};

struct duecare_finding : duecare::capi::InContext<duecare::capi::Kind::finding> {
    std::shared_ptr<const duecare::capi::ResultState> state;
    const duecare::evaluate::Finding* at = nullptr;  // null: at no finding
    std::uint64_t index = 0;
    // Looks into cases again and remembers the last; export is const, so that it has a lock of its own.
    mutable std::mutex explaining;
    std::unique_ptr<duecare::findings::Explainer> explainer;
    // Copies with a NUL at their end; the engine's views have none.
    std::string case_id;
    std::string key;
    std::string trigger_event;
    std::string ending_event;
    std::string reason;
    std::string owner;
    std::optional<std::string> unit;
    std::vector<std::string> evidence;
};

struct duecare_explanation : duecare::capi::InContext<duecare::capi::Kind::explanation> {
    std::shared_ptr<const duecare::capi::ResultState> state;  // released after `explained`
    duecare::evaluate::Explained explained;
};

struct duecare_frame : duecare::capi::InContext<duecare::capi::Kind::frame> {
    explicit duecare_frame(std::shared_ptr<duecare::sampling::Frame> made) : frame(std::move(made)) {}
    std::shared_ptr<duecare::sampling::Frame> frame;
};

struct duecare_sample : duecare::capi::InContext<duecare::capi::Kind::sample> {
    explicit duecare_sample(std::shared_ptr<duecare::sampling::Sample> drawn) { take(std::move(drawn)); }
    void take(std::shared_ptr<duecare::sampling::Sample> drawn);  // a failure changes nothing

    /// A unit with texts that C can read.
    struct Unit {
        std::string id;
        std::string ticket;
        std::string stratum;
        std::uint64_t rank = 0;
        double pi = 0;
        std::uint32_t stage = 0;
        std::uint32_t flags = 0;
    };
    std::shared_ptr<duecare::sampling::Sample> sample;
    std::vector<Unit> units;
    std::vector<std::optional<std::string>> next_ids;  // by group
};

struct duecare_monitor : duecare::capi::InContext<duecare::capi::Kind::monitor> {
    explicit duecare_monitor(duecare::monitor::Monitor made) : monitor(std::move(made)) {}
    duecare::monitor::Monitor monitor;
};

struct duecare_changes : duecare::capi::InContext<duecare::capi::Kind::changes> {
    std::shared_ptr<const duecare::policy::Policy> policy;
    duecare::monitor::Changes changes;
};

struct duecare_store : duecare::capi::InContext<duecare::capi::Kind::store> {
    duecare_store(const std::string& path, duecare::store::OpenOptions options)
        : store(path, std::move(options)) {}
    duecare::store::Store store;
};

struct duecare_context : duecare::capi::Tagged<duecare::capi::Kind::context> {
    duecare::capi::ContextRef shared;
};
