// The JSON text of a policy with the places of its parts, for diagnostics.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/policy.hpp"

namespace duecare::policy {

/// A policy document, read. Key order is that of the text.
struct ParsedDocument {
    boost::json::value root;
    std::optional<Diagnostic> error;  // set when the text is no JSON, or an object has a key twice
};

/// Reads the text; `name` is how diagnostics call it. The values live in `storage`.
[[nodiscard]] ParsedDocument parse_document(const Document& document, const std::string& name,
                                            const boost::json::storage_ptr& storage = {});

struct TextPlace {
    std::size_t offset = 0;
    std::uint64_t line = 1;  // 1-based
};

/// Where the value at `pointer` begins; nothing when there is none. The text is valid JSON.
[[nodiscard]] std::optional<TextPlace> place_of(std::string_view text, std::string_view pointer);

/// The 1-based line on which the value at `pointer` begins, 0 when there is none. The text is valid JSON.
[[nodiscard]] std::uint64_t line_of(std::string_view text, std::string_view pointer);

/// JSON text with two-space indent, keys in the order of the object.
[[nodiscard]] std::string pretty_json(const boost::json::object& object);

}  // namespace duecare::policy
