// Text helpers: JSON output, near names for diagnostics, UTF-8 checks. Locale-independent throughout.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace duecare {

/// Appends `text` as a JSON string with its quotes. The text must be valid UTF-8; only `"`, `\` and
/// control characters are escaped, so equal text gives equal bytes.
void append_json_string(std::string& out, std::string_view text);

/// Appends a decimal integer.
void append_integer(std::string& out, std::int64_t value);

/// Appends the shortest decimal text that reads back as the same double ("1.5", "1e+300"); a whole number
/// that an int64 holds as that integer ("3", "100000"; "0" for -0).
void append_decimal(std::string& out, double value);

/// Appends one segment of a JSON pointer, `/` included, with `~` and `/` escaped (RFC 6901).
void append_pointer(std::string& pointer, std::string_view key);
void append_pointer(std::string& pointer, std::size_t index);

/// The candidate nearest to `word` by edit distance (with transpositions), or empty when none is near
/// enough to be a likely misspelling. Ties go to the first candidate.
[[nodiscard]] std::string_view nearest_name(std::string_view word,
                                            const std::vector<std::string_view>& candidates);

/// ` Did you mean "x"?` for the nearest candidate, or an empty string.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace duecare
