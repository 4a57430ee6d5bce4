// The steps of an obligation, and changes that are tried: each is made to the record, which is audited again.
#include "base/error.hpp"
#include "support.hpp"

namespace duecare::findings {
namespace {

using evaluate::Explained;

About about_life(const Explained& explained, std::size_t i) {
    const evaluate::Binding& binding = explained.replay->binding();
    return {binding.program, binding.caseload, binding.as_of, explained.lives.at(i).finding,
            explained.lives.at(i).evidence};
}

std::string steps(const evaluate::Result& result, std::size_t obligation = 0) {
    const Explained explained = evaluate::explain(result, "C", "d");
    std::string text;
    for (const evaluate::Step& step : explained.lives.at(obligation).steps) {
        text += step_text(about_life(explained, obligation), explained.lives[obligation], step) + "\n";
    }
    return text;
}

std::vector<Change> changes(const evaluate::Result& result, std::size_t obligation = 0) {
    const Explained explained = evaluate::explain(result, "C", "d");
    return nearest(about_life(explained, obligation), explained.lives.at(obligation));
}

std::string stamp(time::Instant instant) {
    return time::format_instant(instant);
}

constexpr std::string_view k_as_of = "2023-02-01T00:00:00Z";

// What an event has to say, as the attributes and actor of a record.
std::string record_of(const std::vector<Setting>& needs) {
    std::string inside;
    std::string who = R"("id":"OTHER")";
    for (const Setting& need : needs) {
        if (need.path == "actor.rank") who += R"(,"rank":)" + need.value;
        if (need.path == "actor.id" && need.relation == "==") who = R"("id":)" + need.value;
        if (need.path.rfind("event.", 0) != 0) continue;
        std::string value = need.value.empty() ? R"("told")" : need.value;
        if (value.front() == '[') value = value.substr(1, value.find_first_of(",]") - 1);
        if (need.relation == ">") value += "1";  // ten times as much and more
        inside += (inside.empty() ? "\"" : ",\"") + need.path.substr(6) + "\":" + value;
    }
    return R"(,"actor":{)" + who + "}" + attributes(inside);
}

struct Try {
    std::string duty;
    std::vector<std::string> events;
};

// Each change is enough by itself, at both ends of the time that it names; a moment outside is not.
void expect_enough(const Try& tried, const std::string& more = {}) {
    const auto policy = policy_with(tried.duty, more);
    const evaluate::Result before = audited(policy, case_of(tried.events), k_as_of);
    ASSERT_NE(verdicts(before), "met");
    const std::vector<Change> all = changes(before);
    ASSERT_FALSE(all.empty());
    for (const Change& change : all) {
        SCOPED_TRACE(change.text);
        const auto with = [&](time::Instant when) {
            std::vector<std::string> events = tried.events;
            std::string type = tried.events.back().substr(tried.events.back().find("\"type\":\"") + 8);
            type = type.substr(0, type.find('"'));
            const std::string when_text = stamp(when);
            if (change.kind == ChangeKind::add_event) {
                events.push_back(
                    event("new", change.types->types.front(), when_text, record_of(change.needs)));
            } else {
                const std::string id = event_name(*before.caseload, 0, change.event);
                for (std::string& e : events) {
                    if (e.find("\"id\":\"" + id + "\",\"type\"") == std::string::npos) continue;
                    const std::size_t at_type = e.find("\"type\":\"") + 8;
                    const std::string kind = e.substr(at_type, e.find('"', at_type) - at_type);
                    const std::size_t at_when = e.find("\"occurred_at\":\"") + 15;
                    const std::string old = e.substr(at_when, e.find('"', at_when) - at_when);
                    if (change.kind == ChangeKind::move_event || change.kind == ChangeKind::end_sooner) {
                        e.replace(at_when, old.size(), when_text);
                    } else {
                        e = event(id, kind, old, record_of(change.needs));
                    }
                }
            }
            return verdicts(audited(policy, case_of(events), k_as_of));
        };
        const bool timed = change.until != evaluate::k_no_instant;
        EXPECT_EQ(with(timed ? change.until : 0).substr(0, 3), "met");
        if (!timed || change.kind == ChangeKind::end_sooner) continue;
        if (change.from > at("2000-01-01T00:00:00Z")) {
            EXPECT_EQ(with(change.from).substr(0, 3), "met");
        }
        EXPECT_NE(with(change.until + 1).substr(0, 3), "met");
    }
}

const std::string k_where = R"("where":"rank(actor.rank) >= rank('sergeant') && event.alone == true")";

TEST(Nearest, RespondMissed) {
    expect_enough({R"("on":{"event":"a"},"require":{"event":"b",)" + k_where + R"(},"within":"3 days")",
                   {event("e1", "a", "2023-01-02T09:00:00Z")}});
}

TEST(Nearest, RespondLate) {
    expect_enough({R"("on":{"event":"a"},"require":{"event":"b"},"within":"3 days","not_before":"1 days")",
                   {event("e1", "a", "2023-01-02T09:00:00Z"), event("e2", "b", "2023-01-07T09:00:00Z")}});
}

TEST(Nearest, RespondTooEarly) {
    expect_enough({R"("on":{"event":"a"},"require":{"event":"b"},"within":"3 days","not_before":"1 days")",
                   {event("e1", "a", "2023-01-02T09:00:00Z"), event("e2", "b", "2023-01-02T10:00:00Z")}});
}

TEST(Nearest, RespondOfTheWrongKind) {
    const Try tried{R"("on":{"event":"a"},"require":{"event":"b",)" + k_where + R"(},"within":"3 days")",
                    {event("e1", "a", "2023-01-02T09:00:00Z"),
                     event("e2", "b", "2023-01-03T09:00:00Z",
                           actor("OF1", "constable") + attributes(R"("alone":false)"))}};
    expect_enough(tried);
    const std::vector<Change> all = changes(audited(policy_with(tried.duty), case_of(tried.events), k_as_of));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].text,
              "Had b (e2) on 3 January 2023, 09:00 been by a sergeant or above and with \"alone\" being "
              "true, this would have been met.");
    EXPECT_EQ(all[1].text,
              "Had there been b by a sergeant or above and with \"alone\" being true between 2 January 2023, "
              "09:00 and 5 January 2023, 09:00, "
              "this would have been met.");
    ASSERT_EQ(all[0].needs.size(), 2U);
    EXPECT_EQ(all[0].needs[0].path + all[0].needs[0].relation + all[0].needs[0].value,
              "actor.rank>=\"sergeant\"");
    EXPECT_EQ(all[0].needs[1].path + all[0].needs[1].relation + all[0].needs[1].value, "event.alone==true");
}

