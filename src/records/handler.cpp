#include "records/handler.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::records {

std::string unknown_format(std::string_view format) {
    constexpr std::size_t k_longest = 40;
    const bool ours = format.size() <= k_longest && format.starts_with("duecare.");
    return "The format " + (ours ? "\"" + std::string(format) + "\" " : std::string()) +
           "is not known; expected \"duecare.case/1\" or \"duecare.staff/1\".";
}

std::string too_deep(std::uint32_t nesting) {
    return "Objects and arrays are nested deeper than the limit of " + std::to_string(nesting) + ".";
}

std::string document_over_limit(std::uint64_t bytes) {
    return "The document is longer than the limit of " + std::to_string(bytes) + " bytes.";
}

std::string positional_name(std::size_t position) {
    std::string name(1, '#');
    append_integer(name, static_cast<std::int64_t>(position) + 1);
    return name;
}

Marks mark(const Caseload& c) noexcept {
    return {c.cases.size(),
            c.persons.size(),
            c.person_roles.size(),
            c.attributes.size(),
            c.list_items.size(),
            c.actors.size(),
            c.actor_accreditations.size(),
            c.corrections.size(),
            c.event_count(),
            c.subjects.size(),
            c.services.size(),
            c.service_accreditations.size()};
}

void roll_back(Caseload& c, const Marks& marks) {
    c.cases.resize(marks.cases);
    c.persons.resize(marks.persons);
    c.person_roles.resize(marks.person_roles);
    c.attributes.resize(marks.attributes);
    c.list_items.resize(marks.list_items);
    c.actors.resize(marks.actors);
    c.actor_accreditations.resize(marks.actor_accreditations);
    c.corrections.resize(marks.corrections);
    c.event_id.resize(marks.events);
    c.event_type.resize(marks.events);
    c.event_occurred.resize(marks.events);
    c.event_recorded.resize(marks.events);
    c.event_flags.resize(marks.events);
    c.event_actor.resize(marks.events);
    c.event_attributes.resize(marks.events);
    c.event_subjects.resize(marks.events + 1);
    c.subjects.resize(marks.subjects);
    c.services.resize(marks.services);
    c.service_accreditations.resize(marks.service_accreditations);
}

Handler::Handler(Caseload& into, const ReaderOptions& options) : into_(into), options_(options) {
    if (options.limits.nesting == 0 || options.limits.nesting > k_most_nesting) {
        throw Error(Status::invalid_argument, "The nesting limit must be between 1 and " +
                                                  std::to_string(k_most_nesting) + ", and is " +
                                                  std::to_string(options.limits.nesting) + ".");
    }
    frames_.resize(options.limits.nesting + std::size_t{2});
    path_owner_.resize(into.paths.size(), 0);
}

void Handler::begin(DocumentKind kind, bool decided) {
    kind_ = kind;
    decided_ = decided;
    format_seen_ = undecided_ = failed_ = has_part_ = case_id_is_new_ = false;
    part_.clear();
    top_ = frames_.data();
    *top_ = {};
    slot_ = Slot::document;
    case_ = {};
    marks_ = mark(into_);
    replacements_.clear();
    members_.clear();
    loose_keys_.clear();
}

void Handler::abandon() {
    roll_back(into_, marks_);
    if (!unknown_pending_) return;
    for (UnknownEntry& entry : unknown_) entry.pending = 0;
    unknown_pending_ = false;
}

std::string Handler::case_id() const {
    return case_.id == k_no_string ? std::string() : std::string(into_.strings.view(case_.id));
}

std::string Handler::pointer() const {
    std::string pointer;
    for (const Frame* frame = frames_.data() + 1; frame <= top_; ++frame) {
        const Slot child = frame < top_ ? frame[1].slot : slot_;
        if (child == Slot::none) break;
        if (frame->is_array) {
            if (frame->items == 0) break;
            append_pointer(pointer, frame->items - std::size_t{1});
        } else if (child == Slot::attribute) {
            const PathId path = frame < top_ ? frame[1].path : path_;
            append_pointer(pointer, into_.strings.view(into_.paths.key(path)));
        } else if (child == Slot::unknown) {
            if (frame->loose_keys < loose_keys_.size()) {
                const std::size_t last =
                    frame < top_ ? frame[1].loose_keys - std::size_t{1} : loose_keys_.size() - 1;
                append_pointer(pointer, into_.strings.view(loose_keys_[last]));
            }
        } else {
            append_pointer(pointer, info(child).key);
        }
    }
    return pointer;
}

