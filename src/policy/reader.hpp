// Reading the parts of a merged policy: keys, texts, dates, selectors, expressions and durations, with a
// diagnostic at the place of every mistake.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/layers.hpp"
#include "policy/parse.hpp"

namespace duecare::policy {

/// Which forms a duration may take at its place.
struct DurationForms {
    bool rules = true;  // `at` and `choose`
    bool practicable = true;
    bool calendar = true;  // NAME days, NAME hours, start of next; inclusive and whole
    bool ever = false;
    bool months = true;  // months and years
};

/// What sentences and expected findings call the fields of a finding, with those that only one of them has.
[[nodiscard]] inline std::vector<std::string_view> finding_fields(std::vector<std::string_view> of_one) {
    of_one.insert(of_one.end(),
                  {"case_id", "key", "verdict", "opened_at", "due_at", "ended_at", "overdue_seconds",
                   "elapsed_seconds", "missed_periods", "trigger_event", "ending_event", "flags", "reason",
                   "evidence", "owner", "area", "severity", "title"});
    return of_one;
}

class Reader {
  public:
    Reader(Layered& layered, Program& program) : layered_(layered), program_(program), parser_(program) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void fail(std::string_view pointer, std::string message, std::string expression = {},
              std::uint32_t column = 0);
    void warn(std::string_view pointer, std::string message, std::string expression = {},
              std::uint32_t column = 0);

    [[nodiscard]] static std::string child(std::string_view pointer, std::string_view key);
    [[nodiscard]] static std::string child(std::string_view pointer, std::size_t index);

    /// The policy that what stands there comes from.
    [[nodiscard]] const std::string& layer_of(std::string_view at) const { return layered_.layer_of(at); }

    /// What a JSON value is, in words: "a text", "a number", "true or false", "null", "a list", "an object".
    [[nodiscard]] static std::string_view kind_of(const boost::json::value& value);

    /// Reports every key that is not in `known`; `what` names the object ("a duty").
    void check_keys(const boost::json::object& object, std::string_view at,
                    const std::vector<std::string_view>& known, std::string_view what);

    std::string required_text(const boost::json::object& object, std::string_view key, std::string_view at);
    std::string optional_text(const boost::json::object& object, std::string_view key, std::string_view at);
    const boost::json::object* optional_object(const boost::json::object& object, std::string_view key,
                                               std::string_view at);
    const boost::json::array* optional_array(const boost::json::object& object, std::string_view key,
                                             std::string_view at);
    std::optional<time::Day> date(const boost::json::value& value, std::string_view at);

    Selector selector(const boost::json::value& value, std::string_view at);
    /// `event` and `where` of an object.
    Match match_fields(const boost::json::object& object, std::string_view at, const Scope& scope);
    /// A selector, or an object with `event` and `where`.
    Match match(const boost::json::object& object, std::string_view key, std::string_view at,
                const Scope& scope, const std::vector<std::string_view>& more_keys = {});

    /// k_no_expression when the key is absent or the expression is wrong (which is then reported).
    ExpressionId expression(const boost::json::object& object, std::string_view key, std::string_view at,
                            const Scope& scope);
    ExpressionId expression(std::string_view text, std::string_view at, const Scope& scope);

    /// 0 when the key is absent or the duration is wrong (which is then reported).
    DurationId duration(const boost::json::object& object, std::string_view key, std::string_view at,
                        const Scope& scope, const DurationForms& forms);

    /// `duty` is the duty that the tests belong to, empty for those of the whole policy.
    void check_tests(const boost::json::object& object, std::string_view at, std::string_view duty);

    Program& program() noexcept { return program_; }

  protected:
    DurationId duration_value(const boost::json::value& value, std::string_view at, const Scope& scope,
                              const DurationForms& forms);
    DurationId duration_text(std::string text, std::string_view at, const DurationForms& forms);
    DurationId add_duration(DurationRule rule);
    void check_test(const boost::json::object& test, const std::string& at, std::string_view duty);
    void check_expected(const boost::json::value& value, const std::string& at, std::string_view duty);
    DurationId choice(const boost::json::object& object, std::string_view at, const Scope& scope,
                      const DurationForms& forms);

    Layered& layered_;
    Program& program_;
    ExpressionParser parser_;
    std::vector<std::pair<std::string, std::string>> duration_parameters_;
    std::vector<std::string> other_parameters_;  // those that are no text
    std::vector<std::string> duty_ids_;          // of the merged policy
};

}  // namespace duecare::policy
