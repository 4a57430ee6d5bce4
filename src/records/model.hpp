// records: case histories and staff as columns, and the readers that fill them.
// A Caseload holds every event of every case in contiguous arrays, the events of one case side by side in
// the order of the file; strings are interned. It knows nothing of policies, and so nothing of time zones:
// local times and bare dates stay as they were written until an audit reads them in a policy's zone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "records/column.hpp"
#include "records/short_text.hpp"
#include "time/instant.hpp"

namespace duecare::records {

/// A string of the caseload. Equal strings that went through intern() have equal ids.
using StringId = std::uint32_t;
inline constexpr StringId k_no_string = 0xFFFF'FFFFU;

/// Owns the bytes of all strings. Views stay valid for the life of the pool, also when it grows.
class StringPool {
  public:
    StringPool() = default;
    StringPool(StringPool&& other) noexcept;
    StringPool& operator=(StringPool&& other) noexcept;
    ~StringPool();

    StringId intern(std::string_view text);
    /// The id of a string that was interned before, or k_no_string.
    [[nodiscard]] StringId find(std::string_view text) const noexcept;
    /// Stores without looking for an equal one: for long text that is hardly ever the same twice.
    StringId append(std::string_view text);
    [[nodiscard]] std::string_view view(StringId id) const noexcept { return views_[id]; }
    [[nodiscard]] std::size_t size() const noexcept { return views_.size(); }
    [[nodiscard]] std::size_t memory() const noexcept;  // bytes in use
    void make_room() { records::make_room(views_); }

  private:
    struct Slot {
        StringId id = k_no_string;  // k_no_string: free
        std::uint32_t hash = 0;     // low half of the hash, so that growing reads no text
    };
    /// A short string that was interned lately: ids, types and ranks come again and again.
    struct Recent {
        Words words;
        std::uint32_t size = 0xFFFF'FFFFU;  // of no text
        StringId id = k_no_string;
    };
    char* new_block(std::size_t bytes);
    std::string_view store(std::string_view text);
    StringId add(std::string_view text);
    StringId look_up(std::string_view text, std::uint32_t hash);
    void grow();

    struct Block {
        void* at;
        std::size_t bytes;
    };
    std::vector<Block> blocks_;
    std::size_t block_left_ = 0;
    char* block_next_ = nullptr;
    std::size_t block_bytes_ = 0;
    Column<std::string_view> views_;
    Column<Slot> table_;  // open addressing, size a power of two
    std::size_t interned_ = 0;
    std::array<Recent, 1024> recent_{};  // by hash; what falls on the same place replaces
};

/// A dotted path of attribute keys, interned: `home.town` is the child `town` of the path `home`.
using PathId = std::uint32_t;
inline constexpr PathId k_root_path = 0;
inline constexpr PathId k_no_path = 0xFFFF'FFFFU;

class PathTree {
  public:
    PathTree();
    PathId child(PathId parent, StringId key);
    [[nodiscard]] PathId find(PathId parent, StringId key) const noexcept;
    [[nodiscard]] PathId parent(PathId path) const noexcept { return nodes_[path].parent; }
    [[nodiscard]] StringId key(PathId path) const noexcept { return nodes_[path].key; }
    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
    [[nodiscard]] std::size_t memory() const noexcept;  // bytes held, roughly

  private:
    struct Node {
        PathId parent;
        StringId key;
    };
    std::vector<Node> nodes_;
    std::unordered_map<std::uint64_t, PathId> children_;
};

enum class ValueKind : std::uint8_t { null, boolean, integer, decimal, string, list, object };

struct ListRange {
    std::uint32_t begin;  // into Caseload::list_items
    std::uint32_t count;
};

/// A leaf value, or the mark that an object stands at a path (`has` is true of it, it is no value).
struct Value {
    union {
        std::int64_t integer;
        bool boolean;
        double decimal;
        StringId string;
        ListRange list;
    };
    ValueKind kind = ValueKind::null;
    Value() : integer(0) {}
};

/// One attribute: 16 bytes. Attributes of one owner stand together, in the order of the document.
struct Attribute {
    union {
        std::int64_t integer;
        bool boolean;
        double decimal;
        StringId string;
        ListRange list;
    };
    PathId path = k_no_path;
    ValueKind kind = ValueKind::null;
    Attribute() : integer(0) {}
    [[nodiscard]] Value value() const noexcept {
        Value v;
        v.integer = integer;  // copies the widest member, and with it whichever is in use
        v.kind = kind;
        return v;
    }
};

/// A half-open range of indices.
struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    [[nodiscard]] std::uint32_t size() const noexcept { return end - begin; }
};

struct Person {
    StringId id = k_no_string;
    time::PartialDate born;  // year 0: not given
    Range roles;             // into Caseload::person_roles
    Range attributes;        // into Caseload::attributes
};

