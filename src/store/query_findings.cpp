#include <algorithm>

#include "base/text.hpp"
#include "evaluate/finding.hpp"
#include "store/finding_row.hpp"
#include "store/queries.hpp"
#include "store/where.hpp"

namespace duecare::store {

namespace json = boost::json;

std::vector<std::string_view> verdict_names() {
    return {evaluate::k_verdict_names.begin(), evaluate::k_verdict_names.end()};
}

std::string_view verdict_name(std::int64_t verdict) {
    if (verdict < 0 || static_cast<std::size_t>(verdict) >= evaluate::k_verdicts) return "unknown";
    return evaluate::k_verdict_names[static_cast<std::size_t>(verdict)];
}

void append_finding(ObjectWriter& out, const Statement& row) {
    out.text("finding", finding_name(row.number(0)));
    out.column("case_id", row, 1);
    out.column("duty_id", row, 2);
    out.column("key", row, 3);
    out.text("verdict", verdict_name(row.number(4)));
    out.instant_column("opened_at", row, 5);
    out.instant_column("due_at", row, 6);
    out.instant_column("ended_at", row, 7);
    out.number("overdue_seconds", row.number(8));
    out.number("elapsed_seconds", row.number(9));
    out.number("missed_periods", row.number(10));
    out.column("trigger_event", row, 11);
    out.column("ending_event", row, 12);
    std::string flags = "[";
    for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
        if ((row.number(13) & (std::int64_t{1} << bit)) == 0) continue;
        if (flags.size() > 1) flags += ',';
        append_json_string(flags, evaluate::k_flag_names[bit]);
    }
    out.raw("flags", flags + "]");
    out.column("reason", row, 14);
    out.column("owner", row, 15);
    out.column("unit", row, 16);
}

namespace {

Where where_of(const Fields& fields, const Names& names) {
    Where where;
    const std::vector<std::string> verdicts = fields.choices("verdicts", verdict_names());
    if (!verdicts.empty()) {
        std::string set;
        for (std::size_t i = 0; i < evaluate::k_verdicts; ++i) {
            if (std::find(verdicts.begin(), verdicts.end(), evaluate::k_verdict_names[i]) != verdicts.end())
                set += (set.empty() ? "" : ",") + std::to_string(i);
        }
        where.add("f.verdict IN (" + set + ")");
    }
    where.add_ids(fields, names, "f", {"case_id", "duty_id", "owner", "unit"});
    if (fields.has("key")) where.add("f.key = ?", names(fields.text("key")));
    if (fields.has("finding")) where.add("f.finding = " + std::to_string(fields.finding("finding")));
    return where;
}

}  // namespace

std::string list_findings(Database& db, const Names& names, const json::object& query) {
    const Fields fields(query, {"what", "run", "verdicts", "case_id", "duty_id", "owner", "unit", "key",
                                "finding", "limit", "offset"});
    const std::int64_t run = need_run(db, fields, "run");
    need_part(db, run, "findings");
    if (fields.has("duty_id")) need_duty(db, fields.text("duty_id"), run, run);
    const Where where = where_of(fields, names);
    const std::string from =
        " FROM finding f LEFT JOIN text c ON c.id = f.case_id LEFT JOIN text d ON d.id = f.duty "
        "LEFT JOIN text o ON o.id = f.owner LEFT JOIN text u ON u.id = f.unit LEFT JOIN text r "
        "ON r.id = f.reason LEFT JOIN evidence e ON e.run = f.run AND e.finding = f.finding "
        "WHERE f.run = ?" +
        where.sql();
    Statement count(db, "SELECT count(*) FROM finding f WHERE f.run = ?" + where.sql());
    where.bind(count.bind(1, run), 2);
    count.step();
    std::string out;
    {
        ObjectWriter summary(out);
        summary.number("run", run);
        summary.number("total", count.number(0));
        summary.end();
    }
    Statement read(db, "SELECT " + std::string(k_finding_columns) + ", e.events, e.sentence" + from +
                           " ORDER BY f.place LIMIT ? OFFSET ?");
    const int place = where.bind(read.bind(1, run), 2);
    read.bind(place, fields.whole_if("limit", 0).value_or(-1));
    read.bind(place + 1, fields.whole_if("offset", 0).value_or(0));
    while (read.step()) {
        out += '\n';
        ObjectWriter writer(out);
        append_finding(writer, read);
        if (!read.is_null(17)) writer.raw("evidence", read.text(17));
        if (!read.is_null(18)) writer.text("explanation", read.text(18));
        writer.end();
    }
    return out + "\n";
}

std::string show_case(Database& db, const Names& names, const json::object& query) {
    const Fields fields(query, {"what", "run", "case_id"});
    const std::int64_t run = need_run(db, fields, "run");
    const std::string id = names(fields.text("case_id"));
    Statement read(
        db,
        "SELECT h.json, rc.record FROM text t JOIN run_case rc ON rc.run = ?1 AND rc.case_id = t.id LEFT "
        "JOIN history h ON h.case_id = rc.case_id AND h.record = rc.record WHERE t.value = ?2");
    read.bind(1, run).bind(2, std::string_view(id));
    if (!read.step()) {
        throw Error(Status::not_found, "Run " + std::to_string(run) + " has no such case, or it was pruned.",
                    "/case_id");
    }
    if (read.is_null(0)) {
        throw Error(Status::not_found,
                    "The history of that case is not kept: the run was stored without histories, or they "
                    "were pruned.",
                    "/case_id");
    }
    return std::string(read.text(0));
}

}  // namespace duecare::store