bool Handler::stop(ErrorCode& ec) {
    ec = boost::json::error::exception;
    return false;
}

bool Handler::fail(ErrorCode& ec, std::string reason) {
    failed_ = true;
    if (!format_seen_ && !decided_) undecided_ = true;
    refusal_ = {pointer(), std::move(reason)};
    return stop(ec);
}

bool Handler::refuse(std::string pointer, std::string reason) {
    failed_ = true;
    refusal_ = {std::move(pointer), std::move(reason)};
    return false;
}

bool Handler::fail_type(ErrorCode& ec, std::string_view found) {
    const SlotInfo& slot = info(slot_);
    std::string reason = slot.key.empty() ? std::string("Found ") : "\"" + std::string(slot.key) + "\" is ";
    reason.append(found).append("; expected ").append(slot.expected).append(".");
    if (found == "null") reason.append(" Leave the key out when there is no value.");
    return fail(ec, std::move(reason));
}

bool Handler::fail_twice(ErrorCode& ec, std::string_view key) {
    return fail(ec, "The key \"" + std::string(key) + "\" stands twice in one object.");
}

bool Handler::fail_string_limit(ErrorCode& ec) {
    return fail(ec, "A string is longer than the limit of " + std::to_string(options_.limits.string_bytes) +
                        " bytes.");
}

bool Handler::require_field(std::uint32_t seen, Slot field, ErrorCode& ec) {
    if ((seen & field_bit(field)) != 0) return true;
    slot_ = Slot::none;
    return fail(ec, "\"" + std::string(info(field).key) + "\" is missing; it is required here.");
}

bool Handler::check_loose_keys(const Frame& frame, ErrorCode& ec) {
    const auto begin = loose_keys_.begin() + frame.loose_keys;
    std::sort(begin, loose_keys_.end());
    const auto twice = std::adjacent_find(begin, loose_keys_.end());
    if (twice == loose_keys_.end()) return true;
    const std::string_view key = into_.strings.view(*twice);
    slot_ = Slot::none;
    fail_twice(ec, key);
    append_pointer(refusal_.pointer, key);
    return false;
}

bool Handler::unknown_key(std::string_view key, ErrorCode& ec) {
    const Slot record = top_->slot;
    slot_ = Slot::unknown;
    const StringId id = into_.strings.intern(key);
    loose_keys_.push_back(id);
    if (record == Slot::unknown) return true;
    if (record == Slot::document && !format_seen_ && !decided_ && key == info(Slot::staff).key) {
        undecided_ = true;
        return stop(ec);
    }
    if (options_.strict) {
        return fail(ec, "The key \"" + std::string(key) + "\" is not known in this object." +
                            suggestion(key, known_keys(record, kind_)));
    }
    const std::uint64_t place = (std::uint64_t{static_cast<std::uint8_t>(record)} << 40U) |
                                (std::uint64_t{static_cast<std::uint8_t>(kind_)} << 32U) | id;
    const auto [at, added] = unknown_index_.try_emplace(place, size32(unknown_.size()));
    if (added) unknown_.push_back({0, {}, record, kind_, id, nullptr});
    UnknownEntry& entry = unknown_[at->second];
    if (entry.pending++ == 0 && entry.reported == nullptr) entry.pointer = pointer();
    unknown_pending_ = true;
    return true;
}

bool Handler::on_array_begin(ErrorCode& ec) {
    ++top_->items;
    const SlotInfo& slot = info(slot_);
    switch (slot.array) {
        case Opens::items:
            switch (slot_) {
                case Slot::attribute:
                    add_attribute(ValueKind::list).list = {size32(into_.list_items.size()), 0};
                    break;
                case Slot::actor_accreditations:
                    actor_.has_accreditations = true;
                    break;
                case Slot::service_accreditations:
                    service_.has_accreditations = true;
                    break;
                default:
                    break;
            }
            push(true, slot.item, path_);
            return true;
        case Opens::unknown:
            push(true, Slot::unknown, k_root_path);
            return true;
        default:
            return fail_type(ec, "an array");
    }
}