TEST(Nearest, RespondUnassessable) {
    expect_enough(
        {R"("on":{"event":"a"},"require":{"event":"b","where":"event.alone == true"},"within":"3 days")",
         {event("e1", "a", "2023-01-02T09:00:00Z"), event("e2", "b", "2023-01-03T09:00:00Z")}});
}

TEST(Nearest, BySomebodyElse) {
    expect_enough(
        {R"("on":{"event":"a"},"require":{"event":"b","where":"actor.id != trigger.actor.id"},"within":"3 days")",
         {event("e1", "a", "2023-01-02T09:00:00Z", actor("OF1", "constable")),
          event("e2", "b", "2023-01-03T09:00:00Z", actor("OF1", "constable"))}});
}

TEST(Nearest, BeforeTheDutyEnded) {
    expect_enough(
        {R"("on":{"event":"a"},"require":{"event":"b"},"within":"as soon as practicable","until":{"event":"z"})",
         {event("e1", "a", "2023-01-02T09:00:00Z"), event("e2", "z", "2023-01-05T09:00:00Z"),
          event("e3", "b", "2023-01-06T09:00:00Z")}});
}

TEST(Nearest, Precede) {
    const std::string duty =
        R"("on":{"event":"a"},"require":{"event":"b","where":"event.kind in ['x', 'y']"},"before":"24 hours")";
    const std::string trigger = event("e2", "a", "2023-01-02T09:00:00Z");
    expect_enough({duty, {trigger}});
    expect_enough({duty, {event("e1", "b", "2023-01-02T08:00:00Z", attributes(R"("kind":"z")")), trigger}});
    expect_enough({duty, {event("e1", "b", "2022-12-02T08:00:00Z", attributes(R"("kind":"x")")), trigger}});
    expect_enough({duty, {trigger, event("e3", "b", "2023-01-03T09:00:00Z", attributes(R"("kind":"x")"))}});
    expect_enough({duty, {event("e1", "b", "2023-01-02T08:00:00Z"), trigger}});
}

TEST(Nearest, Check) {
    const std::string duty =
        R"~("on":{"event":"a"},"check":"has(event.views) && event.minutes >= 20 && (event.place == 'home' || event.alone)")~";
    expect_enough({duty,
                   {event("e1", "a", "2023-01-02T09:00:00Z",
                          attributes(R"("minutes":3,"place":"street","alone":false)"))}});
    expect_enough(
        {R"("on":{"event":"a"},"check":"event.minutes >= 20")", {event("e1", "a", "2023-01-02T09:00:00Z")}});
}

constexpr std::string_view k_graded_facts =
    R"("facts":{"open":{"initial":"false","set":[{"event":"opened","to":"true"},{"event":"closed","to":"false"}]},)"
    R"("grade":{"initial":"'low'","set":[{"event":"graded","to":"event.grade"}]}},)";

