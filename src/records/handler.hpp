// The SAX handler: one document's JSON events into the columns of a Caseload. Documents are handed to the
// parser in one piece, so that strings without escapes and all numbers arrive whole.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "records/model.hpp"
#include "records/reader.hpp"
#include "records/schema.hpp"
#include "records/tape.hpp"

namespace duecare::records {

/// Sizes of all columns, to return to when a document is rejected.
struct Marks {
    std::size_t cases, persons, person_roles, attributes, list_items, actors, actor_accreditations,
        corrections, events, subjects, services, service_accreditations;
};
[[nodiscard]] Marks mark(const Caseload& caseload) noexcept;
void roll_back(Caseload& caseload, const Marks& marks);

/// Why a document is not taken.
struct Refusal {
    std::string pointer;
    std::string reason;
};

inline constexpr std::string_view k_number_range =
    "The number is out of range; expected one that is zero or between about 2.2e-308 and 1.8e308 in size.";

/// What is said of a document that is nested deeper than the limit.
[[nodiscard]] std::string too_deep(std::uint32_t nesting);
/// What is said of a document that is too long.
[[nodiscard]] std::string document_over_limit(std::uint64_t bytes);

/// "#1" for the event at position 0.
[[nodiscard]] std::string positional_name(std::size_t position);

/// What is said of a format that is not one of ours.
[[nodiscard]] std::string unknown_format(std::string_view format);

/// Longer attribute strings are stored without looking for an equal one.
inline constexpr std::size_t k_longest_interned = 64;

class Handler {
    using View = boost::json::string_view;
    using ErrorCode = boost::json::error_code;

  public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Handler(Caseload& into, const ReaderOptions& options);

    /// Prepares for one document. `decided`: the kind is known beforehand.
    void begin(DocumentKind kind, bool decided);
    /// Checks what only the whole document shows and makes it part of the caseload. False: see refusal().
    bool commit(std::uint32_t document, ReadReport& report, const std::string& source, std::uint64_t line);
    /// Forgets the document.
    void abandon();

    /// Reads a document that is no text: as if a parser had read it, but that its kind must be known. False:
    /// see refusal().
    bool play(const Tape& tape);

    /// The document went wrong, or showed another kind than assumed, before its `format` was seen.
    [[nodiscard]] bool is_undecided() const noexcept { return undecided_; }
    [[nodiscard]] bool has_failed() const noexcept { return failed_; }
    [[nodiscard]] Refusal& refusal() noexcept { return refusal_; }
    [[nodiscard]] std::string case_id() const;
    [[nodiscard]] bool format_seen() const noexcept { return format_seen_; }
    /// Pointer to where the document has been read to.
    [[nodiscard]] std::string pointer() const;

    // What basic_parser calls.
    bool on_document_begin(ErrorCode&) noexcept { return true; }
    bool on_document_end(ErrorCode&) noexcept { return true; }
    bool on_object_begin(ErrorCode& ec);
    bool on_object_end(std::size_t, ErrorCode& ec);
    bool on_array_begin(ErrorCode& ec);
    bool on_array_end(std::size_t, ErrorCode& ec);
    bool on_key_part(View part, std::size_t, ErrorCode& ec) { return add_part(part, ec); }
    bool on_key(View part, std::size_t, ErrorCode& ec);
    bool on_string_part(View part, std::size_t, ErrorCode& ec) { return add_part(part, ec); }
    bool on_string(View part, std::size_t, ErrorCode& ec);
    bool on_number_part(View, ErrorCode&) noexcept { return true; }
    bool on_int64(std::int64_t value, View, ErrorCode& ec);
    bool on_uint64(std::uint64_t value, View, ErrorCode& ec);
    bool on_double(double, View text, ErrorCode& ec);
    bool on_bool(bool value, ErrorCode& ec);
    bool on_null(ErrorCode& ec);
    /// What no parser calls: an instant that is no text. Where the format has text it is the text of it.
    bool on_stamp(const time::Stamp& stamp, ErrorCode& ec);
    bool on_comment_part(View, ErrorCode&) noexcept { return true; }
    bool on_comment(View, ErrorCode&) noexcept { return true; }

  private:
    struct Frame {
        Slot slot = Slot::none;  // where this object or array stands
        bool is_array = false;
        std::uint32_t seen = 0;        // bits of the fields seen
        std::uint32_t items = 0;       // begun so far
        PathId path = k_root_path;     // of an attribute object or array
        std::uint32_t loose_keys = 0;  // begin of this object's keys in loose_keys_
    };
    struct UnknownEntry {
        std::uint64_t pending = 0;
        std::string pointer;  // of the first in this document
        Slot record = Slot::document;
        DocumentKind kind = DocumentKind::case_history;
        StringId key = k_no_string;
        UnknownKey* reported = nullptr;  // in the report, once a document with it was taken
    };
    struct Replacement {
        std::uint32_t by;
        StringId replaced;
    };
    struct Member {
        StringId id;
        Range services;
    };
    struct Indexed {
        StringId id;
        std::uint32_t index;
    };

