#include "store/where.hpp"

namespace duecare::store {

void Where::add_ids(const Fields& fields, const Names& names, std::string_view row,
                    std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
        if (!fields.has(key)) continue;
        const std::string value = fields.text(key);
        const std::string column = std::string(row) + "." + (key == "duty_id" ? "duty" : std::string(key));
        if (key == "unit") {
            // One that is known as an owner alone is written as owners are.
            add(column + " IN (SELECT id FROM text WHERE value IN (?, ?))", value);
            texts_.push_back(names(value));
        } else {
            add(column + " = (SELECT id FROM text WHERE value = ?)", key == "duty_id" ? value : names(value));
        }
    }
}

}  // namespace duecare::store