TEST(Nearest, Recur) {
    const std::string duty =
        R"("while":"fact.open","require":{"event":"review","where":"rank(actor.rank) >= 2"},"every":"7 days")";
    expect_enough({duty, {event("e1", "opened", "2023-01-02T09:00:00Z")}}, std::string(k_graded_facts));
    expect_enough({duty,
                   {event("e1", "opened", "2023-01-02T09:00:00Z"),
                    event("e2", "review", "2023-01-04T09:00:00Z", actor("OF1", "constable"))}},
                  std::string(k_graded_facts));
    expect_enough({duty,
                   {event("e1", "opened", "2023-01-02T09:00:00Z"),
                    event("e2", "review", "2023-01-14T09:00:00Z", actor("OF1", "sergeant"))}},
                  std::string(k_graded_facts));
}

TEST(Nearest, Last) {
    const std::string duty =
        R"("while":"fact.open","at_most":{"choose":"fact.grade","cases":{"low":"24 hours","high":"72 hours"},"otherwise":"24 hours"})";
    const Try tried{
        duty, {event("e1", "opened", "2023-01-02T09:00:00Z"), event("e2", "closed", "2023-01-04T09:00:00Z")}};
    const auto policy = policy_with(duty, k_graded_facts);
    const evaluate::Result before = audited(policy, case_of(tried.events), k_as_of);
    const std::vector<Change> all = changes(before);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].text,
              "Had it ended by 3 January 2023, 09:00, 1 day sooner than with closed (e2) on 4 January 2023, "
              "09:00, this would have been met.");
    EXPECT_EQ(all[1].text,
              "Had \"grade\" become \"high\" by 3 January 2023, 09:00, it could have lasted until 5 January "
              "2023, 09:00, and this would have been met.");
    EXPECT_EQ(all[0].earlier_by, 86'400);
    const auto graded = [&](time::Instant when) {
        std::vector<std::string> events = tried.events;
        events.push_back(event("e3", "graded", stamp(when), attributes(R"("grade":"high")")));
        return verdicts(audited(policy, case_of(events), k_as_of));
    };
    EXPECT_EQ(graded(all[1].until), "met");
    EXPECT_EQ(graded(all[1].until + 1), "late");
    const auto ended = [&](time::Instant when) {
        return verdicts(
            audited(policy, case_of({tried.events[0], event("e2", "closed", stamp(when))}), k_as_of));
    };
    EXPECT_EQ(ended(all[0].until), "met");
    EXPECT_EQ(ended(all[0].until + 1), "late");
}

TEST(Nearest, WhatTheTriggerLeavesOpen) {
    const auto policy = policy_with(
        R"("on":{"event":"a","where":"event.level == 'high'"},"require":{"event":"b"},"within":"3 days")");
    const std::vector<Change> all =
        changes(audited(policy, case_of({event("e1", "a", "2023-01-02T09:00:00Z")}), k_as_of));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].text, "It could be assessed if a (e1) on 2 January 2023, 09:00 said \"level\".");
    EXPECT_EQ(all[0].needs.at(0).path, "event.level");
}

TEST(Nearest, NothingForWhatIsInOrder) {
    const auto policy = policy_with(R"("on":{"event":"a"},"require":{"event":"b"},"within":"30 days")");
    EXPECT_TRUE(changes(audited(policy,
                                case_of({event("e1", "a", "2023-01-02T09:00:00Z"),
                                         event("e2", "b", "2023-01-03T09:00:00Z")}),
                                k_as_of))
                    .empty());
}

TEST(Steps, ARhythmThatIsPausedAndTightened) {
    const auto policy = policy_with(
        R"("while":"fact.open","pause_while":"fact.away","require":{"event":"review"},)"
        R"("every":{"choose":"fact.grade","cases":{"high":"7 days"},"otherwise":"28 days"})",
        R"("facts":{"open":{"initial":"false","set":[{"event":"opened","to":"true"}]},)"
        R"("away":{"initial":"false","set":[{"event":"left","to":"true"},{"event":"back","to":"false"}]},)"
        R"("grade":{"initial":"'low'","set":[{"event":"graded","to":"event.grade"}]}},)");
    const evaluate::Result result = audited(
        policy,
        case_of({event("e1", "opened", "2023-01-02T09:00:00Z"), event("e2", "left", "2023-01-03T09:00:00Z"),
                 event("e3", "back", "2023-01-05T09:00:00Z"),
                 event("e4", "graded", "2023-01-06T09:00:00Z", attributes(R"("grade":"high")")),
                 event("e5", "review", "2023-01-14T09:00:00Z")}),
        "2023-01-15T00:00:00Z");
    EXPECT_EQ(steps(result),
              "2 January 2023, 09:00: opened by opened (e1).\n"
              "Due by 1 February 2023, 09:00: 28 days, because \"grade\" is \"low\".\n"
              "3 January 2023, 09:00: the clock stood still until 5 January 2023, 09:00.\n"
              "6 January 2023, 09:00: due by 13 January 2023, 09:00 instead of 1 February 2023, 09:00 from "
              "here on: 7 days, because \"grade\" is \"high\".\n"
              "14 January 2023, 09:00: answered by review (e5).\n"
              "Verdict: late, 1 day over.\n");
}

