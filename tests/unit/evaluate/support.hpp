// A short way to write a policy, a caseload and the findings that the contract expects of them.
//
// An event is one line: `ID TYPE WHEN`, then in any order `rec=WHEN` (recorded_at), `sub=P1,P2`, `by=STAFF`,
// `fixes=ID` (replaces), `gone` (withdrawn) and, last, `{…}` (attributes). ID `-` gives the event none.
// In the policies here `t` triggers, `r` responds, `x` excuses, `u` is an until, `a` accounts; `o` opens and
// `c` closes, that is sets fact.open.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/audit.hpp"
#include "policy/program.hpp"
#include "records/reader.hpp"

namespace duecare::evaluate::test {

/// After all that the tests let happen.
inline constexpr const char* k_late = "2023-01-01T00:00:00Z";

inline constexpr std::string_view k_open_fact =
    R"("open":{"initial":"false","set":[{"event":"o","to":"true"},{"event":"c","to":"false"}]})";

inline std::string duty(std::string_view id, std::string_view keys) {
    return R"({"id":")" + std::string(id) + R"(","title":"T","area":"a","severity":"high",)" +
           R"("source":{"title":"S","status":"illustrative"},)" + std::string(keys) + "}";
}
/// Duty `d` on t, answered by r; `keys` must give `within`.
inline std::string respond(std::string_view keys) {
    return duty("d", R"("on":"t","require":"r",)" + std::string(keys));
}
/// Duty `d` while fact.open, answered by r.
inline std::string recur(std::string_view keys) {
    return duty("d", R"("while":"fact.open","require":"r",)" + std::string(keys));
}
inline std::string last(std::string_view keys) {
    return duty("d", R"("while":"fact.open",)" + std::string(keys));
}

struct PolicyText {
    std::string_view duties;
    std::string_view facts = k_open_fact;
    std::string_view zone = "UTC";
    std::string_view more = {};  // further keys of the policy, with a comma before them
};

inline policy::Compiled compile_text(const PolicyText& given) {
    const std::string text =
        R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P","time_zone":")" +
        std::string(given.zone) + R"(","facts":{)" + std::string(given.facts) + R"(},"duties":[)" +
        std::string(given.duties) + "]" + std::string(given.more) + "}";
    return policy::compile({"policy.json", text}, {}, {}, time::ZoneData::embedded());
}

inline std::shared_ptr<const policy::Policy> policy_of(const PolicyText& given) {
    const policy::Compiled compiled = compile_text(given);
    for (const policy::Diagnostic& diagnostic : compiled.diagnostics) {
        if (diagnostic.severity == policy::Diagnostic::Severity::error) ADD_FAILURE() << diagnostic.text();
    }
    return compiled.policy;
}

inline std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// One line of the shorthand as a JSON object.
inline std::string event_json(std::string_view line) {
    const std::size_t brace = std::min(line.find('{'), line.size());
    std::istringstream words{std::string(line.substr(0, brace))};
    std::string id;
    std::string type;
    std::string when;
    words >> id >> type >> when;
    std::string out = "{" + (id == "-" ? std::string() : R"("id":)" + in_quotes(id) + ",") + R"("type":)" +
                      in_quotes(type) + R"(,"occurred_at":)" + in_quotes(when);
    for (std::string word; words >> word;) {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        std::string value = equals == std::string::npos ? std::string() : word.substr(equals + 1);
        if (name == "rec") out += R"(,"recorded_at":)" + in_quotes(value);
        if (name == "by") out += R"(,"actor":)" + in_quotes(value);
        if (name == "fixes") out += R"(,"replaces":)" + in_quotes(value);
        if (name == "gone") out += R"(,"withdrawn":true)";
        if (name != "sub") continue;
        for (std::size_t at = 0; (at = value.find(',', at)) != std::string::npos; at += 3)
            value.replace(at, 1, R"(",")");
        out += R"(,"subjects":[)" + in_quotes(value) + "]";
    }
    if (brace < line.size()) out += R"(,"attributes":)" + std::string(line.substr(brace));
    return out + "}";
}

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
        const std::size_t begin = line.find_first_not_of(' ');
        if (begin != std::string::npos) out.push_back(line.substr(begin));
    }
    return out;
}

struct CaseText {
    std::string_view id = "C";
    std::string_view events = {};
    std::string_view persons = {};  // inside of the array
    std::string_view more = {};     // further keys of the case, with a comma before them
};