    // Failing: all return false, and stop the parser.
    bool fail(ErrorCode& ec, std::string reason);
    bool fail_type(ErrorCode& ec, std::string_view found);
    bool fail_twice(ErrorCode& ec, std::string_view key);
    bool fail_string_limit(ErrorCode& ec);
    bool stop(ErrorCode& ec);
    bool refuse(std::string pointer, std::string reason);  // at commit
    bool play_piece(const Tape& tape, const Tape::Piece& piece, ErrorCode& ec);

    bool add_part(View part, ErrorCode& ec);
    std::string_view whole(View part);
    void push(bool is_array, Slot next, PathId path);
    void pop() noexcept;

    bool open_record(ErrorCode& ec);
    bool close_record(ErrorCode& ec);
    bool close_event(ErrorCode& ec);
    bool close_person(ErrorCode& ec);
    bool close_member(ErrorCode& ec);
    bool close_service(ErrorCode& ec);
    bool require_field(std::uint32_t seen, Slot field, ErrorCode& ec);
    bool check_loose_keys(const Frame& frame, ErrorCode& ec);
    bool unknown_key(std::string_view key, ErrorCode& ec);
    bool attribute_key(std::string_view key, ErrorCode& ec);

    bool other_string(std::string_view text, ErrorCode& ec);
    bool take_format(std::string_view text, ErrorCode& ec);
    bool take_id(std::string_view text, StringId& to, ErrorCode& ec);
    bool take_stamp(std::string_view text, time::Stamp& to, ErrorCode& ec);
    bool take_date(std::string_view text, time::Day& to, ErrorCode& ec);
    bool take_born(std::string_view text, ErrorCode& ec);
    ActorId plain_actor(StringId id);
    StringId positional_id(std::size_t position);
    StringId value_string(std::string_view text);
    Attribute& add_attribute(ValueKind kind);
    Value& add_item(ValueKind kind);
    bool scalar(const Value& value, std::string_view found, ErrorCode& ec);

    bool commit_case(std::uint32_t document);
    bool commit_staff();
    bool check_persons(const Case& made);
    bool check_events(const Case& made);
    bool resolve_subjects(const Case& made);
    bool resolve_replacements(const Case& made);
    void judge_order(Case& made) const;
    bool check_services(std::size_t member);
    /// Fills index_ with (id, index) sorted by id; the index of a duplicate or nothing.
    std::optional<std::uint32_t> index_ids();
    [[nodiscard]] std::uint32_t indexed(StringId id) const noexcept;
    void commit_unknown_keys(ReadReport& report, const std::string& source, std::uint64_t line);
    void check_sizes() const;

    Caseload& into_;
    ReaderOptions options_;

    Slot slot_ = Slot::none;
    DocumentKind kind_ = DocumentKind::case_history;
    bool decided_ = false;
    bool format_seen_ = false;
    bool undecided_ = false;
    bool failed_ = false;
    bool case_id_is_new_ = false;  // no string before it was equal, so no case has it
    bool has_part_ = false;
    PathId path_ = k_root_path;
    std::uint32_t owner_ = 0;  // serial of the attributes object being read
    std::uint32_t attribute_begin_ = 0;
    std::vector<Frame> frames_;
    Frame* top_ = nullptr;
    Marks marks_{};

    Case case_;
    Person person_;
    Actor actor_;
    Service service_;
    Member member_{};
    struct {
        StringId id;
        StringId type;
        StringId replaces;
        time::Stamp occurred;
        time::Stamp recorded;
        ActorId actor;
        Range attributes;
        bool withdrawn;
    } event_{};

