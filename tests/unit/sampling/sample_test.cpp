#include "sampling/sample.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "sampling/manifest.hpp"

namespace duecare::sampling {
namespace {

constexpr std::string_view k_seed_dice = "31415926535897932384";

std::string numbered(int i) {
    std::string digits = std::to_string(i);
    return "CASE-" + std::string(4 - digits.size(), '0') + digits;
}

std::shared_ptr<const Frame> frame_of(int count, bool sizes = false) {
    auto frame = std::make_shared<Frame>();
    for (int i = 1; i <= count; ++i) {
        const std::optional<std::int64_t> size =
            sizes ? std::optional<std::int64_t>(1 + i * 7 % 13) : std::nullopt;
        frame->push(numbered(i), i <= 8 ? "north" : i <= 18 ? "south" : "tiny", size);
    }
    frame->finish();
    return frame;
}

std::string plan_of(std::string_view rest) {
    return R"({"format": "duecare.sample-plan/1", )" + std::string(rest) + "}";
}

Sample draw(std::shared_ptr<const Frame> frame, std::string_view rest) {
    return {std::move(frame), read_plan(plan_of(rest)), k_seed_dice, "20 dice"};
}

std::vector<std::string> ids(const Sample& sample, bool in_scope = true) {
    std::vector<std::string> out;
    for (const GroupSample& group : sample.groups())
        for (const Drawn& drawn : group.drawn)
            if (drawn.in_scope || !in_scope) out.emplace_back(sample.frame().id(drawn.unit));
    return out;
}

template <typename Call>
std::string message(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.pointer() + ": " + error.what();
    }
    return "";
}

std::string refused(std::string_view rest, bool sizes = false) {
    return message([&] { static_cast<void>(draw(frame_of(20, sizes), rest)); });
}

using Ids = std::vector<std::string>;

TEST(Sample, SimpleRandomInTicketOrder) {
    const Sample sample = draw(frame_of(20), R"("design": "srs", "n": 5)");
    EXPECT_EQ(ids(sample), (Ids{"CASE-0006", "CASE-0005", "CASE-0009", "CASE-0017", "CASE-0018"}));
    EXPECT_EQ(sample.frame().id(*sample.groups()[0].next), "CASE-0001");
    EXPECT_EQ(sample.groups()[0].drawn[4].rank, 5U);
    EXPECT_EQ(to_double(sample.groups()[0].drawn[0].pi), 0.25);
}

TEST(Sample, ExtensionTakesTheNextUnits) {
    Sample sample = draw(frame_of(20), R"("design": "srs", "n": 5)");
    sample.extend(R"({"n": 8})", "the first stage found 2");
    EXPECT_EQ(ids(sample), (Ids{"CASE-0006", "CASE-0005", "CASE-0009", "CASE-0017", "CASE-0018", "CASE-0001",
                                "CASE-0015", "CASE-0013"}));
    EXPECT_EQ(sample.groups()[0].drawn[5].stage, 1U);
    EXPECT_EQ(to_double(sample.groups()[0].drawn[0].pi), 0.4);
    ASSERT_FALSE(sample.warnings().empty());
    EXPECT_NE(message([&] { sample.extend(R"({"n": 8})", "again"); }).find("adds nothing"),
              std::string::npos);
    EXPECT_NE(message([&] { sample.extend(R"({"n": 7})", "less"); }).find("from 8 units"), std::string::npos);
    EXPECT_NE(message([&] { sample.extend(R"({"n": 21})", "all"); }).find("draws 21"), std::string::npos);
    EXPECT_NE(message([&] { sample.extend(R"({"n": 9})", ""); }).find("reason"), std::string::npos);
    EXPECT_EQ(ids(sample).size(), 8U);
}

TEST(Sample, WhatIsOutOfScopeIsReplacedByTheNext) {
    Sample sample = draw(frame_of(20), R"("design": "srs", "n": 5)");
    sample.mark_out_of_scope("CASE-0005", "closed before the period");
    EXPECT_EQ(ids(sample), (Ids{"CASE-0006", "CASE-0009", "CASE-0017", "CASE-0018", "CASE-0001"}));
    const Drawn& out = sample.groups()[0].drawn[1];
    EXPECT_FALSE(out.in_scope);
    EXPECT_EQ(sample.frame().id(*out.replaced_by), "CASE-0001");
    EXPECT_EQ(to_double(out.pi), 0.3);  // six of twenty were looked at
    EXPECT_NE(message([&] { sample.mark_out_of_scope("CASE-0005", "again"); }).find("already"),
              std::string::npos);
    EXPECT_NE(message([&] { sample.mark_out_of_scope("CASE-0002", "x"); }).find("was not drawn"),
              std::string::npos);
    EXPECT_NE(message([&] { sample.mark_out_of_scope("CASE-9", "x"); }).find("not in the frame"),
              std::string::npos);
    sample.extend(R"({"n": 6})", "planned");
    EXPECT_EQ(ids(sample).back(), "CASE-0015");
}

TEST(Sample, StrataKeepTheOrderOfTickets) {
    const Sample sample =
        draw(frame_of(20), R"("design": "stratified", "n_h": {"north": 3, "south": 2}, "others": "all")");
    EXPECT_EQ(ids(sample), (Ids{"CASE-0006", "CASE-0005", "CASE-0001", "CASE-0009", "CASE-0017", "CASE-0019",
                                "CASE-0020"}));
    EXPECT_TRUE(sample.groups()[2].drawn[0].certainty);
}

TEST(Sample, TargetedDrawsKeepTheirProbabilities) {
    const Sample sample =
        draw(frame_of(20),
             R"("design": "stratified", "n_h": {"tiny": "all"}, "others": {"fraction": 0.1, "at_least": 1})");
    EXPECT_EQ(ids(sample), (Ids{"CASE-0006", "CASE-0009", "CASE-0019", "CASE-0020"}));
    EXPECT_EQ(to_double(sample.groups()[0].drawn[0].pi), 0.125);
    EXPECT_EQ(to_double(sample.groups()[1].drawn[0].pi), 0.1);
    EXPECT_EQ(to_double(sample.groups()[2].drawn[0].pi), 1);
}

TEST(Sample, RotationBeginsElsewhere) {
    const Sample first = draw(frame_of(20), R"("design": "srs", "n": 10)");
    const Sample second = draw(frame_of(20), R"("design": "srs", "n": 10, "start": "0.5")");
    EXPECT_NE(ids(first), ids(second));
    for (const Drawn& drawn : second.groups()[0].drawn) EXPECT_EQ(drawn.rank >= 1, true);
    // The first ticket from 0.5 on comes first.
    const TicketMaker maker(k_seed_dice);
    EXPECT_GE(prn(maker.of(ids(second)[0])), 0.5);
}

TEST(Sample, EveryDesignDerivesAgainFromItsManifest) {
    const auto frame = frame_of(20, true);
    for (const char* plan :
         {R"("design": "srs", "n": 5)", R"("design": "systematic", "n": 5)", R"("design": "poisson", "n": 5)",
          R"("design": "sequential_poisson", "n": 5)", R"("design": "pareto", "n_h": {}, "others": 2)",
          R"("design": "pps_systematic", "n": 5)", R"("design": "sampford", "n": 4)",
          R"("design": "stratified", "n_h": {"north": 3, "south": 2, "tiny": 0})"}) {
        Sample sample = draw(frame, plan);
        sample.mark_out_of_scope(ids(sample)[1], "a duplicate");
        const std::string manifest = write_manifest(sample, "duecare 9");
        EXPECT_EQ(write_manifest(derive(manifest, frame), "duecare 9"), manifest);
        EXPECT_TRUE(verify(manifest, frame).empty()) << plan;
        EXPECT_FALSE(verify(manifest, frame_of(20)).empty()) << plan;
    }
}

TEST(Sample, ExtensionsByRankContainTheSampleBefore) {
    for (const char* design : {"sequential_poisson", "pareto", "poisson"}) {
        Sample sample = draw(frame_of(20, true), R"("n": 4, "design": ")" + std::string(design) + "\"");
        const Ids before = ids(sample);
        for (const char* n : {"7", "12", "17"}) {
            sample.extend(R"({"n": )" + std::string(n) + "}", "planned");
            const Ids after = ids(sample);
            for (const std::string& id : before) EXPECT_EQ(std::count(after.begin(), after.end(), id), 1);
            if (std::string_view(design) != "poisson") {
                EXPECT_EQ(std::to_string(after.size()), n);
            }
        }
    }
}

