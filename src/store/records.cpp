#include "store/records.hpp"

#include "base/text.hpp"
#include "store/chain.hpp"
#include "store/fields.hpp"
#include "store/queries.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

// Parts of a subject are lengths and texts, so that no two give the same.
std::string subject_of(const json::object& body, std::initializer_list<std::string_view> keys) {
    std::string out;
    for (const std::string_view key : keys) {
        const std::string_view part = text_at(body, key);
        if (!out.empty()) out += '\n';
        out.append(std::to_string(part.size())).append(":").append(part);
    }
    return out;
}

// A key signs a thing once; what another key says of it stands beside.
std::string signed_subject(const json::object& body) {
    const char* kind = body.contains("run") ? "run" : "record";
    const json::value* ref = body.if_contains(kind);
    const std::int64_t number = ref != nullptr && ref->is_int64() ? ref->get_int64() : 0;
    return kind + std::to_string(number) + "\n" + subject_of(body, {"public_key"});
}

/// Collects the fields of a body in a fixed order.
class Body {
  public:
    explicit Body(const Fields& fields, const Names& names) : fields_(fields), names_(names) {}
    void text(std::string_view key) { put(key, fields_.text(key)); }
    void text_if(std::string_view key) {
        if (fields_.has(key)) text(key);
    }
    void name(std::string_view key) { put(key, names_(fields_.text(key))); }
    void instant(std::string_view key) { put(key, time::format_instant(fields_.instant(key))); }
    void value(std::string_view key) {
        const json::value& given = fields_.need(key, "an answer");
        if (given.is_null()) fields_.fail(key, "An answer is expected, not null.");
        body_[json::string_view(key.data(), key.size())] = given;
    }
    /// What stood under the key before, if anything did.
    void keep(std::string_view key, const json::object& before) {
        const json::string_view name(key.data(), key.size());
        if (const json::value* value = before.if_contains(name)) body_[name] = *value;
    }
    [[nodiscard]] bool says(std::string_view key, std::string_view text) const {
        return text_at(body_, key) == text;
    }
    void put(std::string_view key, std::string_view text) {
        body_[json::string_view(key.data(), key.size())] = json::string_view(text.data(), text.size());
    }
    void put(std::string_view key, std::int64_t number) {
        body_[json::string_view(key.data(), key.size())] = number;
    }
    [[nodiscard]] std::string done() const { return json::serialize(body_); }

  private:
    const Fields& fields_;
    const Names& names_;
    json::object body_;
};

/// Why a finding may be gone that was there; empty where nothing was pruned.
std::string pruned_runs(Database& db) {
    Statement read(db, "SELECT run FROM part WHERE name = 'findings' AND pruned IS NOT NULL ORDER BY run");
    std::vector<std::int64_t> runs;
    while (read.step()) runs.push_back(read.number(0));
    if (runs.empty()) return {};
    std::string out = runs.size() == 1 ? " The findings of run " : " The findings of runs ";
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i > 0) out += i + 1 == runs.size() ? " and " : ", ";
        append_integer(out, runs[i]);
    }
    return out + " were pruned; it may have been one of them.";
}

/// Notes whose finding it is, so that the record says so when the finding's run has been pruned.
void put_finding(Database& db, const Fields& fields, Body& body) {
    const std::int64_t number = fields.finding("finding");
    Statement find(
        db,
        "SELECT f.run, c.value, d.value FROM run r JOIN finding f ON f.run = r.id AND f.finding = ? "
        "JOIN text c ON c.id = f.case_id JOIN text d ON d.id = f.duty ORDER BY r.id DESC LIMIT 1");
    find.bind(1, number);
    if (!find.step()) {
        std::string pointer;
        append_pointer(pointer, "finding");
        throw Error(Status::not_found,
                    "No run of the store has a finding \"" + finding_name(number) +
                        "\"; its 16 hex digits stand in what a query for findings gives." + pruned_runs(db),
                    pointer);
    }
    body.put("finding", finding_name(number));
    body.put("run", find.number(0));
    body.put("case_id", find.text(1));
    body.put("duty_id", find.text(2));
}

/// The subject of what is known by its id alone.
std::string subject_of_id(const std::string& id) {
    return std::to_string(id.size()) + ":" + id;
}

