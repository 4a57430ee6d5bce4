// A host in C++20: audits a caseload, shows what is not in order and what an error looks like.
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

void show_error() {
    try {
        static_cast<void>(dc::Policy::compile(R"({"format": "duecare.policy/1", "id": "broken"})", "broken.json"));
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
        show_error();
    } catch (const dc::Error& error) {
        std::cerr << error.text() << '\n';
        return 2;
    }
    return 0;
}