TEST(Sample, DifferencesAreNamed) {
    const auto frame = frame_of(20);
    std::string manifest = write_manifest(draw(frame, R"("design": "srs", "n": 5)"), "duecare");
    const auto change = [&](std::string_view from, std::string_view to) {
        std::string out = manifest;
        const std::size_t at = out.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return out.replace(at, from.size(), to);
    };
    const auto pointers = [&](const std::string& text) {
        std::vector<std::string> out;
        for (const Difference& difference : verify(text, frame)) out.push_back(difference.pointer);
        return out;
    };
    EXPECT_EQ(pointers(change("CASE-0006", "CASE-0002")), (Ids{"/selected/0/id"}));
    EXPECT_EQ(pointers(change("\"pi\": 0.25", "\"pi\": 0.5")), (Ids{"/selected/0/pi"}));
    EXPECT_EQ(pointers(change(frame->digest(), std::string(64, '0'))), (Ids{"/frame/digest"}));
    EXPECT_FALSE(pointers(change(k_seed_dice, "31415926535897932385")).empty());
    EXPECT_FALSE(pointers(change("\\\"n\\\": 5", "\\\"n\\\": 6")).empty());
    EXPECT_EQ(pointers(change("\\\"n\\\": 5", "\\\"n\\\": 50")), (Ids{""}));
    EXPECT_EQ(pointers(change("\"warnings\": []", "\"warnings\": [], \"more\": 1")), (Ids{"/more"}));
    EXPECT_NE(message([&] { static_cast<void>(verify("{}", frame)); }).find("/format"), std::string::npos);
}