void need_manifest(Database& db, const Fields& fields) {
    const std::string id = fields.text("manifest");
    Statement find(db, "SELECT 1 FROM record WHERE kind = 'manifest' AND subject = ? LIMIT 1");
    const std::string subject = subject_of_id(id);
    find.bind(1, std::string_view(subject));
    if (find.step()) return;
    throw Error(Status::not_found,
                "No manifest \"" + id + "\" was put into the store; put it before what refers to it.",
                "/manifest");
}

std::string decision(Database& db, const Names& names, const json::object& given) {
    const Fields fields(given, {"finding", "verdict", "by", "reason", "at"});
    Body body(fields, names);
    const std::string verdict = fields.choice("verdict", decision_verdicts());
    put_finding(db, fields, body);
    body.put("verdict", verdict);
    body.name("by");
    body.text("reason");
    body.instant("at");
    return body.done();
}

/// The latest record of an action that was not pruned; empty where there is none.
json::object latest_action(Database& db, const std::string& id) {
    Statement read(db,
                   "SELECT body FROM record WHERE kind = 'action' AND subject = ? ORDER BY id DESC LIMIT 1");
    const std::string subject = subject_of_id(id);
    read.bind(1, std::string_view(subject));
    return read.step() ? object_in(read.text(0)).value_or(json::object()) : json::object();
}

/// Of a title that is missing: either the id is mistyped, or the action is new.
[[noreturn]] void fail_unknown_action(Database& db, const Fields& fields) {
    const std::string id = fields.text("id");
    std::vector<std::string> known;
    Statement read(db, "SELECT DISTINCT body FROM record WHERE kind = 'action' AND body IS NOT NULL");
    while (read.step()) known.emplace_back(text_at(object_in(read.text(0)).value_or(json::object()), "id"));
    const std::vector<std::string_view> names(known.begin(), known.end());
    fields.fail("title", "There is no action \"" + id + "\" yet." + suggestion(id, names) +
                             " A new one needs a title.");
}

/// What an action is about: a finding, a duty, neither where both are null; what it was where nothing is
/// said.
void put_subject_of_action(Database& db, const Fields& fields, Body& body, const json::object& before) {
    const bool has_finding = fields.has("finding") && !fields.is_null("finding");
    const bool has_duty = fields.has("duty_id") && !fields.is_null("duty_id");
    if (has_finding && has_duty)
        fields.fail("duty_id", "Give the finding or the duty, not both: a finding says its duty.");
    if (has_finding) return put_finding(db, fields, body);
    if (has_duty) {
        need_duty(db, fields.text("duty_id"), 1, INT64_MAX);
        return body.text("duty_id");
    }
    if (fields.has("finding") || fields.has("duty_id")) return;
    for (const char* key : {"finding", "run", "case_id", "duty_id"}) body.keep(key, before);
}

std::string action(Database& db, const Names& names, const json::object& given) {
    const Fields fields(
        given, {"id", "title", "status", "due_at", "owner", "finding", "duty_id", "by", "reason", "at"});
    Body body(fields, names);
    body.text("id");
    // What is not given stays as it was, so that the latest record says all there is to say.
    const json::object before = latest_action(db, fields.text("id"));
    const auto stays = [&](std::string_view key) { return !fields.has(key) && before.contains(key); };
    if (before.empty() && !fields.has("title")) fail_unknown_action(db, fields);
    if (stays("title")) {
        body.keep("title", before);
    } else {
        body.text("title");
    }
    if (stays("status")) {
        body.keep("status", before);
    } else {
        body.put("status", fields.has("status") ? fields.choice("status", {"open", "done", "dropped"})
                                                : std::string("open"));
    }
    if (stays("due_at")) {
        body.keep("due_at", before);
    } else if (fields.has("due_at") && !fields.is_null("due_at")) {
        body.instant("due_at");
    } else if (body.says("status", "open")) {
        fields.fail("due_at", "An action that is open needs the date it is due at.");
    }
    if (stays("owner")) {
        body.keep("owner", before);  // a pseudonym stays one
    } else if (fields.has("owner") && !fields.is_null("owner")) {
        body.name("owner");
    }
    put_subject_of_action(db, fields, body, before);
    body.name("by");
    body.text_if("reason");
    body.instant("at");
    return body.done();
}

