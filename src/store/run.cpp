#include "store/run.hpp"

#include <numeric>

#include "base/text.hpp"
#include "policy/program.hpp"
#include "store/fields.hpp"

namespace duecare::store {

using evaluate::Result;

namespace {

void need_all_verdicts(const Result& result) {
    std::uint64_t obligations = 0;
    for (const auto& counts : result.counts)
        obligations = std::accumulate(counts.begin(), counts.end(), obligations);
    if (obligations == result.findings.size()) return;
    throw Error(
        Status::invalid_argument,
        "This result keeps " + std::to_string(result.findings.size()) + " of its " +
            std::to_string(obligations) +
            " obligations. Audit with all verdicts: a store that does not know what was met cannot tell "
            "what was resolved from what is gone.");
}

std::string identity_of(const Result& result, const RunSource& source, Keep keep,
                        const std::string& caseload) {
    RowBytes bytes;
    bytes.text(result.policy->digest());
    bytes.text(caseload);
    bytes.number(result.as_of);
    bytes.number(result.known_at);
    bytes.text(source.engine);
    bytes.text(result.policy->program().zone_data_version);
    bytes.number(static_cast<std::int64_t>(keep));
    return to_hex(bytes.digest());
}

std::int64_t put_policy(Database& db, const policy::Policy& policy) {
    Statement find(db, "SELECT id FROM policy WHERE digest = ?");
    find.bind(1, std::string_view(policy.digest()));
    if (find.step()) return find.number(0);
    const std::int64_t id = db.number("SELECT coalesce(max(id), 0) + 1 FROM policy");
    Statement(
        db,
        "INSERT INTO policy(id, digest, policy_id, version, title, zone, json) VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(1, id)
        .bind(2, std::string_view(policy.digest()))
        .bind(3, std::string_view(policy.id()))
        .bind(4, std::string_view(policy.version()))
        .bind(5, std::string_view(policy.title()))
        .bind(6, std::string_view(policy.time_zone()))
        .bind(7, std::string_view(policy.merged_json()))
        .run();
    append_link(db, "policy", id, digest_of_row(db, "policy", id));
    return id;
}

void put_row(Database& db, std::int64_t id, const Result& result, const RunSource& source, Keep keep,
             const RunFacts& facts) {
    const std::int64_t policy = put_policy(db, *result.policy);
    const auto count = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    Statement(
        db,
        "INSERT INTO run(id, identity, policy, recorded_at, label, by, as_of, known_at, caseload, cases, "
        "events, visible, findings, rejects, keep, engine, zones) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, id)
        .bind(2, std::string_view(facts.identity))
        .bind(3, policy)
        .bind(4, facts.recorded_at)
        .bind(5, facts.label)
        .bind(6, facts.by)
        .bind(7, result.as_of)
        .bind(8, result.known_at)
        .bind(9, std::string_view(facts.caseload.all))
        .bind(10, count(result.caseload->cases.size()))
        .bind(11, count(result.caseload->event_count()))
        .bind(12, count(result.visible_events))
        .bind(13, count(result.findings.size()))
        .bind(14, count(source.report.rejects.size()))
        .bind(15, static_cast<std::int64_t>(keep))
        .bind(16, source.engine)
        .bind(17, std::string_view(result.policy->program().zone_data_version))
        .run();
}

std::string answer(std::int64_t run, bool is_new, std::int64_t findings, const std::string& head) {
    std::string out = "{\"run\":";
    append_integer(out, run);
    out += is_new ? ",\"is_new\":true,\"findings\":" : ",\"is_new\":false,\"findings\":";
    append_integer(out, findings);
    out += ",\"head\":\"" + head + "\"}";
    return out;
}

}  // namespace

RunFacts facts_of(const Result& result, const RunSource& source, Keep keep, const Names& names) {
    const boost::json::object info = parse_object(source.info, "the info of the run");
    const Fields fields(info, {"recorded_at", "label", "by"});
    RunFacts out;
    out.recorded_at = fields.instant("recorded_at");
    out.label = fields.text_if("label");
    out.by = fields.text_if("by");
    if (out.by) out.by = names(*out.by);
    need_all_verdicts(result);
    out.caseload = digest_of(*result.caseload);
    out.identity = identity_of(result, source, keep, out.caseload.all);
    out.identities = identities_of(result, names);
    return out;
}

std::string store_run(Database& db, const Result& result, const RunSource& source, Keep keep,
                      const Names& names, const RunFacts& facts) {
    {
        Statement find(db, "SELECT id, findings FROM run WHERE identity = ?");
        find.bind(1, std::string_view(facts.identity));
        if (find.step()) return answer(find.number(0), false, find.number(1), head_of(db));
    }
    const std::int64_t id = db.number("SELECT coalesce(max(id), 0) + 1 FROM run");
    put_row(db, id, result, source, keep, facts);
    RunWriter writer(db, result, names, id);
    writer.cases(facts.caseload);
    writer.findings(facts.identities);
    writer.tally();
    writer.corrections();
    writer.rejects(source.report);
    if (keep != Keep::identity) writer.evidence(facts.identities, !names.are_hidden());
    if (keep == Keep::histories) writer.histories(facts.caseload);
    writer.finish();
    const std::string head = append_link(db, "run", id, digest_of_row(db, "run", id));
    return answer(id, true, static_cast<std::int64_t>(result.findings.size()), head);
}

}  // namespace duecare::store
