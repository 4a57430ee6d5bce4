#include "findings/units.hpp"

#include "policy/program.hpp"

namespace duecare::findings {

namespace {

std::string_view text_or_none(const records::Caseload& caseload, records::StringId text) {
    if (text == records::k_no_string) return {};
    const std::string_view found = caseload.strings.view(text);
    return found.empty() ? std::string_view() : found;
}

std::string_view unit_of_case(const records::Caseload& caseload, std::uint32_t index) {
    const records::StringId key = caseload.strings.find("unit");
    if (key == records::k_no_string) return {};
    const records::PathId path = caseload.paths.find(records::k_root_path, key);
    if (path == records::k_no_path) return {};
    const records::Attribute* const unit = caseload.attribute(caseload.cases[index].attributes, path);
    if (unit == nullptr || unit->kind != records::ValueKind::string) return {};
    return text_or_none(caseload, unit->string);
}

}  // namespace

bool Units::is_person(records::StringId owner) const {
    if (owner == records::k_no_string) return false;
    const records::Caseload& caseload = *result_.caseload;
    if (caseload.has_staff(owner)) return true;
    std::call_once(looked_, [&] {
        std::unordered_set<records::StringId> found;
        for (const records::Actor& actor : caseload.actors) found.insert(actor.id);
        actors_ = std::move(found);
    });
    return actors_.contains(owner);
}

Units::Unit Units::of(const evaluate::Finding& finding) const {
    const records::Caseload& caseload = *result_.caseload;
    if (finding.owner.data() != nullptr && !finding.owner.empty()) {
        const records::StringId owner = caseload.strings.find(finding.owner);
        if (owner != records::k_no_string) {
            const bool is_past = finding.due_at != evaluate::k_no_instant && finding.due_at < result_.as_of;
            const time::Day on =
                result_.policy->program().reckoning.zone.local_day(is_past ? finding.due_at : result_.as_of);
            const records::Service* const service = caseload.service(owner, on);
            const std::string_view unit =
                service == nullptr ? std::string_view() : text_or_none(caseload, service->unit);
            if (unit.data() != nullptr) return {unit, false};
        }
        if (!is_person(owner)) return {finding.owner, true};
    }
    return {unit_of_case(caseload, finding.case_index), false};
}

}  // namespace duecare::findings
