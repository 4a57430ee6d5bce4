#include <sys/stat.h>

#include "support.hpp"

namespace duecare::store {
namespace {

TEST(StoreRun, IsKeptAndToldAgain) {
    const Folder folder;
    Store store(folder.file(), creating());
    const Audited january = audited(policy_of(), many_cases(30) + "{no json\n", "2026-01-31T00:00:00Z");
    const json::value answer = put(store, january);
    EXPECT_EQ(answer.at("run"), 1);
    EXPECT_EQ(answer.at("is_new"), true);
    EXPECT_EQ(answer.at("findings"), 30);

    const json::value run = parsed(store.query(R"({"what":"run","run":1})"));
    EXPECT_EQ(run.at("head"), answer.at("head"));
    EXPECT_EQ(run.at("cases"), 30);
    EXPECT_EQ(run.at("label"), "run");
    EXPECT_EQ(run.at("as_of"), "2026-01-31T00:00:00Z");
    EXPECT_EQ(run.at("recorded_at"), "2026-02-01T09:00:00Z");
    EXPECT_EQ(run.at("counts").at("met"), 10);
    EXPECT_EQ(run.at("counts").at("late"), 10);
    EXPECT_EQ(run.at("counts").at("missed"), 10);
    EXPECT_EQ(run.at("rejected").as_array().size(), 1U);
    EXPECT_EQ(run.at("rejected").at(0).at("line"), 32);
    EXPECT_EQ(run.at("engine"), "0.1.0");
    EXPECT_EQ(run.at("policy_digest").as_string(), policy_of()->digest());
    const json::value policy = parsed(store.query(R"({"what":"policy","run":1})"));
    EXPECT_EQ(policy.at("json").as_string(), policy_of()->merged_json());
    EXPECT_EQ(parsed(store.verify({})).at("ok"), true);
}

TEST(StoreRun, TheSameRunIsKnownAgain) {
    const Folder folder;
    Store store(folder.file(), creating());
    const Audited january = audited(policy_of(), many_cases(3), "2026-01-31T00:00:00Z");
    const json::value first = put(store, january);
    const json::value again = put(store, january, "2026-03-01T00:00:00Z");
    EXPECT_EQ(again.at("run"), 1);
    EXPECT_EQ(again.at("is_new"), false);
    EXPECT_EQ(again.at("head"), first.at("head"));
    EXPECT_EQ(put(store, audited(policy_of(), many_cases(3), "2026-02-01T00:00:00Z")).at("run"), 2);
    EXPECT_EQ(put(store, audited(policy_of(48), many_cases(3), "2026-02-01T00:00:00Z")).at("run"), 3);
    EXPECT_EQ(put(store, audited(policy_of(), many_cases(4), "2026-02-01T00:00:00Z")).at("run"), 4);
}

TEST(StoreRun, NeedsAllVerdictsAndAnInstant) {
    const Folder folder;
    Store store(folder.file(), creating());
    const Audited some =
        audited(policy_of(), many_cases(3), "2026-01-31T00:00:00Z", evaluate::k_default_verdicts);
    std::string message;
    EXPECT_EQ(thrown([&] { put(store, some); }, &message), "10");
    EXPECT_NE(message.find("2 of its 3"), std::string::npos) << message;
    const Audited all = audited(policy_of(), many_cases(3), "2026-01-31T00:00:00Z");
    const auto with = [&](const std::string& given) {
        return thrown(
            [&] {
                static_cast<void>(store.put_run(all.result, {all.report, "0.1.0", given}));
            },
            &message);
    };
    EXPECT_EQ(with("{}"), "10/recorded_at");
    EXPECT_EQ(with(R"({"recorded_at":"2026-01-01"})"), "10/recorded_at");
    EXPECT_EQ(with(R"({"recorded_at":"2026-01-01T00:00:00Z","lable":"x"})"), "10/lable");
    EXPECT_NE(message.find("Did you mean \"label\"?"), std::string::npos) << message;
    EXPECT_EQ(with("[]"), "10");
    EXPECT_EQ(parsed(store.query(R"({"what":"runs"})")).at("runs").as_array().size(), 0U);
}

TEST(StoreRun, FindingsAreListedAsTheyWereFound) {
    const Folder folder;
    Store store(folder.file(), creating(Keep::evidence));
    put(store, audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z"));
    const std::string lines =
        store.query(R"({"what":"findings","run":1,"verdicts":["missed"],"owner":"S1","limit":2,"offset":1})");
    const std::size_t end = lines.find('\n');
    EXPECT_EQ(parsed(lines.substr(0, end)), parsed(R"({"run":1,"total":10})"));
    const json::value finding = parsed(lines.substr(end + 1, lines.find('\n', end + 1) - end - 1));
    EXPECT_EQ(finding.at("case_id"), "C5");
    EXPECT_EQ(finding.at("duty_id"), "interview");
    EXPECT_EQ(finding.at("verdict"), "missed");
    EXPECT_EQ(finding.at("due_at"), "2026-01-08T08:00:00Z");
    EXPECT_EQ(finding.at("key"), nullptr);
    EXPECT_EQ(finding.at("trigger_event"), "e1");
    EXPECT_EQ(finding.at("ending_event"), nullptr);
    EXPECT_EQ(finding.at("unit"), "North");
    EXPECT_EQ(finding.at("evidence"), parsed(R"(["e1"])"));
    EXPECT_NE(finding.at("explanation").as_string().find("interview"), std::string::npos);
    EXPECT_EQ(thrown([&] { static_cast<void>(store.query(R"({"what":"findings","run":2})")); }), "12/run");
    EXPECT_EQ(thrown([&] { static_cast<void>(store.query(R"({"what":"finding"})")); }), "10/what");
}

TEST(StoreRun, UnitsAreThoseOfTheFindings) {
    // S1 is a person of the register without a unit, "Child Abuse" is none that the records know.
    const std::string person =
        R"({"format":"duecare.staff/1","staff":[{"id":"S1","service":[{"from":"2020-01-01"}]}]})"
        "\n";
    const std::vector<std::string> events{event("e1", "missing.returned", "2026-01-05T08:00:00Z")};
    const std::string lines =
        person + case_line("C1", events, R"(,"attributes":{"holder":"S1","unit":"East"})") +
        case_line("C2", events, R"(,"attributes":{"holder":"Child Abuse","unit":"East"})") +
        case_line("C3", events, R"(,"attributes":{"holder":"S1"})");
    const auto points = [&](const OpenOptions& options, const std::string& filter) {
        const Folder folder;
        Store store(folder.file(), options);
        put(store, audited(policy_of(), lines, "2026-01-31T00:00:00Z"));
        EXPECT_EQ(parsed(store.verify({})).at("ok"), true);
        return parsed(store.query(R"({"what":"trend","by":"unit")" + filter + "}")).at("points").as_array();
    };
    const auto keys = [](const json::array& list) {
        std::set<std::string> out;
        for (const json::value& point : list) out.insert(json::serialize(point.at("key")));
        return out;
    };
    EXPECT_EQ(keys(points(creating(), "")), (std::set<std::string>{"null", R"("Child Abuse")", R"("East")"}));
    // An owner that might be a person is hidden, and found by its name.
    OpenOptions hidden = creating();
    hidden.key = "0123456789abcdef";
    EXPECT_FALSE(keys(points(hidden, "")).contains(R"("Child Abuse")"));
    EXPECT_TRUE(keys(points(hidden, "")).contains(R"("East")"));
    for (const char* unit : {"Child Abuse", "East"})
        EXPECT_EQ(points(hidden, std::string(R"(,"unit":")") + unit + '"').size(), 1U) << unit;
}

TEST(StoreRun, HistoriesAreKeptOnce) {
    const Folder folder;
    Store store(folder.file(), creating(Keep::histories));
    put(store, audited(policy_of(), many_cases(3), "2026-01-31T00:00:00Z"));
    put(store, audited(policy_of(), many_cases(4), "2026-02-28T00:00:00Z"));
    const json::value history = parsed(store.query(R"({"what":"case","run":2,"case_id":"C1"})"));
    EXPECT_EQ(history.at("events").as_array().size(), 2U);
    EXPECT_EQ(number_in(folder.file(), "SELECT count(*) FROM history"), 4);
    EXPECT_EQ(parsed(store.verify({})).at("ok"), true);
    EXPECT_EQ(thrown([&] { static_cast<void>(store.query(R"({"what":"case","run":1,"case_id":"C3"})")); }),
              "12/case_id");
}

TEST(StoreRun, TheFileIsForItsOwnerAlone) {
    const Folder folder;
    const mode_t before = ::umask(0);
    Store store(folder.file(), creating());
    put(store, audited(policy_of(), many_cases(3), "2026-01-31T00:00:00Z"));
    ::umask(before);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        struct stat about {};
        ASSERT_EQ(::stat((folder.file() + suffix).c_str(), &about), 0) << suffix;
        EXPECT_EQ(about.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST(StoreRun, ARerunIsTheSameOrSaysWhatDiffers) {
    const Folder folder;
    Store store(folder.file(), creating());
    put(store, audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z"));
    const Audited again = audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z");
    EXPECT_EQ(parsed(store.compare_run(1, again.result)).at("same"), true);
    const json::value other =
        parsed(store.compare_run(1, audited(policy_of(24), many_cases(30), "2026-01-31T00:00:00Z").result));
    EXPECT_EQ(other.at("same"), false);
    EXPECT_EQ(other.at("policy"), false);
    EXPECT_EQ(other.at("caseload"), true);
    EXPECT_EQ(other.at("differences").at(0).at("field"), "due_at");
    EXPECT_EQ(other.at("differences").at(0).at("stored"), "2026-01-08T08:00:00Z");
    EXPECT_EQ(other.at("differences").at(0).at("now"), "2026-01-06T08:00:00Z");
    const json::value fewer =
        parsed(store.compare_run(1, audited(policy_of(), many_cases(29), "2026-01-31T00:00:00Z").result));
    EXPECT_EQ(fewer.at("caseload"), false);
    EXPECT_EQ(fewer.at("differing"), 1);
    EXPECT_EQ(fewer.at("differences").at(0).at("now"), nullptr);
    // By case; that one came or went moves the places of all others, which are told last.
    const json::value more = parsed(
        store.compare_run(1, audited(policy_of(24), many_cases(30, 1), "2026-01-31T00:00:00Z").result));
    std::string before;
    bool had_place = false;
    for (const json::value& one : more.at("differences").as_array()) {
        const bool is_place = one.at("field") == "place";
        if (is_place && !std::exchange(had_place, true)) before.clear();
        EXPECT_EQ(is_place, had_place);
        EXPECT_LE(before, one.at("case_id").as_string());
        before = one.at("case_id").as_string();
    }
    EXPECT_TRUE(had_place);
    EXPECT_EQ(thrown([&] { static_cast<void>(store.compare_run(7, again.result)); }), "12");
}

TEST(StoreRun, PseudonymsHideIdsAndStayEqual) {
    const Folder folder;
    OpenOptions options = creating(Keep::evidence);
    options.key = "0123456789abcdef";
    {
        Store store(folder.file(), options);
        put(store, audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z"));
        const std::string lines = store.query(R"({"what":"findings","run":1,"case_id":"C5"})");
        EXPECT_EQ(lines.find("\"C5\""), std::string::npos);
        EXPECT_NE(lines.find("\"total\":1}"), std::string::npos) << lines;
        EXPECT_EQ(lines.find("S1"), std::string::npos);
        EXPECT_EQ(lines.find("explanation"), std::string::npos);
    }
    options.key = "another key of 24 bytes!";
    EXPECT_EQ(thrown([&] { const Store store(folder.file(), options); }), "10");
    EXPECT_EQ(thrown([&] { const Store store(folder.file(), creating()); }), "10");
    OpenOptions reading;
    reading.read_only = true;
    EXPECT_EQ(thrown([&] { const Store store(folder.file(), reading); }), "ok");
    std::ifstream file(folder.file(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find("C17"), std::string::npos);
}

}  // namespace
}  // namespace duecare::store
