// What the tests of findings need: small policies and records, audited.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../audited.hpp"
#include "evaluate/explain.hpp"
#include "findings/life.hpp"
#include "findings/report.hpp"

namespace duecare::findings {

/// A policy with this duty (keys and values, without braces) and these other keys.
inline std::shared_ptr<const policy::Policy> policy_with(std::string_view duty, std::string_view more = {}) {
    return compiled(
        R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P","time_zone":"Europe/London",)"
        R"("ranks":{"constable":1,"sergeant":2,"inspector":3},)" +
        std::string(more) + R"("duties":[{"id":"d","title":"The duty","area":"a","severity":"high",)" +
        R"("source":{"title":"S","section":"1","url":"https://example.org/s","status":"illustrative"},)" +
        std::string(duty) + "}]}");
}

inline std::string attributes(std::string_view inside) {
    return R"(,"attributes":{)" + std::string(inside) + "}";
}
inline std::string actor(std::string_view id, std::string_view rank) {
    return R"(,"actor":{"id":")" + std::string(id) + R"(","rank":")" + std::string(rank) + R"("})";
}

/// A case "C" with persons P1 (a child) and P2 when `persons` is set.
inline std::string case_of(const std::vector<std::string>& events, bool persons = false) {
    return case_line("C", events,
                     persons ? R"(,"persons":[{"id":"P1","born":"2012-01-01"},{"id":"P2"}])" : "");
}

inline std::shared_ptr<const records::Caseload> caseload_of(const std::string& lines) {
    auto caseload = std::make_shared<records::Caseload>();
    const records::ReadReport report = read_into(*caseload, lines);
    if (!report.rejects.empty()) throw std::runtime_error(report.rejects.front().reason);
    return caseload;
}

inline evaluate::Result audited(const std::shared_ptr<const policy::Policy>& policy, const std::string& lines,
                                std::string_view as_of) {
    return audit_at(policy, caseload_of(lines), as_of);
}

/// The sentences of all findings, one a line.
inline std::string sentences(const evaluate::Result& result) {
    std::string text;
    Explainer explainer(result);
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        text += (i == 0 ? "" : "\n") + explainer.sentence(i);
    return text;
}

inline std::string verdicts(const evaluate::Result& result) {
    std::string text;
    for (const evaluate::Finding& finding : result.findings) {
        text += (text.empty() ? "" : " ") +
                std::string(evaluate::k_verdict_names[static_cast<std::size_t>(finding.verdict)]);
    }
    return text;
}

}  // namespace duecare::findings