std::string manifest(const Names& names, const json::object& given) {
    const Fields fields(given, {"id", "manifest", "by", "at"});
    Body body(fields, names);
    body.text("id");
    const std::string text = fields.text("manifest");
    const std::optional<json::object> parsed = object_in(text);
    if (!parsed || text_at(*parsed, "format") != "duecare.sample-manifest/1") {
        fields.fail("manifest",
                    "The text of a manifest of format \"duecare.sample-manifest/1\" was expected, as it was "
                    "written.");
    }
    if (names.are_hidden()) {
        fields.fail(
            "manifest",
            "This store keeps pseudonyms alone, and a manifest names the cases that were drawn; keep it "
            "elsewhere, and its digest here as a note.");
    }
    body.text("manifest");
    body.name("by");
    body.instant("at");
    return body.done();
}

std::string review(Database& db, const Names& names, std::string_view kind, const json::object& given) {
    const Fields fields(given, {"manifest", "unit", "question", "answer", "by", "reason", "at"});
    Body body(fields, names);
    need_manifest(db, fields);
    body.text("manifest");
    body.name("unit");
    body.text("question");
    body.value("answer");
    body.name("by");
    if (kind == "adjudication") {
        body.text("reason");
    } else {
        body.text_if("reason");
    }
    body.instant("at");
    return body.done();
}

std::string note(Database& db, const Names& names, const json::object& given) {
    const Fields fields(given, {"finding", "about", "text", "by", "at"});
    Body body(fields, names);
    if (fields.has("finding") == fields.has("about"))
        fields.fail("about",
                    "A note is about a \"finding\" or, in words, \"about\" something; give one of them.");
    if (fields.has("finding")) put_finding(db, fields, body);
    body.text_if("about");
    body.text("text");
    body.name("by");
    body.instant("at");
    return body.done();
}

}  // namespace

std::vector<std::string_view> record_kinds() {
    return {"decision", "action", "manifest", "review", "adjudication", "note"};
}

std::vector<std::string_view> decision_verdicts() {
    return {"accepted", "disputed", "explained", "false_alarm"};
}

Derived derive(std::string_view kind, std::string_view body) {
    Derived out;
    const std::optional<json::object> parsed = object_in(body);
    if (!parsed) return out;
    const json::object& object = *parsed;
    if (kind == "decision") out.subject = subject_of(object, {"finding"});
    if (kind == "action" || kind == "manifest") out.subject = subject_of(object, {"id"});
    if (kind == "review") out.subject = subject_of(object, {"manifest", "unit", "question", "by"});
    if (kind == "adjudication") out.subject = subject_of(object, {"manifest", "unit", "question"});
    if (kind == "note") out.subject = subject_of(object, {"finding", "about"});
    if (kind == "signature") out.subject = signed_subject(object);
    const auto at = time::parse_stamp(text_at(object, "at"));
    if (at) out.at = at->micros;
    return out;
}

std::string body_of(Database& db, const Names& names, std::string_view kind, std::string_view json) {
    const json::object given = parse_object(json, "the record");
    if (kind == "decision") return decision(db, names, given);
    if (kind == "action") return action(db, names, given);
    if (kind == "manifest") return manifest(names, given);
    if (kind == "review" || kind == "adjudication") return review(db, names, kind, given);
    if (kind == "note") return note(db, names, given);
    if (kind == "signature") {
        throw Error(
            Status::invalid_argument,
            "A signature is not put: it is made of the store itself, by duecare_store_sign (in Python "
            "and on the command line: sign).");
    }
    throw Error(Status::invalid_argument,
                "There are no records of the kind \"" + std::string(kind) +
                    "\"; expected is \"decision\", \"action\", \"manifest\", \"review\", \"adjudication\" or "
                    "\"note\"." +
                    suggestion(kind, record_kinds()));
}

Put put_record(Database& db, std::string_view kind, std::string_view body) {
    const Derived derived = derive(kind, body);
    {
        Statement latest(
            db, "SELECT id, body FROM record WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1");
        latest.bind(1, kind).bind(2, std::string_view(derived.subject));
        if (latest.step() && latest.text(1) == body) return {latest.number(0), head_of(db), false};
    }
    Put out;
    out.id = db.number("SELECT coalesce(max(id), 0) + 1 FROM record");
    Statement(db, "INSERT INTO record(id, kind, body, subject, at) VALUES(?, ?, ?, ?, ?)")
        .bind(1, out.id)
        .bind(2, kind)
        .bind(3, body)
        .bind(4, std::string_view(derived.subject))
        .bind(5, derived.at)
        .run();
    out.head = append_link(db, "record", out.id, digest_of_row(db, "record", out.id));
    return out;
}

}  // namespace duecare::store
