// Questions to a store: JSON in, JSON out.
#pragma once

#include <string>
#include <string_view>

#include "store/fields.hpp"
#include "store/names.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// Answers within the caller's snapshot. Throws Error{invalid_argument} with a pointer into the query.
[[nodiscard]] std::string answer_query(Database& db, const Names& names, std::string_view json);

// Each question; the query as it was given.
[[nodiscard]] std::string list_runs(Database& db);
[[nodiscard]] std::string show_run(Database& db, const boost::json::object& query);
[[nodiscard]] std::string show_policy(Database& db, const boost::json::object& query);
[[nodiscard]] std::string list_findings(Database& db, const Names& names, const boost::json::object& query);
[[nodiscard]] std::string show_case(Database& db, const Names& names, const boost::json::object& query);
[[nodiscard]] std::string show_trend(Database& db, const Names& names, const boost::json::object& query);
[[nodiscard]] std::string list_records(Database& db, const Names& names, const boost::json::object& query);
[[nodiscard]] std::string list_actions(Database& db, const Names& names, const boost::json::object& query);
[[nodiscard]] std::string show_precision(Database& db, const boost::json::object& query);

/// Throws Error{not_found} with what there is, unless that run is there.
void need_run(Database& db, std::int64_t run, std::string pointer = {});
/// The number of a run that is there.
[[nodiscard]] std::int64_t need_run(Database& db, const Fields& fields, std::string_view key);
/// Throws Error{not_found} with near names where there are such runs, and the policy of none has the duty.
void need_duty(Database& db, std::string_view duty, std::int64_t from, std::int64_t to);
/// Throws Error{invalid_state} when that part of the run was pruned.
void need_part(Database& db, std::int64_t run, std::string_view part);

/// Writes one JSON object, key by key.
class ObjectWriter {
  public:
    explicit ObjectWriter(std::string& to) : to_(to) { to_ += '{'; }
    void end() { to_ += '}'; }
    void text(std::string_view key, std::string_view value);
    void number(std::string_view key, std::int64_t value);
    void instant(std::string_view key, std::int64_t value);
    void flag(std::string_view key, bool value);
    void null(std::string_view key);
    /// JSON as it is.
    void raw(std::string_view key, std::string_view json);
    /// A column: null stays null.
    void column(std::string_view key, const Statement& row, int column);
    void instant_column(std::string_view key, const Statement& row, int column);
    [[nodiscard]] std::string& open(std::string_view key);  // writes the key alone

  private:
    std::string& to_;
    bool is_first_ = true;
};

}  // namespace duecare::store