TEST(Plan, WhatDoesNotFitIsNamed) {
    EXPECT_NE(refused(R"("design": "srs", "n": 21)").find("draws 21 units from the frame, which has 20"),
              std::string::npos);
    EXPECT_NE(refused(R"("design": "stratified", "n_h": {"nroth": 3}, "others": 1)")
                  .find("Did you mean \"north\"?"),
              std::string::npos);
    EXPECT_NE(
        refused(R"("design": "stratified", "n_h": {"north": 3})").find("for which the plan gives no number"),
        std::string::npos);
    EXPECT_NE(refused(R"("design": "stratified", "n_h": {"north": 9}, "others": 1)")
                  .find("the stratum \"north\", which has 8"),
              std::string::npos);
    EXPECT_NE(refused(R"("design": "sequential_poisson", "n": 2)").find("no unit of the frame has one"),
              std::string::npos);
    EXPECT_NE(refused(R"("design": "sampford", "n_h": {"north": 1}, "others": 1)", true).find("whole frame"),
              std::string::npos);
    EXPECT_NE(refused(R"("design": "strs", "n": 2)").find("Did you mean \"srs\"?"), std::string::npos);
    EXPECT_NE(refused(R"("design": "srs", "n": -2)").find("/n: "), std::string::npos);
    EXPECT_NE(refused(R"("design": "srs", "n": 2, "sead": 1)").find("/sead: "), std::string::npos);
    EXPECT_NE(refused(R"("design": "srs", "n": 2, "start": "1")").find("/start"), std::string::npos);
    EXPECT_NE(refused(R"("design": "srs")").find("is missing"), std::string::npos);
    EXPECT_NE(message([] { static_cast<void>(read_plan("[]")); }), "");
    EXPECT_EQ(refused(R"("design": "srs", "n": 0)"), "");
    EXPECT_EQ(refused(R"("design": "srs", "n": 20)"), "");
}

TEST(Frame, DigestOfTheCanonicalLines) {
    Frame frame;
    frame.push("CASE-0010", "north", 3);
    frame.push("CASE-0002", "south", 11);
    frame.push("Fall-ä/7", "", std::nullopt);
    frame.finish();
    EXPECT_EQ(frame.canonical(), "CASE-0002\tsouth\t11\nCASE-0010\tnorth\t3\nFall-ä/7\t\t\n");
    EXPECT_EQ(frame.digest(), "dcea6838ab41fe2eaa3181d1952ce7cea7cc1784d41e684ec936b4007ca1d659");
    EXPECT_EQ(frame.order_digest(), sha256_hex("CASE-0010\nCASE-0002\nFall-ä/7\n"));
    EXPECT_EQ(frame.find("CASE-0002"), Unit{1});
    EXPECT_FALSE(frame.find("CASE-0003"));
    EXPECT_EQ(frame.strata()[1].name, "north");
    EXPECT_EQ(frame.total_size(), 14);
}

TEST(Frame, DuplicatesAndNegativeSizesAreErrors) {
    Frame frame;
    frame.push("a", "x", std::nullopt);
    frame.push("b", "x", std::nullopt);
    frame.push("a", "y", std::nullopt);
    EXPECT_NE(message([&] {
                  frame.finish();
              }).find("\"a\" stands in the frame twice, as units 1 and 3, in the strata \"x\" and \"y\""),
              std::string::npos);
    frame.truncate(2);
    EXPECT_EQ(frame.strata().size(), 1U);
    EXPECT_NE(message([&] { frame.push("c", "", -4); }).find("the size -4"), std::string::npos);
    EXPECT_NE(message([&] { frame.push("c", "a\tb", 4); }).find("control character"), std::string::npos);
    EXPECT_EQ(frame.count(), 2U);
    frame.finish();
    EXPECT_NE(message([&] { frame.push("c", "", 1); }).find("finished"), std::string::npos);
    Frame other;
    other.push_frame(frame, "force/", "force: ");
    other.finish();
    EXPECT_EQ(other.id(0), "force/a");
    EXPECT_EQ(other.strata()[0].name, "force: x");
}

}  // namespace
}  // namespace duecare::sampling
