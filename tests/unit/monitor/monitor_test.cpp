// The monitor against the audit: conformance vectors and random cases in random orders; snapshots that are
// damaged; pushes that are refused and change nothing.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/program.hpp"
#include "time/zone.hpp"
#include "walk.hpp"

namespace duecare::monitor::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_policy = R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P",
 "time_zone":"Europe/London",
 "calendars":{"working":{"weekdays":["mon","tue","wed","thu","fri"],"closed":["2022-04-15"],
   "opens":"09:00","closes":"17:30","covers":{"from":"2022-01-01","until":"2022-09-01"}}},
 "facts":{"open":{"initial":"false","set":[{"event":"o","to":"true"},{"event":"c","to":"false"}]},
   "g":{"set":[{"event":"s","to":"event.to"}]},"held":{"set":[{"event":"s","to":"event.who"}]},
   "risk":{"per":"subject","set":[{"event":"s","to":"event.to"}]}},
 "duties":[
 {"id":"respond","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "per":"subject","for":"subject.age < 18","on":"t","require":{"event":"r","where":"event.score > 1.5"},
  "within":{"choose":"fact.g","cases":{"high":"24 hours"},"otherwise":"3 working days"},"or_before":"2 days",
  "excused_by":{"event":"x"},"until":{"event":"u"},"owner":"fact.held","warn":"2 days","recorded_within":"1 days",
  "accounted_by":{"event":"a"}},
 {"id":"keyed","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "per":"event.score","on":"t","require":"r","within":"36 hours","repeat":"restart"},
 {"id":"paused","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "on":"t","require":"r","within":"5 days","pause_while":"fact.g == 'low'"},
 {"id":"precede","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "on":"r","require":"t","before":"1 months"},
 {"id":"check","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "on":"t","check":"event.score + 0.25 >= 1.75"},
 {"id":"recur","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "per":"subject","while":"fact.open","require":"r","every":"7 days","accounted_by":{"event":"a"},
  "pause_while":"fact.g == 'low'"},
 {"id":"grid","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "while":"fact.open","require":"r","every":"1 weeks inclusive","anchor":"schedule"},
 {"id":"later-grid","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "while":"fact.open","require":"r","every":"9 days","anchor":"schedule","effective":{"from":"2022-05-15"}},
 {"id":"last","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "while":"fact.open","at_most":"30 days","owner":"fact.held"},
 {"id":"across","title":"T","area":"a","severity":"high","source":{"title":"S","status":"illustrative"},
  "per":"subject","across":"cases","on":{"event":"t","count":{"at_least":2,"within":"20 days"}},
  "require":"u","within":"10 days","repeat":"absorb","owner":"fact.held","warn":"3 days"}]})";

std::shared_ptr<const policy::Policy> compiled(std::string_view text,
                                               const std::vector<policy::Document>& layers = {}) {
    const policy::Compiled made =
        policy::compile({"policy.json", std::string(text)}, layers, {}, time::ZoneData::embedded());
    for (const policy::Diagnostic& d : made.diagnostics) {
        if (d.severity == policy::Diagnostic::Severity::error) ADD_FAILURE() << d.text();
    }
    return made.policy;
}

time::Instant instant(std::string_view text) {
    return time::parse_stamp(text)->micros;
}

std::string two_digits(std::size_t n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

// Cases that share persons with their neighbours. `times`: 3, all with an offset; 5, none without a time; 6,
// any.
std::string random_cases(std::size_t count, std::size_t times, std::mt19937& random) {
    static constexpr const char* k_types[] = {"t", "r", "x", "u", "a", "o", "c", "s"};
    static constexpr const char* k_times[] = {"T12:00:00.25Z", "T23:59:60+01:00", "T08:00:00Z",
                                              "T09:00:00",     "T01:30:00",       ""};
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::string out;
    for (std::size_t c = 0; c < count; ++c) {
        json::array events;
        const std::size_t size = pick(25);
        for (std::size_t e = 0; e < size; ++e) {
            const auto when = [&](std::size_t months) {
                return "2022-0" + std::to_string(3 + pick(months)) + "-" + two_digits(1 + pick(30)) +
                       k_times[pick(times)];
            };
            json::object event{
                {"id", "e" + std::to_string(e)}, {"type", k_types[pick(8)]}, {"occurred_at", when(5)}};
            if (pick(4) == 0) event["recorded_at"] = when(6);
            if (pick(3) == 0) event["subjects"] = json::array{"P" + std::to_string(c + pick(2))};
            if (e > 0 && pick(8) == 0) {
                event["replaces"] = "e" + std::to_string(pick(e));
                if (pick(2) == 0) event["withdrawn"] = true;
            }
            if (pick(5) != 0) {
                event["attributes"] = {{"score", pick(2) == 0 ? 1.5 : 2.5},
                                       {"to", pick(2) == 0 ? "high" : "low"},
                                       {"who", "s" + std::to_string(pick(3))},
                                       {"list", json::array{1, "two"}}};
            }
            events.push_back(event);
        }
        const json::object document{
            {"format", "duecare.case/1"},
            {"id", "C" + std::to_string(c)},
            {"persons", json::array{json::object{{"id", "P" + std::to_string(c)}, {"born", "2008-02-29"}},
                                    json::object{{"id", "P" + std::to_string(c + 1)}, {"born", "2004"}}}},
            {"events", events}};
        out += json::serialize(document) + "\n";
    }
    return out;
}

class Random : public testing::TestWithParam<unsigned> {};

TEST_P(Random, IsTheAudit) {
    std::mt19937 random(GetParam());
    Walk given;
    given.policy = compiled(k_policy);
    given.in_order = GetParam() > 60;
    given.caseload = read_caseload(random_cases(4, given.in_order ? 3 : GetParam() % 2 == 0 ? 5 : 6, random));
    given.as_of = instant("2022-07-20T12:00:00Z");
    given.known_at = instant("2022-08-20T00:00:00Z");
    walk(given, random, GetParam() % 3 == 0);
}
INSTANTIATE_TEST_SUITE_P(Orders, Random, testing::Range(1U, 91U));

std::vector<fs::path> vectors() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(DUECARE_VECTORS)) {
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Vectors : public testing::TestWithParam<fs::path> {};

TEST_P(Vectors, InRandomOrder) {
    std::ifstream file(GetParam(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const json::object vector = json::parse(text.str()).as_object();
    std::vector<policy::Document> layers;
    if (const json::value* more = vector.if_contains("policies")) {
        for (const json::value& layer : more->as_array()) layers.push_back({"", json::serialize(layer)});
    }
    std::string lines;
    for (const json::value& document : vector.at("caseload").as_array())
        lines +=
            (document.is_string() ? std::string(document.as_string()) : json::serialize(document)) + "\n";
    Walk given;
    given.policy = compiled(json::serialize(vector.at("policy")), layers);
    given.caseload = read_caseload(lines);
    const auto read_instant = [&](const json::value& value) {
        const auto stamp = time::parse_stamp(std::string(value.as_string()));
        return evaluate::Binding(given.policy->program(), *given.caseload, 0, 0).start_of(*stamp);
    };
    given.as_of = read_instant(vector.at("as_of"));
    const json::value* known_at = vector.if_contains("known_at");
    given.known_at = known_at != nullptr && known_at->is_string() ? read_instant(*known_at) : given.as_of;
    for (unsigned seed = 1; seed <= 2; ++seed) {
        std::mt19937 random(seed);
        walk(given, random, seed == 2);
    }
}
INSTANTIATE_TEST_SUITE_P(Conformance, Vectors, testing::ValuesIn(vectors()), [](const auto& test) {
    std::string name = test.param.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
});

class Small : public testing::Test {
  protected:
    Small() {
        monitor.push_document(R"({"format":"duecare.case/1","id":"C","persons":[{"id":"P","born":"2010"}]})");
    }
    std::string state() { return monitor.snapshot(); }
    template <typename Call>
    void refused(Status status, Call call, std::string_view pointer = {}) {
        const std::string before = state();
        const auto held = listed(monitor);
        try {
            call();
            ADD_FAILURE() << "was taken";
        } catch (const Error& error) {
            EXPECT_EQ(error.status(), status) << error.what();
            EXPECT_EQ(error.pointer(), pointer) << error.what();
        }
        EXPECT_EQ(before, state());
        EXPECT_EQ(held, listed(monitor));
    }
    std::shared_ptr<const policy::Policy> policy = compiled(k_policy);
    Monitor monitor{policy, {1'650'000'000'000'000, 1'650'000'000'000'000}};
};

TEST_F(Small, TellsWhatChanged) {
    Changes changes = monitor.push_event(
        "C", R"({"id":"e1","type":"t","occurred_at":"2022-04-14T10:00:00Z","attributes":{"score":2}})");
    ASSERT_EQ(changes.size(), 4U);  // respond, keyed, paused, check
    EXPECT_EQ(changes[2].what, k_opened);
    EXPECT_EQ(changes[2].now.verdict, evaluate::Verdict::pending);
    const auto next = monitor.next_due();
    ASSERT_TRUE(next);
    EXPECT_EQ(time::format_instant(*next), "2022-04-15T22:00:00Z");  // keyed, 36 hours
    for (const Change& change : monitor.set_clock(*next, *next)) EXPECT_EQ(change.what & k_verdict, 0U);
    changes = monitor.set_clock(*next + 1, *next + 1);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].what, k_verdict);
    EXPECT_EQ(changes[0].now.verdict, evaluate::Verdict::missed);
    EXPECT_EQ(changes[0].verdict_before, evaluate::Verdict::pending);
    changes = monitor.push_event("C", R"({"type":"r","occurred_at":"2022-04-15T20:00:00Z",)"
                                      R"("recorded_at":"2022-04-15T21:00:00Z","attributes":{"score":2}})");
    ASSERT_GE(changes.size(), 3U);
    EXPECT_EQ(changes[1].now.ending_event, "#2");
    EXPECT_EQ(changes[1].now.verdict, evaluate::Verdict::met);
    changes = monitor.push_event("C", R"({"id":"w","type":"r","occurred_at":"2022-04-15T20:00:00Z",)"
                                      R"("replaces":"#2","withdrawn":true})");
    EXPECT_EQ(changes[1].now.verdict, evaluate::Verdict::missed);
}

// An answer that was entered too late, and one entered in time after it: the obligation has ended before, and
// yet what is said of it changes.
TEST_F(Small, JudgesAgainWhatWasAnsweredInRetrospect) {
    const auto flags = [&] {
        for (const Obligation& o : monitor.list({})) {
            if (policy->program().duties[o.duty].id == "paused") return o.flags;
        }
        return std::uint8_t{0xFF};
    };
    monitor.push_event("C", R"({"type":"o","occurred_at":"2022-03-31T10:00:00Z"})");
    monitor.push_event("C", R"({"type":"t","occurred_at":"2022-04-01T10:00:00Z"})");
    monitor.push_event(
        "C", R"({"type":"r","occurred_at":"2022-04-02T10:00:00Z","recorded_at":"2022-04-10T10:00:00Z"})");
    EXPECT_EQ(flags(), evaluate::k_flag_retrospective);
    const Changes changes = monitor.push_event(
        "C", R"({"type":"r","occurred_at":"2022-04-03T10:00:00Z","recorded_at":"2022-04-03T10:00:00Z"})");
    EXPECT_TRUE(
        std::any_of(changes.begin(), changes.end(), [](const Change& c) { return c.what == k_flags; }));
    EXPECT_EQ(flags(), 0);
    EXPECT_EQ(listed(monitor),
              audited(policy, read_caseload(monitor.documents()), monitor.as_of(), monitor.known_at()));
}

TEST_F(Small, RefusesWhatIsNoEventAndStaysAsItWas) {
    monitor.push_event("C", R"({"id":"e1","type":"t","occurred_at":"2022-04-14T10:00:00Z"})");
    const auto push = [&](std::string_view json) { return [&, json] { monitor.push_event("C", json); }; };
    refused(Status::not_found, [&] { monitor.push_event("D", "{}"); });
    refused(Status::data, push("{}"));
    refused(Status::data, push("[]"));
    refused(Status::data, push(R"({"type":"t","occurred_at":"2022-04-31"})"), "/occurred_at");
    refused(Status::data, push(R"({"id":"e1","type":"r","occurred_at":"2022-04-14"})"), "/id");
    refused(Status::data, push(R"({"type":"r","occurred_at":"2022-04-14","subjects":["Q"]})"), "/subjects/0");
    refused(Status::data, push(R"({"type":"r","occurred_at":"2022-04-14"}],"kind":"x","more":[{})"));
    refused(Status::data, [&] { monitor.push_document(R"({"format":"duecare.case/1"})"); });
    refused(
        Status::data,
        [&] {
            monitor.push_document(R"({"format":"duecare.case/1","id":"C","persons":[{"id":"P"}],)"
                                  R"("events":[{"id":"e1","type":"r","occurred_at":"2022-04-14"}]})");
        },
        "/events/0/id");
    refused(Status::not_found, [&] { monitor.drop_case("D"); });
}

TEST_F(Small, NamesEventsWithoutAnIdAndNoOthers) {
    const auto ids = [&] {
        std::vector<std::string> out;
        const json::value document = json::parse(monitor.documents());
        for (const json::value& event : document.at("events").as_array())
            out.emplace_back(event.at("id").as_string());
        std::sort(out.begin(), out.end());
        return out;
    };
    using Names = std::vector<std::string>;
    monitor.push_event("C", R"({"id":"a","type":"t","occurred_at":"2022-04-14T10:00:00Z"})");
    monitor.push_event("C", R"({"id":"#1","type":"t","occurred_at":"2022-04-14T11:00:00Z"})");
    EXPECT_EQ(ids(), (Names{"#1", "a"}));
    monitor.push_event("C", R"({"id":"#3","type":"t","occurred_at":"2022-04-14T12:00:00Z"})");
    monitor.push_event("C", R"({"type":"t","occurred_at":"2022-04-14T13:00:00Z"})");
    monitor.push_event("C", R"({"id":"#6","type":"t","occurred_at":"2022-04-14T14:00:00Z"})");
    monitor.push_event("C", R"({"type":"t","occurred_at":"2022-04-14T15:00:00Z"})");  // not #6 again
    EXPECT_EQ(ids(), (Names{"#1", "#3", "#4", "#6", "#7", "a"}));
    monitor.push_document(R"({"format":"duecare.case/1","id":"C","persons":[{"id":"P"}],"events":[
        {"type":"t","occurred_at":"2022-04-15"},{"id":"#2","type":"t","occurred_at":"2022-04-15"},
        {"id":"#9","type":"t","occurred_at":"2022-04-15"},{"type":"t","occurred_at":"2022-04-15"}]})");
    EXPECT_EQ(ids(), (Names{"#1", "#10", "#2", "#3", "#4", "#6", "#7", "#8", "#9", "a"}));
}

TEST_F(Small, RefusesASnapshotThatIsNotWholeOrAnothers) {
    monitor.push_event("C", R"({"id":"e1","type":"t","occurred_at":"2022-04-14T10:00:00Z"})");
    const std::string whole = monitor.snapshot();
    Monitor again = Monitor::restore(policy, whole);
    EXPECT_EQ(again.snapshot(), whole);
    EXPECT_EQ(listed(again), listed(monitor));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW((void)Monitor::restore(policy, std::string_view(whole).substr(0, size)), Error) << size;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string other = whole;
        other[at] = static_cast<char>(other[at] ^ 1);
        EXPECT_THROW((void)Monitor::restore(policy, other), Error) << at;
    }
    std::string text(k_policy);
    text.replace(text.find("36 hours"), 8, "37 hours");
    try {
        (void)Monitor::restore(compiled(text), whole);
        ADD_FAILURE() << "was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::invalid_argument);
        EXPECT_NE(std::string(error.what()).find("another policy"), std::string::npos);
    }
}

TEST_F(Small, ForgetsCasesAndTheirMemory) {
    const std::string event =
        R"({"type":"t","occurred_at":"2022-04-14T10:00:00Z","attributes":{"note":")" + std::string(300, 'x');
    std::size_t most = 0;
    for (int round = 0; round < 40; ++round) {
        for (int c = 0; c < 100; ++c) {
            const std::string id = "R" + std::to_string(round) + "-" + std::to_string(c);
            monitor.push_document(R"({"format":"duecare.case/1","id":")" + id + R"(","persons":[{"id":"P)" +
                                  id + R"("}]})");
            for (int e = 0; e < 5; ++e) monitor.push_event(id, event + id + std::to_string(e) + "\"}}");
            monitor.drop_case(id);
        }
        if (round == 15) most = monitor.memory();
    }
    EXPECT_EQ(monitor.case_count(), 1U);
    EXPECT_EQ(monitor.event_count(), 0U);
    EXPECT_LT(monitor.memory(), 2 * most + 4'000'000);
}

TEST_F(Small, ListsWhatIsAskedFor) {
    monitor.push_event(
        "C", R"({"id":"s","type":"s","occurred_at":"2022-04-14T09:00:00Z","attributes":{"who":"kay"}})");
    monitor.push_event("C", R"({"id":"e1","type":"t","occurred_at":"2022-04-14T10:00:00Z"})");
    Query query;
    query.owner = "kay";
    EXPECT_EQ(monitor.list(query).size(), 1U);
    query.owner = "nobody";
    EXPECT_TRUE(monitor.list(query).empty());
    query = {};
    query.person = "P";
    EXPECT_EQ(monitor.list(query).size(), 1U);
    query = {};
    query.due_until = instant("2022-04-19T10:00:00Z");
    for (const Obligation& o : monitor.list(query)) EXPECT_EQ(o.verdict, evaluate::Verdict::pending);
    EXPECT_EQ(monitor.list(query).size(), 1U);  // paused: 5 days
    query.case_id = "D";
    EXPECT_TRUE(monitor.list(query).empty());
}

}  // namespace
}  // namespace duecare::monitor::test
