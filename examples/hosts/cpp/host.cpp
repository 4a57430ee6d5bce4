// A host in C++20: audits a caseload, monitors a live event, and shows what an error looks like.
//
//     host policy.json cases.jsonl
#include <duecare/duecare.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

namespace dc = duecare::host;

namespace {

std::string read_file(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void audit(const dc::Policy& policy, const char* cases) {
    dc::Caseload caseload;
    caseload.read_file(cases);
    for (const dc::Reject& reject : caseload.rejects())
        std::cout << "rejected: line " << reject.line << ": " << reject.reason << '\n';
    const dc::Result result = dc::audit(policy, caseload);
    for (const dc::Finding& finding : result.findings()) {
        std::cout << finding.case_id << ' ' << finding.duty_id << ' ' << finding.key.value_or("-") << ' '
                  << dc::name(finding.verdict);
        if (finding.due_at) std::cout << " due " << dc::format_instant(*finding.due_at);
        std::cout << '\n';
    }
}

void print(const dc::Changes& changes) {
    for (std::uint64_t i = 0; i < changes.size(); ++i) {
        const dc::Change change = changes[i];
        std::cout << "now " << change.case_id << ' ' << change.duty_id << ' ' << change.key.value_or("-")
                  << ' ' << dc::name(change.verdict);
        if (change.due_at) std::cout << " due " << dc::format_instant(*change.due_at);
        std::cout << '\n';
    }
}

// A child comes back, and then 72 hours pass.
void monitor(const dc::Policy& policy) {
    dc::Monitor live(policy, dc::parse_instant("2023-02-01T10:00:00Z"));
    print(live.push_document(
        R"({"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]})"));
    print(live.push_event("MC-3",
                          R"({"id":"e1","type":"missing.returned","occurred_at":"2023-02-01T08:00:00Z"})"));
    print(live.set_clock(live.next_due().value() + 1));  // what happens when it is due is still in time
}

void show_error() {
    try {
        static_cast<void>(
            dc::Policy::compile(R"({"format": "duecare.policy/1", "id": "broken"})", "broken.json"));
    } catch (const dc::PolicyError& error) {
        std::cout << "error " << dc::name(error.status()) << ": " << error.message() << '\n';
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: host policy.json cases.jsonl\n";
        return 2;
    }
    try {
        std::cout << "duecare " << dc::version() << '\n';
        const dc::Policy policy = dc::Policy::compile(read_file(argv[1]), argv[1]);
        audit(policy, argv[2]);
        monitor(policy);
        show_error();
    } catch (const dc::Error& error) {
        std::cerr << error.text() << '\n';
        return 2;
    }
    return 0;
}
