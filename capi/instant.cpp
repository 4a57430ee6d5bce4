#include "time/instant.hpp"
#include "capi/guard.hpp"
#include "policy/program.hpp"

using namespace duecare::capi;
namespace dt = duecare::time;

namespace {

dt::Stamp parse(std::string_view text) {
    const char* why = nullptr;
    const std::optional<dt::Stamp> stamp = dt::parse_stamp(text, &why);
    if (stamp) return *stamp;
    refuse(std::string("This is no instant") + (why == nullptr ? "" : std::string(": ") + why) +
           "; expected is YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS with Z or an offset like +01:00.");
}

dt::Instant in_zone(const dt::Stamp& stamp, const dt::Zone& zone, duecare_day_edge edge) {
    switch (stamp.precision) {
        case dt::Precision::exact:
            return stamp.micros;
        case dt::Precision::local:
            return zone.to_instant(stamp.micros);
        case dt::Precision::day:
            break;
    }
    // Local midnight divides without remainder.
    const auto day = static_cast<dt::Day>(stamp.micros / dt::k_micros_per_day);
    return edge == DUECARE_DAY_START ? zone.start_of_day(day) : zone.end_of_day(day);
}

std::string with_offset(dt::Instant instant, const dt::Zone& zone) {
    const std::int64_t local = zone.to_local(instant);
    const std::int64_t offset = local - instant;
    if (offset % dt::k_micros_per_minute != 0 || local < dt::k_first_instant || local > dt::k_last_instant) {
        return dt::format_instant(instant);
    }
    std::string out = dt::format_instant(local);
    out.pop_back();  // Z
    const std::int64_t minutes = (offset < 0 ? -offset : offset) / dt::k_micros_per_minute;
    const auto two_digits = [&out](std::int64_t value) {
        out += static_cast<char>('0' + value / 10 % 10);
        out += static_cast<char>('0' + value % 10);
    };
    out += offset < 0 ? '-' : '+';
    two_digits(minutes / 60);
    out += ':';
    two_digits(minutes % 60);
    return out;
}

}  // namespace

duecare_status duecare_policy_parse_instant(const duecare_policy* policy, const char* text, size_t length,
                                            duecare_day_edge edge, int64_t* out_instant,
                                            duecare_error** error) noexcept {
    if (out_instant != nullptr) *out_instant = DUECARE_INSTANT_NONE;
    return guard(error, [&] {
        const duecare_policy& here = need(policy, "policy");
        if (out_instant == nullptr) refuse("out_instant is NULL.");
        if (edge != DUECARE_DAY_START && edge != DUECARE_DAY_END) {
            refuse("edge is neither DUECARE_DAY_START nor DUECARE_DAY_END.");
        }
        const dt::Stamp stamp = parse(need_bytes(text, length, "text"));
        *out_instant = need_instant(in_zone(stamp, here.policy->program().reckoning.zone, edge), "The text");
    });
}

duecare_status duecare_policy_format_instant(const duecare_policy* policy, int64_t instant,
                                             duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const duecare_policy& here = need(policy, "policy");
        text = with_offset(need_instant(instant, "instant"), here.policy->program().reckoning.zone);
    });
}

duecare_status duecare_instant_parse(const char* text, size_t length, int64_t* out_instant,
                                     duecare_error** error) noexcept {
    if (out_instant != nullptr) *out_instant = DUECARE_INSTANT_NONE;
    return guard(error, [&] {
        if (out_instant == nullptr) refuse("out_instant is NULL.");
        const dt::Stamp stamp = parse(need_bytes(text, length, "text"));
        if (stamp.precision != dt::Precision::exact) {
            refuse(
                "An offset is missing (Z, +01:00); use duecare_policy_parse_instant for times of a policy's "
                "zone.");
        }
        *out_instant = need_instant(stamp.micros, "The text");
    });
}

duecare_status duecare_instant_format(int64_t instant, duecare_text* into, duecare_error** error) noexcept {
    return write(into, error,
                 [&](std::string& text) { text = dt::format_instant(need_instant(instant, "instant")); });
}
