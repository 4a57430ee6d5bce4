// Fields of JSON that comes from outside: read strictly, with the pointer of what is wrong.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/instant.hpp"

namespace duecare::store {

/// Parses one object; throws Error{invalid_argument}. `what` is its name in messages: "the query".
[[nodiscard]] boost::json::object parse_object(std::string_view text, std::string_view what);

/// The object that a text of the store holds; none where it holds something else.
[[nodiscard]] std::optional<boost::json::object> object_in(std::string_view text);
/// The text under a key, for as long as the object stays; empty where there is none.
[[nodiscard]] std::string_view text_at(const boost::json::object& object, std::string_view key);

class Fields {
  public:
    /// @param object  must outlive this
    /// @param known   all keys that it may have
    Fields(const boost::json::object& object, std::initializer_list<std::string_view> known);

    [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }
    [[nodiscard]] bool is_null(std::string_view key) const {
        const boost::json::value* value = object_.if_contains(key);
        return value != nullptr && value->is_null();
    }
    [[nodiscard]] const boost::json::value& need(std::string_view key, std::string_view expected) const;
    /// Text that is not empty.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::optional<std::string> text_if(std::string_view key) const;
    /// An instant with an offset.
    [[nodiscard]] time::Instant instant(std::string_view key) const;
    [[nodiscard]] std::optional<time::Instant> instant_if(std::string_view key) const;
    [[nodiscard]] std::int64_t whole(std::string_view key, std::int64_t least) const;
    [[nodiscard]] std::optional<std::int64_t> whole_if(std::string_view key, std::int64_t least) const;
    [[nodiscard]] bool flag_or(std::string_view key, bool otherwise) const;
    [[nodiscard]] std::string choice(std::string_view key, const std::vector<std::string_view>& names) const;
    /// A list of texts of `names` (of any, where that is empty); empty where the key is not there.
    [[nodiscard]] std::vector<std::string> choices(std::string_view key,
                                                   const std::vector<std::string_view>& names) const;
    /// A finding's 16 hex digits.
    [[nodiscard]] std::int64_t finding(std::string_view key) const;
    [[noreturn]] void fail(std::string_view key, const std::string& message) const;

  private:
    const boost::json::object& object_;
};

/// 16 hex digits of a finding's number, and back.
[[nodiscard]] std::string finding_name(std::int64_t number);
[[nodiscard]] std::optional<std::int64_t> finding_number(std::string_view name);

}  // namespace duecare::store
