#include "sampling/sample.hpp"

#include "base/text.hpp"
#include "capi/guard.hpp"
#include "capi/log.hpp"
#include "sampling/manifest.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

constexpr const char* k_software = "duecare " DUECARE_VERSION_STRING;

std::shared_ptr<const sampling::Frame> need_finished(const duecare_frame* frame) {
    const auto& here = need(frame, "frame").frame;
    if (!here->finished()) {
        throw Error(Status::invalid_state,
                    "The frame is not finished; call duecare_frame_finish when all units are in it.");
    }
    return here;
}

template <typename Change>
void change(duecare_sample* sample, Change change) {
    duecare_sample& here = need(sample, "sample");
    auto changed = std::make_shared<sampling::Sample>(*here.sample);
    change(*changed);
    here.take(std::move(changed));
}

const duecare_sample::Unit* at(const duecare_sample* sample, uint64_t unit) noexcept {
    return is(sample) && unit < sample->units.size() ? &sample->units[unit] : nullptr;
}

std::string to_json(const std::vector<sampling::Difference>& differences) {
    std::string out = "[";
    for (const sampling::Difference& difference : differences) {
        out += out.size() == 1 ? "\n {\"pointer\": " : ",\n {\"pointer\": ";
        append_json_string(out, difference.pointer);
        out += ", \"stated\": " + (difference.stated.empty() ? "null" : difference.stated);
        out += ", \"derived\": " + (difference.derived.empty() ? "null" : difference.derived);
        out += ", \"message\": ";
        append_json_string(out, difference.message);
        out += '}';
    }
    return out + (differences.empty() ? "]\n" : "\n]\n");
}

}  // namespace

void duecare_sample::take(std::shared_ptr<sampling::Sample> drawn) {
    std::vector<Unit> now;
    std::vector<std::optional<std::string>> next;
    const sampling::Frame& frame = drawn->frame();
    for (const sampling::GroupSample& group : drawn->groups()) {
        for (const sampling::Drawn& one : group.drawn) {
            Unit unit;
            unit.id = frame.id(one.unit);
            unit.ticket = to_hex(drawn->ticket(one.unit));
            unit.stratum = frame.strata()[frame.stratum_of(one.unit)].name;
            unit.rank = one.rank;
            unit.pi = sampling::to_double(one.pi);
            unit.stage = one.stage;
            unit.flags = (one.certainty ? DUECARE_UNIT_CERTAINTY : 0U) |
                         (one.in_scope ? 0U : DUECARE_UNIT_OUT_OF_SCOPE);
            now.push_back(std::move(unit));
        }
        next.emplace_back();
        if (group.next) next.back() = std::string(frame.id(*group.next));
    }
    sample = std::move(drawn);
    units = std::move(now);
    next_ids = std::move(next);
}

duecare_status duecare_sample_draw(const duecare_frame* frame, const char* plan, size_t plan_length,
                                   const char* seed, size_t seed_length, const char* origin,
                                   size_t origin_length, duecare_sample** out_sample,
                                   duecare_error** error) noexcept {
    return make(out_sample, error, [&] {
        auto drawn = std::make_unique<duecare_sample>(std::make_shared<sampling::Sample>(
            need_finished(frame), sampling::read_plan(need_text(plan, plan_length, "plan")),
            need_bytes(seed, seed_length, "seed"), std::string(need_text(origin, origin_length, "origin"))));
        LogLine(DUECARE_LOG_INFO, "sample.drawn").add("units", drawn->units.size());
        return drawn;
    });
}

duecare_status duecare_sample_derive(const duecare_frame* frame, const char* manifest, size_t manifest_length,
                                     duecare_sample** out_sample, duecare_error** error) noexcept {
    return make(out_sample, error, [&] {
        return std::make_unique<duecare_sample>(std::make_shared<sampling::Sample>(
            sampling::derive(need_text(manifest, manifest_length, "manifest"), need_finished(frame))));
    });
}

duecare_status duecare_sample_extend(duecare_sample* sample, const char* to, size_t to_length,
                                     const char* reason, size_t reason_length,
                                     duecare_error** error) noexcept {
    return guard(error, [&] {
        change(sample, [&](sampling::Sample& here) {
            here.extend(need_text(to, to_length, "to"), need_text(reason, reason_length, "reason"));
        });
    });
}

duecare_status duecare_sample_replace(duecare_sample* sample, const char* id, size_t id_length,
                                      const char* reason, size_t reason_length,
                                      duecare_error** error) noexcept {
    return guard(error, [&] {
        change(sample, [&](sampling::Sample& here) {
            here.mark_out_of_scope(need_text(id, id_length, "id"),
                                   need_text(reason, reason_length, "reason"));
        });
    });
}

uint64_t duecare_sample_count_units(const duecare_sample* sample) noexcept {
    return is(sample) ? sample->units.size() : 0;
}

const char* duecare_sample_get_unit_id(const duecare_sample* sample, uint64_t unit,
                                       size_t* out_length) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? give_nothing(out_length) : give(here->id, out_length);
}

const char* duecare_sample_get_unit_ticket(const duecare_sample* sample, uint64_t unit,
                                           size_t* out_length) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? give_nothing(out_length) : give(here->ticket, out_length);
}

const char* duecare_sample_get_unit_stratum(const duecare_sample* sample, uint64_t unit,
                                            size_t* out_length) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? give_nothing(out_length) : give(here->stratum, out_length);
}

uint64_t duecare_sample_get_unit_rank(const duecare_sample* sample, uint64_t unit) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? 0 : here->rank;
}

double duecare_sample_get_unit_pi(const duecare_sample* sample, uint64_t unit) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? 0 : here->pi;
}

uint32_t duecare_sample_get_unit_stage(const duecare_sample* sample, uint64_t unit) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? 0 : here->stage;
}

uint32_t duecare_sample_get_unit_flags(const duecare_sample* sample, uint64_t unit) noexcept {
    const auto* here = at(sample, unit);
    return here == nullptr ? 0 : here->flags;
}

uint64_t duecare_sample_count_groups(const duecare_sample* sample) noexcept {
    return is(sample) ? sample->next_ids.size() : 0;
}

const char* duecare_sample_get_group_next_id(const duecare_sample* sample, uint64_t group,
                                             size_t* out_length) noexcept {
    if (group >= duecare_sample_count_groups(sample) || !sample->next_ids[group])
        return give_nothing(out_length);
    return give(*sample->next_ids[group], out_length);
}

duecare_status duecare_sample_export_manifest(const duecare_sample* sample, duecare_text* into,
                                              duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = sampling::write_manifest(*need(sample, "sample").sample, k_software);
    });
}

duecare_status duecare_sample_verify(const duecare_frame* frame, const char* manifest, size_t manifest_length,
                                     uint64_t* out_count, duecare_text* into,
                                     duecare_error** error) noexcept {
    if (out_count != nullptr) *out_count = 0;
    return write(into, error, [&](std::string& text) {
        if (out_count == nullptr) refuse("out_count is NULL.");
        const auto differences =
            sampling::verify(need_text(manifest, manifest_length, "manifest"), need_finished(frame));
        text = to_json(differences);
        *out_count = differences.size();
    });
}

void duecare_sample_free(duecare_sample* sample) noexcept {
    if (is(sample)) delete sample;
}
