// The life of the obligations of one duty in one case, for people and for programs, and what would have made
// each that went wrong right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "findings/report.hpp"
#include "findings/words.hpp"

namespace duecare::findings {

/// One change of the record that would have made an obligation `met`.
enum class ChangeKind : std::uint8_t {
    complete_event,  ///< `event` says what it leaves open now
    change_event,    ///< `event` is as `needs` says
    move_event,      ///< `event` happens between `from` and `until`
    add_event,       ///< an event of `types` happens between `from` and `until`
    end_sooner,      ///< what must not last ends by `until`
    choose_other,    ///< `choose` reads another case by `until`
};
inline constexpr std::string_view k_change_names[] = {"complete_event", "change_event", "move_event",
                                                      "add_event",      "end_sooner",   "choose_other"};

/// One thing that an event has to say: PATH RELATION VALUE, as in `actor.rank >= "sergeant"`. Relations are
/// those of expressions, and "has", "mentions", "known" and "true", which is of an expression as a whole.
struct Setting {
    std::string path;
    std::string relation;
    std::string value;  // JSON, or empty: none
};

struct Change {
    ChangeKind kind = ChangeKind::add_event;
    std::uint32_t event = evaluate::k_no_event;
    const policy::Selector* types = nullptr;
    time::Instant from = evaluate::k_no_instant;
    time::Instant until = evaluate::k_no_instant;
    std::int64_t earlier_by = 0;  // seconds, rounded up; negative: later
    std::vector<Setting> needs;
    std::string text;  // one sentence
};

/// What would have made a `late`, `missed` or `unassessable` obligation `met`, the smallest change of the
/// record first; empty for other verdicts. It looks at this obligation alone: an event that also changes a
/// fact, and with it a deadline, may come out otherwise.
[[nodiscard]] std::vector<Change> nearest(const About& about, const evaluate::Life& life);

/// One line for a step: "10 January 2023, 08:00: opened by missing.returned (e1)."
[[nodiscard]] std::string step_text(const About& about, const evaluate::Life& life,
                                    const evaluate::Step& step);

/// Plain lines in the manner of Markdown, with a line end each.
void append_life_text(std::string& out, const evaluate::Explained& explained);
/// One JSON object without line end: case_id, duty_id, title, as_of, known_at, obligations[{finding, steps,
/// nearest}].
void append_life_json(std::string& out, const evaluate::Explained& explained);

}  // namespace duecare::findings
