// Writes the store that README.md tells of, by whichever version of the library it is built against.
//
//     write FILE
#include <duecare/duecare.hpp>
#include <iostream>
#include <string>

namespace dc = duecare::host;

namespace {

constexpr const char* k_policy = R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P",
"owner":"case.holder","time_zone":"Europe/London","duties":[{"id":"interview","title":"T","area":"a",
"severity":"high","source":{"title":"S","section":"1","url":"https://example.org/s","status":"illustrative"},
"on":{"event":"missing.returned"},"require":{"event":"interview"},"within":"72 hours"}]})";

constexpr const char* k_staff =
    R"({"format":"duecare.staff/1","staff":[{"id":"S1","service":[{"from":"2020-01-01","unit":"North"}]}]})"
    "\n";

std::string case_of(const std::string& id, const std::string& answer) {
    return R"({"format":"duecare.case/1","id":")" + id +
           R"(","attributes":{"holder":"S1"},"events":[{"id":"e1","type":"missing.returned",)"
           R"("occurred_at":"2026-01-05T08:00:00Z"})" +
           answer + "]}\n";
}

std::string event(const std::string& id, const std::string& when, const std::string& more) {
    return R"(,{"id":")" + id + R"(","type":"interview","occurred_at":")" + when + "\"" + more + "}";
}

/// Met, late, missed, and one whose answer was late until it was corrected on 1 February.
std::string cases() {
    return case_of("C1", event("e2", "2026-01-06T08:00:00Z", "")) +
           case_of("C2", event("e2", "2026-01-20T08:00:00Z", "")) + case_of("C3", "") +
           case_of("C4", event("e2", "2026-01-20T08:00:00Z", "") +
                             event("e3", "2026-01-06T08:00:00Z",
                                   R"(,"replaces":"e2","recorded_at":"2026-02-01T08:00:00Z")"));
}

void put_run(dc::Store& store, const std::string& as_of, const std::string& recorded_at) {
    const dc::Policy policy = dc::Policy::compile(k_policy, "p.json");
    dc::Caseload caseload;
    caseload.read(k_staff + cases(), "made.jsonl");
    dc::AuditOptions options;
    options.as_of = policy.parse_instant(as_of);
    options.verdicts = DUECARE_VERDICTS_ALL;
    const dc::Result result = dc::audit(policy, caseload, options);
    std::cout << store.put_run(result, R"({"recorded_at":")" + recorded_at + R"(","label":"run","by":"W"})")
              << '\n';
}

/// The number of the one finding of run 1 that was missed.
std::string missed(dc::Store& store) {
    const std::string rows = store.query(R"({"what":"findings","run":1,"verdicts":["missed"]})");
    const std::string before = R"("finding":")";
    return rows.substr(rows.find(before) + before.size(), 16);
}

void write(const char* path) {
    dc::StoreOptions options;
    options.create = true;
    options.keep = dc::Keep::histories;
    dc::Store store(path, options);
    put_run(store, "2026-01-31T00:00:00Z", "2026-01-31T09:00:00Z");
    put_run(store, "2026-02-28T00:00:00Z", "2026-02-28T09:00:00Z");
    const std::string finding = R"("finding":")" + missed(store) + R"(",)";
    const auto said = [](const std::string& day) {
        return R"("by":"DS Wells","at":"2026-03-0)" + day + R"(T09:00:00Z"})";
    };
    const std::string review =
        R"({"manifest":"M1","unit":"C3","question":"interviewed?","reason":"r","answer":)";
    store.put("decision", "{" + finding + R"("verdict":"disputed","reason":"on paper",)" + said("1"));
    store.put("decision", "{" + finding + R"("verdict":"accepted","reason":"it was not",)" + said("2"));
    store.put("action", "{" + finding +
                            R"("id":"A-1","title":"Ask","status":"open",)"
                            R"("due_at":"2026-03-31T09:00:00Z",)" +
                            said("2"));
    store.put(
        "manifest",
        R"({"id":"M1","manifest":"{\"format\": \"duecare.sample-manifest/1\", \"n\": 2.50}",)" + said("3"));
    store.put("review", review + R"("yes",)" + said("4"));
    store.put("adjudication", review + R"("no",)" + said("5"));
    store.put("note", R"({"text":"seen","about":"run 2",)" + said("6"));
    std::cout << store.query(R"({"what":"head"})") << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    try {
        write(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