bool Handler::on_array_end(std::size_t, ErrorCode&) {
    if (top_->slot == Slot::attribute) {
        ListRange& list = into_.attributes.back().list;
        list.count = size32(into_.list_items.size()) - list.begin;
    }
    pop();
    return true;
}

bool Handler::open_record(ErrorCode& ec) {
    switch (slot_) {
        case Slot::event:
            if (into_.event_count() - marks_.events >= options_.limits.events_per_case) {
                return fail(ec, "The case has more events than the limit of " +
                                    std::to_string(options_.limits.events_per_case) + ".");
            }
            event_ = {k_no_string, k_no_string, k_no_string, {}, {}, k_no_actor, {}, false};
            break;
        case Slot::person:
            person_ = {};
            person_.roles.begin = person_.roles.end = size32(into_.person_roles.size());
            break;
        case Slot::event_actor:
            actor_ = {};
            actor_.accreditations.begin = size32(into_.actor_accreditations.size());
            break;
        case Slot::member:
            member_ = {k_no_string, {size32(into_.services.size()), 0}};
            break;
        case Slot::service:
            service_ = {};
            service_.accreditations.begin = size32(into_.service_accreditations.size());
            break;
        default:
            break;
    }
    push(false, Slot::none, k_root_path);
    return true;
}

bool Handler::close_record(ErrorCode& ec) {
    bool good = true;
    switch (top_->slot) {
        case Slot::event:
            good = close_event(ec);
            break;
        case Slot::person:
            good = close_person(ec);
            break;
        case Slot::event_actor:
            actor_.accreditations.end = size32(into_.actor_accreditations.size());
            event_.actor = size32(into_.actors.size());
            into_.actors.push_back(actor_);
            break;
        case Slot::member:
            good = close_member(ec);
            break;
        case Slot::service:
            good = close_service(ec);
            break;
        default:
            good = require_field(top_->seen, Slot::format, ec) &&
                   require_field(top_->seen, kind_ == DocumentKind::staff ? Slot::staff : Slot::case_id, ec);
            break;
    }
    if (good) pop();
    return good;
}

bool Handler::close_person(ErrorCode& ec) {
    if (!require_field(top_->seen, Slot::person_id, ec)) return false;
    person_.roles.end = size32(into_.person_roles.size());
    into_.persons.push_back(person_);
    return true;
}

bool Handler::close_event(ErrorCode& ec) {
    const std::uint32_t seen = top_->seen;
    if (!require_field(seen, Slot::event_type, ec) || !require_field(seen, Slot::event_occurred, ec))
        return false;
    if ((seen & field_bit(Slot::event_recorded)) == 0) event_.recorded = event_.occurred;
    const std::size_t position = into_.event_count() - marks_.events;
    const bool is_unnamed = event_.id == k_no_string;
    if (is_unnamed) event_.id = positional_id(position);
    if (event_.replaces != k_no_string) replacements_.push_back({size32(position), event_.replaces});
    into_.event_id.push_back(event_.id);
    into_.event_type.push_back(event_.type);
    into_.event_occurred.push_back(event_.occurred.micros);
    into_.event_recorded.push_back(event_.recorded.micros);
    into_.event_flags.push_back(
        static_cast<std::uint8_t>(static_cast<unsigned>(event_.occurred.precision) |
                                  (static_cast<unsigned>(event_.recorded.precision) << 2U) |
                                  (event_.withdrawn ? k_withdrawn : 0U) | (is_unnamed ? k_unnamed : 0U)));
    into_.event_actor.push_back(event_.actor);
    into_.event_attributes.push_back(event_.attributes);
    into_.event_subjects.push_back(size32(into_.subjects.size()));
    return true;
}

bool Handler::close_member(ErrorCode& ec) {
    if (!require_field(top_->seen, Slot::member_id, ec)) return false;
    member_.services.end = size32(into_.services.size());
    members_.push_back(member_);
    return true;
}

bool Handler::close_service(ErrorCode& ec) {
    if (!require_field(top_->seen, Slot::service_from, ec)) return false;
    if (service_.until < service_.from) {
        slot_ = Slot::service_until;
        return fail(ec, "\"until\" (" + time::format_date(service_.until) + ") is before \"from\" (" +
                            time::format_date(service_.from) + ").");
    }
    service_.accreditations.end = size32(into_.service_accreditations.size());
    into_.services.push_back(service_);
    return true;
}

}  // namespace duecare::records
