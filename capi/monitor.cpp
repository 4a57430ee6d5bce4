// The monitor and what it tells.
#include "monitor/monitor.hpp"

#include <algorithm>

#include "capi/guard.hpp"
#include "capi/log.hpp"
#include "monitor/json.hpp"
#include "policy/program.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

using Pushed = monitor::Changes;

// The object for what is told is made first: nothing can fail once the monitor has changed.
template <typename Body>
duecare_status tell(duecare_monitor* handle, duecare_changes** out, duecare_error** error,
                    Body&& body) noexcept {
    return make(out, error, [&] {
        monitor::Monitor& monitor = need(handle, "monitor").monitor;
        auto told = std::make_unique<duecare_changes>();
        told->policy = monitor.policy();
        told->changes = body(monitor);
        return told;
    });
}

monitor::Options clock_of(const duecare_monitor_options* given) {
    if (given == nullptr) refuse("options is NULL; a monitor needs as_of.");
    const duecare_monitor_options options = need_options(given, DUECARE_MONITOR_OPTIONS_SIZE_0_1,
                                                         DUECARE_MONITOR_AS_OF | DUECARE_MONITOR_KNOWN_AT);
    if ((options.flags & DUECARE_MONITOR_AS_OF) == 0)
        refuse("as_of is not set, or the flag that announces it is not; a monitor needs it.");
    const bool known = (options.flags & DUECARE_MONITOR_KNOWN_AT) != 0;
    if (!known && options.known_at != 0) refuse("known_at is set, but the flag that announces it is not.");
    use_context(options.context);
    monitor::Options clock;
    clock.as_of = need_instant(options.as_of, "as_of");
    clock.known_at = known ? need_instant(options.known_at, "known_at") : clock.as_of;
    return clock;
}

evaluate::VerdictMask verdicts_of(std::uint32_t given) {
    if ((given & ~evaluate::k_all_verdicts) != 0)
        refuse("verdicts has bits that stand for no verdict of this version.");
    return given == 0 ? evaluate::k_default_verdicts : given;
}

monitor::Query query_of(const duecare_monitor_query* given) {
    const duecare_monitor_query asked =
        need_options(given, DUECARE_MONITOR_QUERY_SIZE_0_1, DUECARE_MONITOR_DUE_UNTIL);
    if (asked.reserved != 0) refuse("reserved must be 0.");
    monitor::Query query;
    query.verdicts = verdicts_of(asked.verdicts);
    const auto text = [](const char* data, std::size_t length, const char* name) {
        const std::string_view view = need_text(data, length, name);
        return data == nullptr ? std::nullopt : std::optional<std::string>(view);
    };
    query.case_id = text(asked.case_id, asked.case_id_length, "case_id");
    query.person = text(asked.key, asked.key_length, "key");
    query.owner = text(asked.owner, asked.owner_length, "owner");
    if ((asked.flags & DUECARE_MONITOR_DUE_UNTIL) != 0) {
        query.due_until = need_instant(asked.due_until, "due_until");
    } else if (asked.due_until != 0) {
        refuse("due_until is set, but the flag that announces it is not.");
    }
    return query;
}

std::unique_ptr<duecare_result> audit(monitor::Monitor& monitor, const std::optional<std::string>& case_id,
                                      std::uint32_t verdicts) {
    records::ReaderOptions reading;
    reading.open_corrections = true;
    auto caseload = std::make_shared<CaseloadState>(reading);
    caseload->reader.begin("monitor");
    caseload->reader.push(monitor.documents(case_id));
    caseload->reader.finish();
    auto state = std::make_shared<ResultState>(caseload);
    evaluate::Options options;
    options.as_of = monitor.as_of();
    options.known_at = monitor.known_at();
    options.verdicts = verdicts_of(verdicts);
    state->result = evaluate::audit(monitor.policy(), state->lease.caseload(), options);
    if (case_id) {
        const records::Caseload& cases = caseload->caseload;
        std::erase_if(state->result.findings, [&](const evaluate::Finding& finding) {
            return cases.strings.view(cases.cases[finding.case_index].id) != *case_id;
        });
    }
    auto result = std::make_unique<duecare_result>();
    result->state = std::move(state);
    return result;
}

const monitor::Monitor* find(const duecare_monitor* monitor) noexcept {
    return is(monitor) ? &monitor->monitor : nullptr;
}

const monitor::Change* find(const duecare_changes* changes, std::uint64_t index) noexcept {
    return is(changes) && index < changes->changes.size() ? &changes->changes[index] : nullptr;
}