inline std::string case_json(const CaseText& given) {
    std::string out = R"({"format":"duecare.case/1","id":)" + in_quotes(given.id) + R"(,"persons":[)" +
                      std::string(given.persons) + R"(],"events":[)";
    bool first = true;
    for (const std::string& line : lines_of(given.events)) {
        if (!first) out += ",";
        first = false;
        out += event_json(line);
    }
    return out + "]" + std::string(given.more) + "}\n";
}

inline std::shared_ptr<const records::Caseload> caseload_of(std::string_view text,
                                                            std::size_t chunk = std::string_view::npos / 2) {
    auto made = std::make_shared<records::Caseload>();
    records::Reader reader(*made, {});
    reader.begin("cases.jsonl");
    for (std::size_t at = 0; at < text.size(); at += chunk) reader.push(text.substr(at, chunk));
    reader.finish();
    for (const records::Reject& reject : reader.report().rejects) {
        ADD_FAILURE() << "line " << reject.line << " " << reject.pointer << ": " << reject.reason;
    }
    return made;
}

inline time::Instant at(std::string_view text) {
    const auto stamp = time::parse_stamp(text);
    EXPECT_TRUE(stamp && stamp->precision == time::Precision::exact) << text;
    return stamp ? stamp->micros : 0;
}

/// A finding as texts; empty for null.
struct Shown {
    std::string line;  // `TRIGGER[KEY] VERDICT by ENDING +flags (reason)`
    std::string kase;
    std::string duty;
    std::string opened;
    std::string due;
    std::string ended;
    std::string owner;
    std::string evidence;  // ids with a blank between them
    std::int64_t overdue = 0;
    std::int64_t elapsed = 0;
    std::int32_t missed = 0;
};

inline Shown show(const Result& result, const Finding& finding) {
    const records::Caseload& caseload = *result.caseload;
    const auto id = [&](std::uint32_t event) {
        return std::string(caseload.strings.view(caseload.event_id[event]));
    };
    const auto instant = [](time::Instant when) {
        return when == k_no_instant ? std::string() : time::format_instant(when);
    };
    Shown out;
    out.line = id(finding.trigger_event);
    if (finding.key.data() != nullptr) out.line += "[" + std::string(finding.key) + "]";
    out.line += " " + std::string(k_verdict_names[static_cast<std::size_t>(finding.verdict)]);
    if (finding.ending_event != k_no_event) out.line += " by " + id(finding.ending_event);
    for (std::size_t flag = 0; flag < k_flag_names.size(); ++flag) {
        if ((finding.flags >> flag & 1U) != 0) out.line += " +" + std::string(k_flag_names[flag]);
    }
    if (finding.reason.data() != nullptr) out.line += " (" + std::string(finding.reason) + ")";
    out.kase = caseload.strings.view(caseload.cases[finding.case_index].id);
    out.duty = result.policy->program().duties[finding.duty].id;
    out.opened = instant(finding.opened_at);
    out.due = instant(finding.due_at);
    out.ended = instant(finding.ended_at);
    out.owner = finding.owner;
    for (std::uint32_t i = 0; i < finding.evidence_count; ++i) {
        if (i > 0) out.evidence += " ";
        out.evidence += id(result.evidence[finding.evidence_begin + i]);
    }
    out.overdue = finding.overdue_seconds;
    out.elapsed = finding.elapsed_seconds;
    out.missed = finding.missed_periods;
    return out;
}

struct Audited {
    Result result;
    std::vector<Shown> findings;

    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> out;
        for (const Shown& finding : findings) out.push_back(finding.line);
        return out;
    }
    [[nodiscard]] const Shown& operator[](std::size_t i) const {
        static const Shown k_none;
        if (i < findings.size()) return findings[i];
        ADD_FAILURE() << "there is no finding " << i;
        return k_none;
    }
};

inline Audited audit_of(const PolicyText& policy, std::string_view caseload, std::string_view as_of,
                        std::string_view known_at = {}) {
    Options options;
    options.as_of = at(as_of);
    options.known_at = known_at.empty() ? options.as_of : at(known_at);
    options.verdicts = k_all_verdicts;
    Audited out;
    const auto compiled = policy_of(policy);
    if (!compiled) return out;
    out.result = audit(compiled, caseload_of(caseload), options);
    for (const Finding& finding : out.result.findings) out.findings.push_back(show(out.result, finding));
    return out;
}

/// One duty, one case.
inline Audited run(std::string_view duties, std::string_view events, std::string_view as_of,
                   std::string_view known_at = {}) {
    return audit_of({.duties = duties}, case_json({.events = events}), as_of, known_at);
}

using Lines = std::vector<std::string>;

}  // namespace duecare::evaluate::test
