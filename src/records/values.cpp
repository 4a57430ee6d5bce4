// The values of a document: strings, dates, numbers, by the place where they stand.
#include <charconv>

#include "base/text.hpp"
#include "records/handler.hpp"

namespace duecare::records {

namespace {

/// Quotes text only if nothing but a date or an instant can hide in it: reasons show no personal values.
std::string quoted_date(std::string_view text) {
    constexpr std::size_t k_longest = 40;
    constexpr std::string_view k_allowed = "0123456789-+:.,TtZz /";
    if (text.size() > k_longest || text.find_first_not_of(k_allowed) != std::string_view::npos)
        return "the text";
    return "\"" + std::string(text) + "\"";
}

}  // namespace

bool Handler::other_string(std::string_view text, ErrorCode& ec) {
    switch (slot_) {
        case Slot::event_actor: {
            StringId id = k_no_string;
            if (!take_id(text, id, ec)) return false;
            event_.actor = plain_actor(id);
            return true;
        }
        case Slot::event_subject:
            into_.subjects.push_back(into_.strings.intern(text));
            return true;
        case Slot::event_replaces:
            event_.replaces = into_.strings.intern(text);
            return true;
        case Slot::attribute_item:
            add_item(ValueKind::string).string = value_string(text);
            return true;
        case Slot::format:
            return take_format(text, ec);
        case Slot::case_id:
            return take_id(text, case_.id, ec);
        case Slot::case_kind:
            case_.kind = into_.strings.intern(text);
            return true;
        case Slot::person_id:
            return take_id(text, person_.id, ec);
        case Slot::person_role:
            into_.person_roles.push_back(into_.strings.intern(text));
            return true;
        case Slot::person_born:
            return take_born(text, ec);
        case Slot::actor_id:
            return take_id(text, actor_.id, ec);
        case Slot::actor_rank:
            actor_.rank = into_.strings.intern(text);
            return true;
        case Slot::actor_unit:
            actor_.unit = into_.strings.intern(text);
            return true;
        case Slot::actor_accreditation:
            into_.actor_accreditations.push_back(into_.strings.intern(text));
            return true;
        case Slot::member_id:
            return take_id(text, member_.id, ec);
        case Slot::service_from:
            return take_date(text, service_.from, ec);
        case Slot::service_until:
            return take_date(text, service_.until, ec);
        case Slot::service_rank:
            service_.rank = into_.strings.intern(text);
            return true;
        case Slot::service_unit:
            service_.unit = into_.strings.intern(text);
            return true;
        case Slot::service_accreditation:
            into_.service_accreditations.push_back(into_.strings.intern(text));
            return true;
        case Slot::unknown:
            return true;
        default:
            return fail_type(ec, "a string");
    }
}

bool Handler::take_format(std::string_view text, ErrorCode& ec) {
    const bool is_staff = text == "duecare.staff/1";
    if (!is_staff && text != "duecare.case/1") {
        format_seen_ = true;
        return fail(ec, unknown_format(text));
    }
    if (is_staff && !decided_ && (top_->seen != field_bit(Slot::format) || !loose_keys_.empty())) {
        undecided_ = true;  // keys before this one were read as those of a case
        return stop(ec);
    }
    format_seen_ = true;
    kind_ = is_staff ? DocumentKind::staff : DocumentKind::case_history;
    return true;
}

bool Handler::take_id(std::string_view text, StringId& to, ErrorCode& ec) {
    if (text.empty()) return fail(ec, "\"" + std::string(info(slot_).key) + "\" is empty.");
    to = into_.strings.intern(text);
    return true;
}

bool Handler::take_stamp(std::string_view text, time::Stamp& to, ErrorCode& ec) {
    const char* why = nullptr;
    const auto stamp = time::parse_stamp(text, &why);
    if (stamp) {
        to = *stamp;
        return true;
    }
    std::string reason = "\"" + std::string(info(slot_).key) + "\": " + quoted_date(text) + " is no instant";
    if (why != nullptr) reason.append(" (").append(why).append(")");
    return fail(ec, reason + "; expected one such as 2022-03-01T09:15:00Z, or a date.");
}

bool Handler::take_date(std::string_view text, time::Day& to, ErrorCode& ec) {
    const auto day = time::parse_date(text);
    if (!day) {
        return fail(ec, "\"" + std::string(info(slot_).key) + "\": " + quoted_date(text) +
                            " is no date; expected YYYY-MM-DD, of a day that exists.");
    }
    to = *day;
    return true;
}

bool Handler::take_born(std::string_view text, ErrorCode& ec) {
    const auto born = time::parse_partial_date(text);
    if (!born)
        return fail(ec, "\"born\" is no date; expected YYYY-MM-DD, YYYY-MM or YYYY, of a day that exists.");
    person_.born = *born;
    return true;
}

ActorId Handler::plain_actor(StringId id) {
    ActorId& recent = recent_actors_[id & (recent_actors_.size() - 1)];
    if (recent < into_.actors.size()) {
        const Actor& known = into_.actors[recent];
        if (known.id == id && known.rank == k_no_string && known.unit == k_no_string &&
            !known.has_accreditations) {
            return recent;
        }
    }
    Actor made;
    made.id = id;
    recent = size32(into_.actors.size());
    into_.actors.push_back(made);
    return recent;
}

StringId Handler::positional_id(std::size_t position) {
    while (positional_.size() <= position) {
        positional_.push_back(into_.strings.intern(positional_name(positional_.size())));
    }
    return positional_[position];
}

Value& Handler::add_item(ValueKind kind) {
    Value& made = into_.list_items.emplace_back();
    made.kind = kind;
    return made;
}

bool Handler::scalar(const Value& value, std::string_view found, ErrorCode& ec) {
    ++top_->items;
    switch (slot_) {
        case Slot::attribute:
            add_attribute(value.kind).integer = value.integer;
            return true;
        case Slot::attribute_item:
            into_.list_items.push_back(value);
            return true;
        case Slot::unknown:
            return true;
        case Slot::event_withdrawn:
            if (value.kind != ValueKind::boolean) return fail_type(ec, found);
            event_.withdrawn = value.boolean;
            return true;
        default:
            return fail_type(ec, found);
    }
}

bool Handler::on_int64(std::int64_t number, View, ErrorCode& ec) {
    Value value;
    value.integer = number;
    value.kind = ValueKind::integer;
    return scalar(value, "a number", ec);
}

bool Handler::on_uint64(std::uint64_t number, View, ErrorCode& ec) {
    Value value;
    value.decimal = static_cast<double>(number);
    value.kind = ValueKind::decimal;
    return scalar(value, "a number", ec);
}

bool Handler::on_double(double, View text, ErrorCode& ec) {
    // The parser's own reading is off by an ulp or more for some decimals.
    Value value;
    value.kind = ValueKind::decimal;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value.decimal);
    if (read.ec != std::errc()) {
        ++top_->items;
        return fail(ec, std::string(k_number_range));
    }
    return scalar(value, "a number", ec);
}

bool Handler::on_bool(bool truth, ErrorCode& ec) {
    Value value;
    value.boolean = truth;
    value.kind = ValueKind::boolean;
    return scalar(value, truth ? "true" : "false", ec);
}

bool Handler::on_null(ErrorCode& ec) {
    return scalar(Value(), "null", ec);
}

}  // namespace duecare::records
