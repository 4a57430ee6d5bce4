// The unit of an obligation: by the register, by the owner, by the case.
#include "findings/units.hpp"

#include "support.hpp"

namespace duecare::findings {
namespace {

std::shared_ptr<const policy::Policy> owned_by_the_holder() {
    return compiled(
        R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P","time_zone":"Europe/London",)"
        R"("owner":"case.holder","duties":[{"id":"d","title":"D","area":"a","severity":"high",)"
        R"("source":{"title":"S","status":"local_policy"},"on":{"event":"a"},"require":{"event":"b"},)"
        R"("within":"10 days"}]})");
}

/// The unit of the only obligation, which opens on 1 January and is due on the 11th.
std::string unit_of(const std::string& attributes, const std::string& as_of = "2023-02-01T00:00:00Z") {
    static const std::string k_staff =
        R"({"format":"duecare.staff/1","staff":[{"id":"anna","service":[)"
        R"({"from":"2020-01-01","until":"2023-01-05","unit":"North"},{"from":"2023-01-05","unit":"South"}]},)"
        R"({"id":"bert","service":[{"from":"2020-01-01","rank":"constable"}]},)"
        R"({"id":"cleo","service":[{"from":"2020-01-01","until":"2023-01-05","unit":"North"}]}]})"
        "\n";
    const auto caseload = std::make_shared<records::Caseload>();
    read_into(*caseload, k_staff + case_line("C",
                                             {event("e1", "a", "2023-01-01T09:00:00Z",
                                                    R"(,"actor":{"id":"dora","rank":"constable"})")},
                                             R"(,"attributes":{)" + attributes + "}"));
    const evaluate::Result result = audit_at(owned_by_the_holder(), caseload, as_of);
    const Units::Unit unit = Units(result).of(result.findings[0]);
    return unit.text.data() == nullptr ? "none" : std::string(unit.text) + (unit.is_owner ? " (owner)" : "");
}

TEST(FindingUnits, TheRegisterSaysWhereTheOwnerWasWhenItFellDue) {
    EXPECT_EQ(unit_of(R"("holder":"anna","unit":"East")"), "South");
    // Not due yet: where the owner is as of the audit.
    EXPECT_EQ(unit_of(R"("holder":"anna","unit":"East")", "2023-01-03T00:00:00Z"), "North");
}

TEST(FindingUnits, AnOwnerThatIsNoPersonIsTheUnit) {
    EXPECT_EQ(unit_of(R"("holder":"Child Abuse South","unit":"East")"), "Child Abuse South (owner)");
}

TEST(FindingUnits, AnOwnerWithoutAUnitLeavesItToTheCase) {
    for (const char* person : {"bert", "cleo", "dora"}) {
        const std::string holder = std::string(R"("holder":")") + person + '"';
        EXPECT_EQ(unit_of(holder + R"(,"unit":"East")"), "East") << person;
        EXPECT_EQ(unit_of(holder), "none") << person;
        EXPECT_EQ(unit_of(holder + R"(,"unit":3)"), "none") << person;
    }
    EXPECT_EQ(unit_of(R"("unit":"East")"), "East");
    EXPECT_EQ(unit_of(R"("holder":"","unit":"East")"), "East");
    EXPECT_EQ(unit_of(R"("unit":"")"), "none");
}

}  // namespace
}  // namespace duecare::findings