const char* text_of(const duecare_changes* changes, std::uint64_t index,
                    std::optional<std::string> monitor::Obligation::*member, std::size_t* length) noexcept {
    const monitor::Change* change = find(changes, index);
    if (change == nullptr || !(change->now.*member)) return give_nothing(length);
    return give(*(change->now.*member), length);
}

template <typename T>
T field_of(const duecare_changes* changes, std::uint64_t index, T monitor::Obligation::*member,
           T nothing) noexcept {
    const monitor::Change* change = find(changes, index);
    return change == nullptr ? nothing : change->now.*member;
}

}  // namespace

duecare_status duecare_monitor_options_init(duecare_monitor_options* options, size_t size) noexcept {
    return init_options(options, size, DUECARE_MONITOR_OPTIONS_SIZE_0_1);
}

duecare_status duecare_monitor_new(const duecare_policy* policy, const duecare_monitor_options* options,
                                   duecare_monitor** out_monitor, duecare_error** error) noexcept {
    return make(out_monitor, error, [&] {
        const monitor::Options clock = clock_of(options);
        return std::make_unique<duecare_monitor>(monitor::Monitor(need(policy, "policy").policy, clock));
    });
}

duecare_status duecare_monitor_push_event(duecare_monitor* monitor, const char* case_id,
                                          size_t case_id_length, const char* json, size_t json_length,
                                          duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& to) {
        const std::string_view id = need_bytes(case_id, case_id_length, "case_id");
        return to.push_event(id, need_bytes(json, json_length, "json"));
    });
}

duecare_status duecare_monitor_push_document(duecare_monitor* monitor, const char* json, size_t json_length,
                                             duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& to) {
        return to.push_document(need_bytes(json, json_length, "json"));
    });
}

duecare_status duecare_monitor_add_document(duecare_monitor* monitor, duecare_document* document,
                                            duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& to) {
        return to.push_document(need(document, "document").builder.finish());
    });
}

duecare_status duecare_monitor_set_clock(duecare_monitor* monitor, int64_t as_of, int64_t known_at,
                                         duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& to) {
        return to.set_clock(need_instant(as_of, "as_of"), need_instant(known_at, "known_at"));
    });
}

duecare_status duecare_monitor_drop_case(duecare_monitor* monitor, const char* case_id, size_t case_id_length,
                                         duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& to) {
        return to.drop_case(need_bytes(case_id, case_id_length, "case_id"));
    });
}

int64_t duecare_monitor_get_as_of(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? DUECARE_INSTANT_NONE : found->as_of();
}

int64_t duecare_monitor_get_known_at(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? DUECARE_INSTANT_NONE : found->known_at();
}

int64_t duecare_monitor_get_next_due(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? DUECARE_INSTANT_NONE : found->next_due().value_or(DUECARE_INSTANT_NONE);
}

uint64_t duecare_monitor_count_cases(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? 0 : found->case_count();
}

uint64_t duecare_monitor_count_events(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? 0 : found->event_count();
}

uint64_t duecare_monitor_get_memory(const duecare_monitor* monitor) noexcept {
    const monitor::Monitor* found = find(monitor);
    return found == nullptr ? 0 : found->memory();
}

duecare_status duecare_monitor_query_init(duecare_monitor_query* query, size_t size) noexcept {
    return init_options(query, size, DUECARE_MONITOR_QUERY_SIZE_0_1);
}

duecare_status duecare_monitor_list(duecare_monitor* monitor, const duecare_monitor_query* query,
                                    duecare_changes** out_changes, duecare_error** error) noexcept {
    return tell(monitor, out_changes, error, [&](monitor::Monitor& from) {
        Pushed listed;
        for (monitor::Obligation& one : from.list(query_of(query)))
            listed.emplace_back().now = std::move(one);
        return listed;
    });
}

duecare_status duecare_monitor_audit(duecare_monitor* monitor, const char* case_id, size_t case_id_length,
                                     uint32_t verdicts, duecare_result** out_result,
                                     duecare_error** error) noexcept {
    return make(out_result, error, [&] {
        const std::string_view id = need_bytes(case_id, case_id_length, "case_id");
        return audit(need(monitor, "monitor").monitor,
                     case_id == nullptr ? std::nullopt : std::optional<std::string>(id), verdicts);
    });
}

duecare_status duecare_monitor_snapshot(duecare_monitor* monitor, duecare_text* into,
                                        duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) { text = need(monitor, "monitor").monitor.snapshot(); });
}