TEST(Steps, BothReadingsAndALateEntry) {
    const auto policy = policy_with(
        R"("on":{"event":"a"},"require":{"event":"b"},"within":"24 hours","recorded_within":"2 hours")");
    const evaluate::Result result = audited(
        policy,
        case_of({event("e1", "a", "2023-01-02"),
                 event("e2", "b", "2023-01-03T09:00:00Z", R"(,"recorded_at":"2023-01-03T12:00:00Z")")}),
        k_as_of);
    EXPECT_EQ(steps(result),
              "2 January 2023: opened by a (e1).\n"
              "Due by the end of 3 January 2023: 24 hours.\n"
              "3 January 2023, 09:00: answered by b (e2).\n"
              "Some times are known only by the day; the strictest reading of them gives late.\n"
              "B (e2) was recorded on 3 January 2023, 12:00, and had to be by 3 January 2023, 11:00.\n"
              "Verdict: met.\n");
}

TEST(Explain, TextAndJson) {
    const auto policy = policy_with(R"("on":{"event":"a"},"require":{"event":"b"},"within":"24 hours")");
    const evaluate::Result result =
        audited(policy, case_of({event("e1", "a", "2023-01-02T09:00:00Z")}), "2023-01-04T09:00:00Z");
    const Explained explained = evaluate::explain(result, "C", "d");
    std::string text;
    append_life_text(text, explained);
    EXPECT_EQ(text,
              "# The duty\n\nCase C, duty d, as of 4 January 2023, 09:00.\n\n## Missed, opened on 2 January "
              "2023, 09:00\n\n"
              "The duty: after a (e1) on 2 January 2023, 09:00, b was due by 3 January 2023, 09:00; nothing "
              "of the kind is on record, 1 day after it was due.\n\n"
              "- 2 January 2023, 09:00: opened by a (e1).\n- Due by 3 January 2023, 09:00: 24 hours.\n- "
              "Verdict: missed, 1 day over.\n\n"
              "What would have been enough, the smallest change first:\n\n"
              "- Had there been b between 2 January 2023, 09:00 and 3 January 2023, 09:00, this would have "
              "been met.\n");
    std::string json;
    append_life_json(json, explained);
    EXPECT_NE(
        json.find(
            R"("steps":[{"kind":"opened","event":"e1","at":"2023-01-02T09:00:00Z","text":"2 January 2023, 09:00: opened by a (e1)."},)"
            R"({"kind":"due","due_at":"2023-01-03T09:00:00Z","duration":"24 hours","text":)"),
        std::string::npos)
        << json;
    EXPECT_NE(
        json.find(
            R"("nearest":[{"kind":"add_event","types":["b"],"from":"2023-01-02T09:00:00Z","until":"2023-01-03T09:00:00Z","needs":[],"text":)"),
        std::string::npos)
        << json;
}

TEST(Explain, AcrossCasesAndByKey) {
    const auto policy = policy_with(
        R"("per":"subject","across":"cases","on":{"event":"a"},"require":{"event":"b"},"within":"3 days")");
    const std::string lines =
        R"({"format":"duecare.case/1","id":"C1","persons":[{"id":"P"},{"id":"Q"}],"events":[)" +
        event("e1", "a", "2023-01-02T09:00:00Z") + "]}\n" +
        R"({"format":"duecare.case/1","id":"C2","persons":[{"id":"P"}],"events":[)" +
        event("e1", "b", "2023-01-03T09:00:00Z") + "]}\n";
    const evaluate::Result result = audited(policy, lines, k_as_of);
    const Explained both = evaluate::explain(result, "C1", "d");
    ASSERT_EQ(both.lives.size(), 2U);
    const Explained one = evaluate::explain(result, "C1", "d", "Q");
    ASSERT_EQ(one.lives.size(), 1U);
    EXPECT_EQ(one.lives[0].finding.verdict, evaluate::Verdict::missed);
    EXPECT_TRUE(evaluate::explain(result, "C2", "d").lives.empty());
    EXPECT_THROW((void)evaluate::explain(result, "C2", "d", "P"), Error);
    EXPECT_THROW((void)evaluate::explain(result, "C3", "d"), Error);
    EXPECT_THROW((void)evaluate::explain(result, "C1", "e"), Error);
}

}  // namespace
}  // namespace duecare::findings
