// What the tests of several modules need to audit: policies and records from text, and instants.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/audit.hpp"
#include "records/reader.hpp"

namespace duecare {

inline time::Instant at(std::string_view text) {
    return time::parse_stamp(text)->micros;
}

inline std::shared_ptr<const policy::Policy> compiled(const std::string& text) {
    policy::Compiled made = policy::compile({"p.json", text}, {}, {}, time::ZoneData::embedded());
    if (made.policy == nullptr) throw std::runtime_error(made.diagnostics.front().text());
    return made.policy;
}

/// An event of a case: its id, type, time, and further keys with a comma before them.
inline std::string event(std::string_view id, std::string_view type, std::string_view when,
                         std::string_view more = {}) {
    return R"({"id":")" + std::string(id) + R"(","type":")" + std::string(type) + R"(","occurred_at":")" +
           std::string(when) + "\"" + std::string(more) + "}";
}

/// A line with a case of these events; `more`: further keys, with a comma before them.
inline std::string case_line(std::string_view id, const std::vector<std::string>& events,
                             std::string_view more = {}) {
    std::string text = R"({"format":"duecare.case/1","id":")" + std::string(id) + "\"" + std::string(more) +
                       R"(,"events":[)";
    for (std::size_t i = 0; i < events.size(); ++i) text += (i == 0 ? "" : ",") + events[i];
    return text + "]}\n";
}

inline records::ReadReport read_into(records::Caseload& caseload, const std::string& lines) {
    records::Reader reader(caseload, {});
    reader.begin("test.jsonl");
    reader.push(lines);
    reader.finish();
    return reader.report();
}

inline evaluate::Result audit_at(const std::shared_ptr<const policy::Policy>& policy,
                                 const std::shared_ptr<const records::Caseload>& caseload,
                                 std::string_view as_of,
                                 evaluate::VerdictMask verdicts = evaluate::k_all_verdicts) {
    evaluate::Options options;
    options.as_of = options.known_at = at(as_of);
    options.verdicts = verdicts;
    return evaluate::audit(policy, caseload, options);
}

}  // namespace duecare