    std::string part_;                       // of a string with escapes
    std::vector<std::uint32_t> path_owner_;  // by path: the owner that last had it
    std::array<PathId, 1024> next_path_{};   // guesses which key follows which
    std::array<ActorId, 4096> recent_actors_{};
    std::vector<StringId> positional_;
    std::vector<StringId> loose_keys_;  // unknown keys of the objects that are open
    std::vector<Replacement> replacements_;
    std::vector<Member> members_;
    std::vector<Indexed> index_;
    std::vector<std::uint32_t> person_event_;  // by person: the last event that named the person
    std::uint32_t subjects_read_ = 0;
    std::vector<UnknownEntry> unknown_;
    std::unordered_map<std::uint64_t, std::uint32_t> unknown_index_;
    bool unknown_pending_ = false;
    Refusal refusal_;
};

inline bool Handler::add_part(View part, ErrorCode& ec) {
    has_part_ = true;
    part_.append(part.data(), part.size());
    return part_.size() <= options_.limits.string_bytes || fail_string_limit(ec);
}

inline std::string_view Handler::whole(View part) {
    if (!has_part_) return {part.data(), part.size()};
    part_.append(part.data(), part.size());
    return part_;
}

inline void Handler::push(bool is_array, Slot next, PathId path) {
    ++top_;
    *top_ = {slot_, is_array, 0, 0, path, static_cast<std::uint32_t>(loose_keys_.size())};
    slot_ = next;
}

inline void Handler::pop() noexcept {
    slot_ = top_->slot;
    path_ = top_->path;
    loose_keys_.resize(top_->loose_keys);
    --top_;
}

inline bool Handler::on_key(View part, std::size_t, ErrorCode& ec) {
    const std::string_view key = whole(part);
    has_part_ = false;
    if (key.size() > options_.limits.string_bytes) return fail_string_limit(ec);
    const Slot slot = top_->slot;
    bool good = true;
    if (info(slot).object == Opens::attributes) {
        good = attribute_key(key, ec);
    } else {
        const Slot field = find_field(slot, kind_, key);
        if (field == Slot::unknown) {
            good = unknown_key(key, ec);
        } else {
            slot_ = field;
            const std::uint32_t bit = field_bit(field);
            if ((top_->seen & bit) != 0) return fail_twice(ec, key);
            top_->seen |= bit;
        }
    }
    part_.clear();
    return good;
}

inline bool Handler::attribute_key(std::string_view key, ErrorCode& ec) {
    const PathId parent = top_->path;
    const std::uint32_t before =
        top_->items++ == 0 ? (event_.type ^ (static_cast<std::uint32_t>(top_->slot) << 24U)) : path_;
    PathId& guess = next_path_[((before * 0x9E37'79B9U) >> 20U) & (next_path_.size() - 1)];
    if (guess != k_root_path && into_.paths.parent(guess) == parent &&
        same_text(into_.strings.view(into_.paths.key(guess)), key)) {
        path_ = guess;
    } else {
        path_ = guess = into_.paths.child(parent, into_.strings.intern(key));
        if (guess >= path_owner_.size()) path_owner_.resize(std::size_t{guess} + 1 + guess / 2, 0);
    }
    slot_ = Slot::attribute;
    if (path_owner_[path_] == owner_) return fail_twice(ec, key);
    path_owner_[path_] = owner_;
    return true;
}

inline StringId Handler::value_string(std::string_view text) {
    return text.size() > k_longest_interned ? into_.strings.append(text) : into_.strings.intern(text);
}

inline Attribute& Handler::add_attribute(ValueKind kind) {
    Attribute& made = into_.attributes.emplace_back();
    made.path = path_;
    made.kind = kind;
    return made;
}

inline bool Handler::on_string(View part, std::size_t, ErrorCode& ec) {
    const std::string_view text = whole(part);
    has_part_ = false;
    if (text.size() > options_.limits.string_bytes) return fail_string_limit(ec);
    ++top_->items;
    bool good = true;
    switch (slot_) {
        case Slot::attribute:
            add_attribute(ValueKind::string).string = value_string(text);
            break;
        case Slot::event_type:
            good = take_id(text, event_.type, ec);
            break;
        case Slot::event_occurred:
            good = take_stamp(text, event_.occurred, ec);
            break;
        case Slot::event_recorded:
            good = take_stamp(text, event_.recorded, ec);
            break;
        case Slot::event_id:
            good = take_id(text, event_.id, ec);
            break;
        default:
            good = other_string(text, ec);
            break;
    }
    part_.clear();
    return good;
}

inline bool Handler::on_object_begin(ErrorCode& ec) {
    ++top_->items;
    switch (info(slot_).object) {
        case Opens::record:
            return open_record(ec);
        case Opens::attributes:
            if (slot_ == Slot::attribute) {
                add_attribute(ValueKind::object);
                push(false, Slot::none, path_);
            } else {
                attribute_begin_ = static_cast<std::uint32_t>(into_.attributes.size());
                if (++owner_ == 0) {
                    std::fill(path_owner_.begin(), path_owner_.end(), 0);
                    owner_ = 1;
                }
                push(false, Slot::none, k_root_path);
            }
            return true;
        case Opens::unknown:
            push(false, Slot::unknown, k_root_path);
            return true;
        default:
            return fail_type(ec, "an object");
    }
}

inline bool Handler::on_object_end(std::size_t, ErrorCode& ec) {
    const Frame& frame = *top_;
    if (loose_keys_.size() - frame.loose_keys > 1 && !check_loose_keys(frame, ec)) return false;
    if (info(frame.slot).object == Opens::record) return close_record(ec);
    if (frame.slot != Slot::attribute && frame.slot != Slot::unknown) {
        const Range range{attribute_begin_, static_cast<std::uint32_t>(into_.attributes.size())};
        if (frame.slot == Slot::event_attributes) {
            event_.attributes = range;
        } else if (frame.slot == Slot::person_attributes) {
            person_.attributes = range;
        } else {
            case_.attributes = range;
        }
    }
    pop();
    return true;
}

}  // namespace duecare::records
