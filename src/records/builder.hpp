// One document put together field by field: what a host that has no JSON says instead. A builder belongs to
// no caseload; its finished document is a Tape, which Reader::add() commits and which others may read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "records/tape.hpp"
#include "time/instant.hpp"

namespace duecare::records {

/// Puts together a case history or a staff register.
///
/// begin_case() or begin_staff() starts a document and forgets the one before. Persons and events may be
/// added in turns; what is set afterwards belongs to the one added last, and attributes set before the first
/// of them to the case. A field set twice, a subject that is no person and the like show when the document
/// is committed, as they would in JSON. Only calls that no document could express throw, with
/// Error{invalid_state}: they leave the builder as it was.
class Builder {
  public:
    void begin_case(std::string_view id);
    void begin_staff();
    /// The finished document: of no further use to the builder, which must begin again.
    [[nodiscard]] const Tape& finish();
    [[nodiscard]] bool is_begun() const noexcept { return kind_ != Kind::none; }
    /// Of the document begun last; empty for a register.
    [[nodiscard]] const std::string& case_id() const noexcept { return case_id_; }

    /// What comes next fails for no lack of memory if it adds no more than `text` bytes of text, and so is
    /// done whole or not at all.
    void make_room(std::size_t text);

    void set_kind(std::string_view kind);

    void add_person(std::string_view id);
    void set_born(const time::PartialDate& born);
    void add_role(std::string_view role);

    void add_event(std::string_view type, const time::Stamp& occurred);
    void set_event_id(std::string_view id);
    void set_recorded(const time::Stamp& recorded);
    void set_actor(std::string_view id);
    void add_subject(std::string_view person);
    void set_replaces(std::string_view event);
    void set_withdrawn(bool withdrawn);

    void add_member(std::string_view id);
    /// `until` past k_last_day: open.
    void add_service(time::Day from, time::Day until);

    /// Of the actor of the event, or of the entry of service, that was added last.
    void set_rank(std::string_view rank);
    void set_unit(std::string_view unit);
    void add_accreditation(std::string_view accreditation);
    /// Says that there are none, which is not the same as saying nothing.
    void no_accreditations();

    /// Attributes of what was added last. Inside a list the key must be empty. A key may be any text; one in
    /// an object that was opened is what a policy reaches by a dotted path.
    void open_attribute(std::string_view key);
    void open_attribute_list(std::string_view key);
    void close_attribute();
    void attribute_string(std::string_view key, std::string_view value);
    void attribute_integer(std::string_view key, std::int64_t value);
    void attribute_unsigned(std::string_view key, std::uint64_t value);
    void attribute_number(std::string_view key, double value);
    void attribute_boolean(std::string_view key, bool value);
    void attribute_null(std::string_view key);
    /// Becomes the text that JSON would have for it.
    void attribute_stamp(std::string_view key, const time::Stamp& value);

  private:
    enum class Kind : std::uint8_t { none, case_history, staff };
    enum class Record : std::uint8_t { document, person, event, service, member };

    void reset() noexcept;
    void need(Kind kind) const;
    void need_record(Record record, const char* what) const;
    void need_attributes() const;
    void close_record();
    void close_member();
    void close_lists(Tape& to);
    void close_actor(Tape& to);
    Tape& attribute(std::string_view key);
    void set(std::string_view key, std::string_view value);
    Tape& of_record();

    Kind kind_ = Kind::none;
    Record record_ = Record::document;
    std::string case_id_;
    std::string nesting_;  // of attributes that are open: 'o' for an object, 'l' for a list

    Tape document_;  // in the end all of it
    Tape case_attributes_;
    Tape persons_;
    Tape events_;
    Tape members_;

    // Of the record that is open: fields that stand together in the document but are set in turns.
    bool has_attributes_ = false;
    bool has_actor_ = false;         // an id alone
    bool has_actor_object_ = false;  // more than an id
    bool has_accreditations_ = false;
    bool has_member_ = false;
    Tape attributes_;
    Tape list_;  // roles or subjects
    Tape accreditations_;
    Tape actor_;  // keys and values but for the accreditations
    std::string actor_id_;
};

}  // namespace duecare::records
