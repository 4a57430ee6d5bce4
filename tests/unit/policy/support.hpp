// Policies for tests: a small one that compiles, and what the compiler says of a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.hpp"
#include "policy/program.hpp"

namespace duecare::policy {

inline Compiled compile_text(std::string text, const std::vector<Document>& handed_over = {},
                             const Resolver& resolver = {}) {
    return compile({"test.json", std::move(text)}, handed_over, resolver, time::ZoneData::embedded());
}

/// A policy of one line for each part; `sections` are keys of the policy (each ends with a comma), `duties`
/// the members of its list.
inline std::string policy_text(std::string_view sections, std::string_view duties,
                               std::string_view id = "test") {
    return R"({"format": "duecare.policy/1", "id": ")" + std::string(id) +
           R"(", "version": "1", "title": "Test", "time_zone": "Europe/London",)" + "\n" +
           std::string(sections) + "\n\"duties\": [\n" + std::string(duties) + "\n]}\n";
}

/// A duty with the keys that every duty has and `more`, its other keys.
inline std::string duty_text(std::string_view id, std::string_view more) {
    return R"({"id": ")" + std::string(id) +
           R"(", "title": "Duty", "area": "supervision", "severity": "high", )" +
           R"("source": {"title": "Example", "status": "illustrative"}, )" + std::string(more) + "}";
}

inline std::string texts(const std::vector<Diagnostic>& diagnostics) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) out += diagnostic.text() + "\n";
    return out;
}

/// The text in JSON quotes.
inline std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace duecare::policy
