// One case as the monitor keeps it: its record in a few short lists whose strings are those of the monitor's
// caseload, so that it can be laid into the columns of that caseload whenever it has to be judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records/model.hpp"

namespace duecare::monitor {

using records::StringId;

/// The room for so many where a few more will come, so that these do not make all move.
[[nodiscard]] constexpr std::size_t with_room(std::size_t count) noexcept {
    return count < 8 ? count : count + count / 8 + 3;
}

/// An event; ranges and the actor are places in the lists of its case.
struct StoredEvent {
    std::int64_t occurred = 0;
    std::int64_t recorded = 0;
    StringId id = records::k_no_string;
    StringId type = records::k_no_string;
    StringId replaces = records::k_no_string;
    records::ActorId actor = records::k_no_actor;
    records::Range subjects;
    records::Range attributes;
    std::uint8_t flags = 0;
};

/// The record of one case. All events that were given are there, also those that others replace. Where all
/// instants are exact they stand in the order of records.md.
class CaseStore {
  public:
    StringId id = records::k_no_string;
    StringId kind = records::k_no_string;
    records::Range attributes;
    std::vector<records::Person> persons;
    std::vector<StringId> roles;
    std::vector<records::Attribute> values;
    std::vector<records::Value> items;
    std::vector<records::Actor> actors;
    std::vector<StringId> accreditations;
    std::vector<std::uint32_t> subjects;
    std::vector<StoredEvent> events;

    /// How far the lists had come, to return to.
    struct Mark {
        std::size_t values, items, actors, accreditations, subjects;
    };
    [[nodiscard]] Mark mark() const noexcept;
    void roll_back(const Mark& mark) noexcept;

    /// Takes the head (kind, attributes, persons) of case `index` of a caseload that shares the strings.
    void take_head(const records::Caseload& from, std::uint32_t index);
    /// Takes one event of that case to its place, which is returned. Subjects must be places among `persons`.
    std::size_t take_event(const records::Caseload& from, std::uint32_t index, std::uint32_t event);
    [[nodiscard]] bool has_event(StringId event) const noexcept;
    [[nodiscard]] bool has_person(StringId person) const noexcept;
    /// Appends the case to the columns of a caseload; the index of the case there.
    std::uint32_t lay_into(records::Caseload& to) const;
    [[nodiscard]] std::size_t memory() const noexcept;

  private:
    records::Range take_attributes(const records::Caseload& from, const records::Range& range);
    records::ActorId take_actor(const records::Caseload& from, records::ActorId actor);
    void lay_values(records::Caseload& to) const;
    void lay_corrections(records::Caseload& to, std::uint32_t first) const;
};

/// Empties all columns but the register; strings and paths stay.
void clear_cases(records::Caseload& caseload) noexcept;

}  // namespace duecare::monitor
