// Which rows of findings or of tallies a query asks for.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "store/fields.hpp"
#include "store/names.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// Conditions with the values that stand for their question marks, which are without numbers.
class Where {
  public:
    void add(std::string_view condition) { sql_.append(" AND ").append(condition); }
    void add(std::string_view condition, std::string value) {
        add(condition);
        texts_.push_back(std::move(value));
    }
    /// What the query asks of ids and names: some of "case_id", "duty_id", "owner", "unit".
    /// @param row  the table whose columns are meant: "f"
    void add_ids(const Fields& fields, const Names& names, std::string_view row,
                 std::initializer_list<std::string_view> keys);
    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
    /// Binds from that place on; returns the place after the last.
    int bind(Statement& statement, int place) const {
        for (const std::string& text : texts_) statement.bind(place++, std::string_view(text));
        return place;
    }

  private:
    std::string sql_;
    std::vector<std::string> texts_;
};

}  // namespace duecare::store