/// Who did something: a staff id, and what the event itself says of them.
struct Actor {
    StringId id = k_no_string;    // k_no_string: written as an object without id
    StringId rank = k_no_string;  // k_no_string: look in the register
    StringId unit = k_no_string;
    Range accreditations;             // into Caseload::actor_accreditations
    bool has_accreditations = false;  // false: look in the register
};
using ActorId = std::uint32_t;
inline constexpr ActorId k_no_actor = 0xFFFF'FFFFU;

/// One entry of a person's service: holds for local dates from ≤ date < until.
struct Service {
    time::Day from = time::k_first_day;
    time::Day until = time::k_last_day + 1;
    StringId rank = k_no_string;
    StringId unit = k_no_string;
    Range accreditations;  // into Caseload::service_accreditations
    bool has_accreditations = false;
};

struct Case {
    StringId id = k_no_string;
    StringId kind = k_no_string;
    std::uint32_t document = 0;  // 1-based line, or position in an array
    Range attributes;            // into Caseload::attributes
    Range persons;               // into Caseload::persons
    Range events;                // into the event columns
    Range corrections;           // into Caseload::corrections
    bool all_exact = true;       // every instant of every event is exact
    bool in_order = true;        // all_exact and the events already stand in the order of records.md
};

/// "Event `by` of this case replaces event `replaced`"; both are indices into the event columns.
struct Correction {
    std::uint32_t by;
    std::uint32_t replaced;
};

/// The same where the event that is replaced has not come yet.
struct OpenCorrection {
    std::uint32_t by;
    StringId replaced;
};

/// Bits of Caseload::event_flags.
inline constexpr std::uint8_t k_occurred_precision = 0x03;  // time::Precision of occurred_at
inline constexpr std::uint8_t k_recorded_precision = 0x0C;  // time::Precision of recorded_at, shifted by 2
inline constexpr std::uint8_t k_withdrawn = 0x10;
inline constexpr std::uint8_t k_unnamed = 0x20;  // the record gives no id; event_id is by position

/// All case histories and the staff register. Plain data: the readers write it, audits read it. Reading from
/// several threads at once is safe as long as nobody writes.
class Caseload {
  public:
    StringPool strings;
    PathTree paths;

    Column<Case> cases;
    Column<Person> persons;
    Column<StringId> person_roles;
    Column<Attribute> attributes;  // of cases, persons and events
    Column<Value> list_items;
    Column<Actor> actors;
    Column<StringId> actor_accreditations;
    Column<Correction> corrections;
    std::vector<OpenCorrection> open_corrections;  // only from a reader that lets them be open

    // Event columns, all of the same length but event_subjects.
    Column<StringId> event_id;            // "#3" for the third event when the record gives none
    Column<StringId> event_type;          // interned
    Column<std::int64_t> event_occurred;  // Stamp::micros, see event_flags for its precision
    Column<std::int64_t> event_recorded;
    Column<std::uint8_t> event_flags;
    Column<ActorId> event_actor;
    Column<std::uint32_t> event_subjects;  // one more than events: begin of each into subjects
    // Not begins alone: the attributes of the next case and of its persons stand between those of two events.
    Column<Range> event_attributes;  // into attributes
    Column<std::uint32_t> subjects;  // indices of persons within their case; none: concerns everybody

    // The register: services of one person stand together, in the order of the document.
    Column<Service> services;
    Column<StringId> service_accreditations;

    Caseload();

    [[nodiscard]] std::size_t event_count() const noexcept { return event_type.size(); }
    [[nodiscard]] time::Stamp occurred(std::size_t event) const noexcept;
    [[nodiscard]] time::Stamp recorded(std::size_t event) const noexcept;
    [[nodiscard]] Range attributes_of_event(std::size_t event) const noexcept;
    [[nodiscard]] Range subjects_of_event(std::size_t event) const noexcept;
    /// The value at `path`, or nothing when the owner has none there (null counts as none).
    [[nodiscard]] const Attribute* attribute(const Range& range, PathId path) const noexcept;
    /// The entry of the register for this staff id on that local date, or nothing.
    [[nodiscard]] const Service* service(StringId staff, time::Day on) const noexcept;
    [[nodiscard]] bool has_staff(StringId staff) const noexcept { return staff_.contains(staff); }
    /// For each of `services` whose it is.
    [[nodiscard]] std::vector<StringId> staff_of_services() const;
    void add_staff(StringId staff, Range of_services) { staff_[staff] = of_services; }
    /// Everybody of the register with the range of their services, by id.
    [[nodiscard]] std::vector<std::pair<StringId, Range>> staff() const;
    /// The case with that id, or nothing.
    [[nodiscard]] std::optional<std::uint32_t> find_case(StringId id) const noexcept;
    void index_case(StringId id, std::uint32_t index);

    [[nodiscard]] std::size_t memory() const noexcept;  // bytes in use by all columns and strings
    /// To be called now and then while much is added: saves moving large columns step by step.
    void make_room();

  private:
    std::unordered_map<StringId, Range> staff_;
    Column<std::uint32_t> case_index_;  // by id; k_no_string: no case
};

}  // namespace duecare::records
