#include "records/builder.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::records {

namespace {

using Piece = Tape::Kind;

void append_two(std::string& out, int value) {
    if (value < 10) out.push_back('0');
    append_integer(out, value);
}

std::string partial_date(const time::PartialDate& date) {
    constexpr std::size_t k_digits = 4;
    std::string out;
    append_integer(out, date.year);
    if (date.year >= 0 && out.size() < k_digits) out.insert(0, k_digits - out.size(), '0');
    if (date.month != 0 || date.day != 0) append_two(out.append("-"), date.month);
    if (date.day != 0) append_two(out.append("-"), date.day);
    return out;
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(Status::invalid_state, message);
}

void add_list(Tape& to, std::string_view key, Tape& items) {
    to.key(key);
    to.mark(Piece::array_begin);
    to.append(items);
    to.mark(Piece::array_end);
    items.clear();
}

}  // namespace

void Builder::reset() noexcept {
    kind_ = Kind::none;
    record_ = Record::document;
    case_id_.clear();
    nesting_.clear();
    has_attributes_ = has_actor_ = has_actor_object_ = has_accreditations_ = has_member_ = false;
    for (Tape* tape : {&document_, &case_attributes_, &persons_, &events_, &members_, &attributes_, &list_,
                       &accreditations_, &actor_}) {
        tape->clear();
    }
}

void Builder::begin_case(std::string_view id) {
    reset();
    kind_ = Kind::case_history;
    case_id_ = id;
    document_.mark(Piece::object_begin);
    document_.key("format");
    document_.string("duecare.case/1");
    document_.key("id");
    document_.string(id);
}

void Builder::begin_staff() {
    reset();
    kind_ = Kind::staff;
    document_.mark(Piece::object_begin);
    document_.key("format");
    document_.string("duecare.staff/1");
}

void Builder::make_room(std::size_t text) {
    constexpr std::size_t k_pieces = 24;  // more than any call adds by itself
    constexpr std::size_t k_names = 256;  // and the keys in them
    std::size_t pieces = k_pieces;
    std::size_t bytes = k_names + text;
    for (Tape* tape : {&attributes_, &list_, &accreditations_, &actor_, &case_attributes_}) {
        tape->make_room(k_pieces, k_names + text);
        pieces += tape->pieces().size();
        bytes += tape->text_size();
    }
    bytes += actor_id_.size();
    for (Tape* tape : {&persons_, &events_, &members_, &document_}) tape->make_room(pieces, bytes);
    if (nesting_.size() == nesting_.capacity()) nesting_.reserve(2 * nesting_.size());
    if (text > actor_id_.capacity()) actor_id_.reserve(text);
    if (text > case_id_.capacity()) case_id_.reserve(text);
}

const Tape& Builder::finish() {
    if (kind_ == Kind::none) refuse("No document was begun.");
    if (!nesting_.empty()) refuse("An attribute object or list is still open; close it first.");
    make_room(0);
    std::size_t pieces = 0;
    std::size_t bytes = 0;
    for (const Tape* tape : {&persons_, &events_, &members_, &attributes_, &list_, &accreditations_, &actor_,
                             &case_attributes_}) {
        constexpr std::size_t k_around = 24;
        pieces += tape->pieces().size() + k_around;
        bytes += tape->text_size() + k_around;
    }
    document_.make_room(pieces, bytes + actor_id_.size());
    close_record();
    close_member();
    if (kind_ == Kind::staff) {
        add_list(document_, "staff", members_);
    } else {
        if (!case_attributes_.is_empty()) {
            document_.key("attributes");
            document_.mark(Piece::object_begin);
            document_.append(case_attributes_);
            document_.mark(Piece::object_end);
        }
        add_list(document_, "persons", persons_);
        add_list(document_, "events", events_);
    }
    document_.mark(Piece::object_end);
    kind_ = Kind::none;
    return document_;
}

void Builder::need(Kind kind) const {
    if (kind_ != kind) {
        refuse(kind == Kind::staff ? "This belongs to a staff register; begin one first."
                                   : "This belongs to a case; begin one first.");
    }
    if (!nesting_.empty()) refuse("An attribute object or list is still open; close it first.");
}

void Builder::need_record(Record record, const char* what) const {
    need(record == Record::service ? Kind::staff : Kind::case_history);
    if (record_ != record) refuse(std::string("This belongs to ") + what + "; add one first.");
}

Tape& Builder::of_record() {
    switch (record_) {
        case Record::person:
            return persons_;
        case Record::event:
            return events_;
        case Record::service:
        case Record::member:
            return members_;
        default:
            return document_;
    }
}

void Builder::set(std::string_view key, std::string_view value) {
    Tape& to = of_record();
    to.key(key);
    to.string(value);
}

void Builder::close_actor(Tape& to) {
    if (!has_actor_ && !has_actor_object_) return;
    to.key("actor");
    if (!has_actor_object_) {
        to.string(actor_id_);
    } else {
        to.mark(Piece::object_begin);
        if (has_actor_) {
            to.key("id");
            to.string(actor_id_);
        }
        to.append(actor_);
        if (has_accreditations_) add_list(to, "accreditations", accreditations_);
        to.mark(Piece::object_end);
    }
    has_actor_ = has_actor_object_ = has_accreditations_ = false;
    actor_.clear();
}

void Builder::close_record() {
    if (record_ == Record::document || record_ == Record::member) return;
    Tape& to = of_record();
    if (!list_.is_empty()) add_list(to, record_ == Record::person ? "roles" : "subjects", list_);
    if (record_ == Record::event) close_actor(to);
    if (has_accreditations_) add_list(to, "accreditations", accreditations_);
    if (has_attributes_) {
        to.key("attributes");
        to.mark(Piece::object_begin);
        to.append(attributes_);
        to.mark(Piece::object_end);
        attributes_.clear();
    }
    to.mark(Piece::object_end);
    has_attributes_ = has_accreditations_ = false;
    record_ = record_ == Record::service ? Record::member : Record::document;
}

