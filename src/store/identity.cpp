#include "store/identity.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "findings/report.hpp"
#include "policy/program.hpp"
#include "records/writer.hpp"
#include "store/chain.hpp"
#include "store/fields.hpp"

namespace duecare::store {

using evaluate::Finding;
using evaluate::Result;

CaseloadDigest digest_of(const records::Caseload& caseload) {
    CaseloadDigest out;
    out.cases.reserve(caseload.cases.size());
    std::string json;
    Sha256 one;
    Sha256 all;
    for (std::uint32_t i = 0; i < caseload.cases.size(); ++i) {
        json.clear();
        records::append_case_json(json, caseload, i);
        one.update(json);
        out.cases.push_back(one.finish());
        all.update(view(out.cases.back()));
    }
    json.clear();
    records::append_staff_json(json, caseload);
    one.update(json);
    all.update(view(one.finish()));
    out.all = to_hex(all.finish());
    return out;
}

std::string event_as_written(const Result& result, const Finding& finding, std::uint32_t event,
                             const Names& names) {
    std::string name = findings::event_name(result, finding.case_index, event);
    if (!names.are_hidden()) return name;
    const records::Caseload& caseload = *result.caseload;
    const records::Range own = caseload.cases[finding.case_index].events;
    if (event >= own.begin && event < own.end) return name;
    const std::uint32_t other = findings::case_of_event(caseload, event);
    return names.event(name, true, caseload.strings.view(caseload.cases[other].id));
}

void name(const Result& result, const Finding& finding, const Names& names, FindingNames& to) {
    const records::Caseload& caseload = *result.caseload;
    const records::Range own = caseload.cases[finding.case_index].events;
    const auto event = [&](std::string& made, std::uint32_t index) -> std::string_view {
        if (index == evaluate::k_no_event) return {};
        if (index >= own.begin && index < own.end) return caseload.strings.view(caseload.event_id[index]);
        made = event_as_written(result, finding, index, names);
        return made;
    };
    to.key = finding.key;
    if (names.are_hidden() && finding.key.data() != nullptr) {
        to.made[0] = names(finding.key);
        to.key = to.made[0];
    }
    to.trigger = event(to.made[1], finding.trigger_event);
    to.ending = event(to.made[2], finding.ending_event);
}

namespace {

class Numbering {
  public:
    Numbering(const Result& result, const Names& names) : result_(result), names_(names) {}

    Identity next(std::uint32_t index) {
        const Finding& finding = result_.findings[index];
        if (finding.case_index != case_) {
            case_ = finding.case_index;
            case_name_ = names_(result_.caseload->strings.view(result_.caseload->cases[case_].id));
            seen_.clear();
        }
        name(result_, finding, names_, texts_);
        const std::uint32_t nth = nth_of(finding);
        bytes_.clear();
        bytes_.text(case_name_);
        bytes_.text(result_.policy->program().duties[finding.duty].id);
        if (finding.key.data() == nullptr) {
            bytes_.null();
        } else {
            bytes_.text(texts_.key);
        }
        bytes_.text(texts_.trigger);
        bytes_.number(finding.opened_at);
        bytes_.number(nth);
        return {first_number(bytes_.digest()), index, nth};
    }

  private:
    // Findings of a case stand together, those of a duty side by side: few need looking through.
    std::uint32_t nth_of(const Finding& finding) {
        std::uint32_t nth = 0;
        for (const Finding* other : seen_) {
            nth += other->duty == finding.duty && other->opened_at == finding.opened_at &&
                   other->trigger_event == finding.trigger_event && other->key == finding.key &&
                   (other->key.data() == nullptr) == (finding.key.data() == nullptr);
        }
        if (!seen_.empty() &&
            (seen_.back()->duty != finding.duty || seen_.back()->opened_at != finding.opened_at))
            seen_.clear();
        seen_.push_back(&finding);
        return nth;
    }

    const Result& result_;
    const Names& names_;
    std::uint32_t case_ = evaluate::k_no_event;
    std::string case_name_;
    std::vector<const Finding*> seen_;
    FindingNames texts_;
    RowBytes bytes_;
};

}  // namespace

std::vector<Identity> identities_of(const Result& result, const Names& names) {
    std::vector<Identity> out;
    out.reserve(result.findings.size());
    Numbering numbering(result, names);
    for (std::uint32_t i = 0; i < result.findings.size(); ++i) out.push_back(numbering.next(i));
    std::sort(out.begin(), out.end(),
              [](const Identity& a, const Identity& b) { return a.number < b.number; });
    const auto twice = std::adjacent_find(
        out.begin(), out.end(), [](const Identity& a, const Identity& b) { return a.number == b.number; });
    if (twice != out.end()) {
        throw Error(Status::limit, "Two findings of this result have the number " +
                                       finding_name(twice->number) +
                                       "; the store cannot tell them apart. Store its cases in two runs.");
    }
    return out;
}

}  // namespace duecare::store
