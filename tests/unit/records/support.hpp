// What all tests of the reader need.
#pragma once

#include <string>
#include <string_view>

#include "records/reader.hpp"

namespace duecare::records {

/// A caseload and the report of reading one text into it.
struct Read {
    Caseload caseload;
    ReadReport report;
};

inline void feed(Reader& reader, std::string_view text, std::size_t chunk) {
    for (std::size_t at = 0; at < text.size(); at += chunk) reader.push(text.substr(at, chunk));
}

inline Read read_text(std::string_view text, std::size_t chunk = std::string_view::npos / 2,
                      ReaderOptions options = {}) {
    Read made;
    Reader reader(made.caseload, options);
    reader.begin("test.jsonl");
    feed(reader, text, chunk);
    reader.finish();
    made.report = reader.report();
    return made;
}

/// A case document with these events (the inside of the array).
inline std::string case_with(std::string_view id, std::string_view events, std::string_view more = {}) {
    return R"({"format":"duecare.case/1","id":")" + std::string(id) + R"(","events":[)" +
           std::string(events) + "]" + std::string(more) + "}";
}

inline std::string text_of(const Caseload& caseload, StringId id) {
    return id == k_no_string ? "(none)" : std::string(caseload.strings.view(id));
}

}  // namespace duecare::records