void Builder::close_member() {
    if (!has_member_) return;
    members_.mark(Piece::array_end);
    members_.mark(Piece::object_end);
    has_member_ = false;
    record_ = Record::document;
}

void Builder::set_kind(std::string_view kind) {
    need(Kind::case_history);
    document_.key("kind");
    document_.string(kind);
}

void Builder::add_person(std::string_view id) {
    need(Kind::case_history);
    close_record();
    record_ = Record::person;
    persons_.mark(Piece::object_begin);
    set("id", id);
}

void Builder::set_born(const time::PartialDate& born) {
    need_record(Record::person, "a person");
    set("born", partial_date(born));
}

void Builder::add_role(std::string_view role) {
    need_record(Record::person, "a person");
    list_.string(role);
}

void Builder::add_event(std::string_view type, const time::Stamp& occurred) {
    need(Kind::case_history);
    close_record();
    record_ = Record::event;
    events_.mark(Piece::object_begin);
    set("type", type);
    events_.key("occurred_at");
    events_.stamp(occurred);
}

void Builder::set_event_id(std::string_view id) {
    need_record(Record::event, "an event");
    set("id", id);
}

void Builder::set_recorded(const time::Stamp& recorded) {
    need_record(Record::event, "an event");
    events_.key("recorded_at");
    events_.stamp(recorded);
}

void Builder::set_actor(std::string_view id) {
    need_record(Record::event, "an event");
    if (has_actor_) refuse("The actor of this event was set before.");
    has_actor_ = true;
    actor_id_ = id;
}

void Builder::add_subject(std::string_view person) {
    need_record(Record::event, "an event");
    list_.string(person);
}

void Builder::set_replaces(std::string_view event) {
    need_record(Record::event, "an event");
    set("replaces", event);
}

void Builder::set_withdrawn(bool withdrawn) {
    need_record(Record::event, "an event");
    events_.key("withdrawn");
    events_.boolean(withdrawn);
}

void Builder::add_member(std::string_view id) {
    need(Kind::staff);
    close_record();
    close_member();
    record_ = Record::member;
    has_member_ = true;
    members_.mark(Piece::object_begin);
    set("id", id);
    members_.key("service");
    members_.mark(Piece::array_begin);
}

void Builder::add_service(time::Day from, time::Day until) {
    need(Kind::staff);
    if (!has_member_) refuse("Service belongs to a member of staff; add one first.");
    close_record();
    record_ = Record::service;
    members_.mark(Piece::object_begin);
    members_.key("from");
    members_.stamp({std::int64_t{from} * time::k_micros_per_day, time::Precision::day});
    if (until > time::k_last_day) return;
    members_.key("until");
    members_.stamp({std::int64_t{until} * time::k_micros_per_day, time::Precision::day});
}

void Builder::set_rank(std::string_view rank) {
    if (record_ == Record::service) return set("rank", rank);
    need_record(Record::event, "an event or an entry of service");
    has_actor_object_ = true;
    actor_.key("rank");
    actor_.string(rank);
}

void Builder::set_unit(std::string_view unit) {
    if (record_ == Record::service) return set("unit", unit);
    need_record(Record::event, "an event or an entry of service");
    has_actor_object_ = true;
    actor_.key("unit");
    actor_.string(unit);
}

void Builder::no_accreditations() {
    if (record_ != Record::service) need_record(Record::event, "an event or an entry of service");
    has_actor_object_ = has_actor_object_ || record_ == Record::event;
    has_accreditations_ = true;
}

void Builder::add_accreditation(std::string_view accreditation) {
    no_accreditations();
    accreditations_.string(accreditation);
}

void Builder::need_attributes() const {
    if (kind_ != Kind::case_history) refuse("Attributes belong to a case, a person or an event; begin one.");
}

Tape& Builder::attribute(std::string_view key) {
    need_attributes();
    Tape& to = record_ == Record::document ? case_attributes_ : attributes_;
    if (!nesting_.empty() && nesting_.back() == 'l') {
        if (!key.empty()) refuse("The values of a list have no keys.");
        return to;
    }
    has_attributes_ = has_attributes_ || record_ != Record::document;
    to.key(key);
    return to;
}

void Builder::open_attribute(std::string_view key) {
    attribute(key).mark(Piece::object_begin);
    nesting_.push_back('o');
}

void Builder::open_attribute_list(std::string_view key) {
    attribute(key).mark(Piece::array_begin);
    nesting_.push_back('l');
}

void Builder::close_attribute() {
    need_attributes();
    if (nesting_.empty()) refuse("No attribute object or list is open.");
    Tape& to = record_ == Record::document ? case_attributes_ : attributes_;
    to.mark(nesting_.back() == 'l' ? Piece::array_end : Piece::object_end);
    nesting_.pop_back();
}

void Builder::attribute_string(std::string_view key, std::string_view value) {
    attribute(key).string(value);
}
void Builder::attribute_integer(std::string_view key, std::int64_t value) {
    attribute(key).integer(value);
}
void Builder::attribute_unsigned(std::string_view key, std::uint64_t value) {
    attribute(key).unsigned_integer(value);
}
void Builder::attribute_number(std::string_view key, double value) {
    attribute(key).decimal(value);
}
void Builder::attribute_boolean(std::string_view key, bool value) {
    attribute(key).boolean(value);
}
void Builder::attribute_null(std::string_view key) {
    attribute(key).null();
}
void Builder::attribute_stamp(std::string_view key, const time::Stamp& value) {
    attribute(key).stamp(value);
}

}  // namespace duecare::records
