#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.hpp"
#include "evaluate/binding.hpp"
#include "findings/report.hpp"
#include "policy/program.hpp"
#include "records/writer.hpp"
#include "store/run.hpp"

namespace duecare::store {

using evaluate::Finding;
using evaluate::Result;

std::size_t RunWriter::ShareHash::operator()(const Share& share) const noexcept {
    std::uint64_t hash = 0;
    for (const std::int64_t part : {share.duty, share.unit, share.owner, share.verdict})
        hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9E37'79B9'7F4A'7C15U;
    return static_cast<std::size_t>(hash ^ hash >> 29U);
}

RunWriter::RunWriter(Database& db, const Result& result, const Names& names, std::int64_t run)
    : db_(db),
      result_(result),
      names_(names),
      run_(run),
      texts_(db, run),
      cases_(result.caseload->cases.size(), 0),
      duties_(result.policy->program().duties.size(), 0),
      held_(4096),
      units_(result) {}

std::int64_t RunWriter::case_text(std::uint32_t index) {
    std::int64_t& text = cases_[index];
    if (text == 0) {
        const records::Caseload& caseload = *result_.caseload;
        text = texts_.id(names_(caseload.strings.view(caseload.cases[index].id)));
    }
    return text;
}

std::int64_t RunWriter::duty_text(std::uint32_t duty) {
    std::int64_t& text = duties_[duty];
    if (text == 0) text = texts_.id(result_.policy->program().duties[duty].id);
    return text;
}

std::int64_t RunWriter::hold(std::string_view text, bool is_a_name) {
    if (text.data() == nullptr) return 0;
    const auto place = reinterpret_cast<std::uintptr_t>(text.data());
    Held& held = held_[(place >> 3U ^ place >> 13U) % held_.size()];
    if (held.text.data() != text.data() || held.text.size() != text.size() || held.is_a_name != is_a_name)
        held = {text, texts_.id(is_a_name ? names_(text) : std::string(text)), is_a_name};
    return held.number;
}

std::int64_t RunWriter::unit_of(const Finding& finding) {
    const findings::Units::Unit unit = units_.of(finding);
    // Nobody can tell the name of a unit from that of a person whom the records do not know.
    return hold(unit.text, unit.is_owner);
}

void RunWriter::count(const Finding& finding, std::int64_t owner, std::int64_t unit) {
    ++shares_[{duty_text(finding.duty), unit, owner, static_cast<std::int64_t>(finding.verdict)}];
}

void RunWriter::finding(PartWriter& to, const Identity& identity) {
    const Finding& finding = result_.findings[identity.finding];
    const auto optional = [&](std::int64_t value, std::int64_t none) {
        if (value == none) return to.null();
        to.number(value);
    };
    const auto event = [&](std::string_view text, std::uint32_t index) {
        if (index == evaluate::k_no_event) return to.null();
        to.text(text);
    };
    name(result_, finding, names_, written_);
    const std::int64_t owner = hold(finding.owner, true);
    const std::int64_t unit = unit_of(finding);
    to.number(identity.number);
    to.number(identity.finding);
    to.number(case_text(finding.case_index));
    to.number(duty_text(finding.duty));
    if (finding.key.data() == nullptr) {
        to.null();
    } else {
        to.text(written_.key);
    }
    to.number(static_cast<std::int64_t>(finding.verdict));
    to.number(finding.opened_at);
    optional(finding.due_at, evaluate::k_no_instant);
    optional(finding.ended_at, evaluate::k_no_instant);
    to.number(finding.overdue_seconds);
    to.number(finding.elapsed_seconds);
    to.number(finding.missed_periods);
    event(written_.trigger, finding.trigger_event);
    event(written_.ending, finding.ending_event);
    to.number(finding.flags);
    optional(hold(finding.reason, false), 0);
    optional(owner, 0);
    optional(unit, 0);
    to.number(identity.nth);
    to.end_row();
    count(finding, owner, unit);
}

void RunWriter::findings(const std::vector<Identity>& identities) {
    PartWriter writer(db_, Part::findings, run_);
    for (const Identity& identity : identities) finding(writer, identity);
    writer.finish();
}

void RunWriter::evidence(const std::vector<Identity>& identities, bool sentences) {
    // Sentences are quick in the order of the findings, rows in that of the numbers.
    std::vector<std::string> told;
    if (sentences) {
        findings::Explainer explainer(result_);
        told.reserve(identities.size());
        for (std::size_t i = 0; i < identities.size(); ++i) told.push_back(explainer.sentence(i));
    }
    PartWriter writer(db_, Part::evidence, run_);
    std::string events;
    for (const Identity& identity : identities) {
        const Finding& finding = result_.findings[identity.finding];
        events = "[";
        for (std::uint32_t i = 0; i < finding.evidence_count; ++i) {
            if (i != 0) events += ',';
            append_json_string(
                events,
                event_as_written(result_, finding, result_.evidence[finding.evidence_begin + i], names_));
        }
        events += ']';
        writer.number(identity.number);
        writer.text(events);
        if (sentences) {
            writer.text(told[identity.finding]);
        } else {
            writer.null();
        }
        writer.end_row();
    }
    writer.finish();
}

void RunWriter::cases(const CaseloadDigest& digests) {
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    rows.reserve(cases_.size());
    for (std::uint32_t i = 0; i < cases_.size(); ++i)
        rows.emplace_back(case_text(i), first_number(digests.cases[i]));
    std::sort(rows.begin(), rows.end());
    PartWriter writer(db_, Part::cases, run_);
    for (const auto& [text, record] : rows) {
        writer.number(text);
        writer.number(record);
        writer.end_row();
    }
    writer.finish();
}

void RunWriter::corrections() {
    const records::Caseload& caseload = *result_.caseload;
    const evaluate::Binding binding(result_.policy->program(), caseload, result_.as_of, result_.known_at);
    std::vector<std::tuple<std::int64_t, std::string, std::string>> rows;
    for (std::uint32_t i = 0; i < cases_.size(); ++i) {
        const records::Range range = caseload.cases[i].corrections;
        for (std::uint32_t c = range.begin; c < range.end; ++c) {
            const records::Correction& correction = caseload.corrections[c];
            if (binding.start_of(caseload.recorded(correction.by)) > result_.known_at) continue;
            rows.emplace_back(case_text(i), caseload.strings.view(caseload.event_id[correction.replaced]),
                              caseload.strings.view(caseload.event_id[correction.by]));
        }
    }
    std::sort(rows.begin(), rows.end());
    PartWriter writer(db_, Part::corrections, run_);
    for (const auto& [text, corrected, by] : rows) {
        writer.number(text);
        writer.text(corrected);
        writer.text(by);
        writer.end_row();
    }
    writer.finish();
}

void RunWriter::tally() {
    std::vector<std::pair<Share, std::int64_t>> rows(shares_.begin(), shares_.end());
    std::sort(rows.begin(), rows.end());
    PartWriter writer(db_, Part::tally, run_);
    for (const auto& [share, n] : rows) {
        for (const std::int64_t value : {share.duty, share.unit, share.owner, share.verdict, n})
            writer.number(value);
        writer.end_row();
    }
    writer.finish();
}

void RunWriter::rejects(const records::ReadReport& report) {
    PartWriter writer(db_, Part::rejects, run_);
    std::string case_id;
    for (std::size_t i = 0; i < report.rejects.size(); ++i) {
        const records::Reject& reject = report.rejects[i];
        case_id = reject.case_id.empty() ? std::string() : names_(reject.case_id);
        writer.number(static_cast<std::int64_t>(i));
        writer.text(reject.source);
        writer.number(static_cast<std::int64_t>(reject.line));
        writer.text(case_id);
        writer.text(reject.pointer);
        writer.text(reject.reason);
        writer.end_row();
    }
    writer.finish();
}

void RunWriter::histories(const CaseloadDigest& digests) {
    std::vector<std::tuple<std::int64_t, std::int64_t, std::uint32_t>> rows;
    Statement known(db_, "SELECT 1 FROM history WHERE case_id = ? AND record = ?");
    for (std::uint32_t i = 0; i < cases_.size(); ++i) {
        const std::int64_t record = first_number(digests.cases[i]);
        known.bind(1, case_text(i)).bind(2, record);
        if (!known.step()) rows.emplace_back(case_text(i), record, i);
        known.reset();
    }
    std::sort(rows.begin(), rows.end());
    PartWriter writer(db_, Part::histories, run_, "json");
    std::string json;
    for (const auto& [text, record, index] : rows) {
        json.clear();
        records::append_case_json(json, *result_.caseload, index);
        writer.number(text);
        writer.number(record);
        writer.blob(view(digests.cases[index]));
        writer.end_row(json);
    }
    writer.finish();
}

}  // namespace duecare::store