duecare_status duecare_monitor_restore(const duecare_policy* policy, const void* data, size_t length,
                                       duecare_monitor** out_monitor, duecare_error** error) noexcept {
    return make(out_monitor, error, [&] {
        const std::string_view bytes = need_bytes(data, length, "data");
        auto restored = std::make_unique<duecare_monitor>(
            monitor::Monitor::restore(need(policy, "policy").policy, bytes));
        LogLine(DUECARE_LOG_INFO, "monitor.restored")
            .add("policy", restored->monitor.policy()->program().id)
            .add("cases", restored->monitor.case_count())
            .add("events", restored->monitor.event_count());
        return restored;
    });
}

void duecare_monitor_free(duecare_monitor* monitor) noexcept {
    if (is(monitor)) delete monitor;
}

// ---- changes

uint64_t duecare_changes_count(const duecare_changes* changes) noexcept {
    return is(changes) ? changes->changes.size() : 0;
}

uint32_t duecare_changes_get_what(const duecare_changes* changes, uint64_t index) noexcept {
    const monitor::Change* change = find(changes, index);
    return change == nullptr ? 0 : change->what;
}

const char* duecare_changes_get_case_id(const duecare_changes* changes, uint64_t index,
                                        size_t* out_length) noexcept {
    const monitor::Change* change = find(changes, index);
    return change == nullptr ? give_nothing(out_length) : give(change->now.case_id, out_length);
}

const char* duecare_changes_get_duty_id(const duecare_changes* changes, uint64_t index,
                                        size_t* out_length) noexcept {
    const monitor::Change* change = find(changes, index);
    if (change == nullptr) return give_nothing(out_length);
    return give(changes->policy->program().duties[change->now.duty].id, out_length);
}

const char* duecare_changes_get_key(const duecare_changes* changes, uint64_t index,
                                    size_t* out_length) noexcept {
    return text_of(changes, index, &monitor::Obligation::key, out_length);
}

duecare_verdict duecare_changes_get_verdict(const duecare_changes* changes, uint64_t index) noexcept {
    const monitor::Change* change = find(changes, index);
    return change == nullptr ? -1 : static_cast<duecare_verdict>(change->now.verdict);
}

duecare_verdict duecare_changes_get_verdict_before(const duecare_changes* changes, uint64_t index) noexcept {
    const monitor::Change* change = find(changes, index);
    if (change == nullptr || !change->verdict_before) return -1;
    return static_cast<duecare_verdict>(*change->verdict_before);
}

int64_t duecare_changes_get_opened_at(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::opened_at, DUECARE_INSTANT_NONE);
}

int64_t duecare_changes_get_due_at(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::due_at, DUECARE_INSTANT_NONE);
}

int64_t duecare_changes_get_due_before(const duecare_changes* changes, uint64_t index) noexcept {
    const monitor::Change* change = find(changes, index);
    return change == nullptr ? DUECARE_INSTANT_NONE : change->due_before;
}

int64_t duecare_changes_get_ended_at(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::ended_at, DUECARE_INSTANT_NONE);
}

int64_t duecare_changes_get_overdue_seconds(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::overdue_seconds, std::int64_t{0});
}

int64_t duecare_changes_get_elapsed_seconds(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::elapsed_seconds, std::int64_t{0});
}

const char* duecare_changes_get_trigger_event(const duecare_changes* changes, uint64_t index,
                                              size_t* out_length) noexcept {
    return text_of(changes, index, &monitor::Obligation::trigger_event, out_length);
}

const char* duecare_changes_get_ending_event(const duecare_changes* changes, uint64_t index,
                                             size_t* out_length) noexcept {
    return text_of(changes, index, &monitor::Obligation::ending_event, out_length);
}

uint32_t duecare_changes_get_flags(const duecare_changes* changes, uint64_t index) noexcept {
    return field_of(changes, index, &monitor::Obligation::flags, std::uint8_t{0});
}

const char* duecare_changes_get_owner(const duecare_changes* changes, uint64_t index,
                                      size_t* out_length) noexcept {
    return text_of(changes, index, &monitor::Obligation::owner, out_length);
}

const char* duecare_changes_get_reason(const duecare_changes* changes, uint64_t index,
                                       size_t* out_length) noexcept {
    return text_of(changes, index, &monitor::Obligation::reason, out_length);
}

duecare_status duecare_changes_export_json(const duecare_changes* changes, duecare_text* into,
                                           duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const duecare_changes& told = need(changes, "changes");
        for (const monitor::Change& change : told.changes) {
            monitor::append_json(text, told.policy->program(), change);
            text += '\n';
        }
    });
}

void duecare_changes_free(duecare_changes* changes) noexcept {
    if (is(changes)) delete changes;
}
