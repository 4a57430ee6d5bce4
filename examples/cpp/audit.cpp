// A first program in C++: audits a file of case histories against a policy, with progress and several
// threads, and prints what was not in order.
//
//     audit policy.json cases.jsonl
//
// Exit codes as in ../c/audit.c.
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

int audit(const char* policy_path, const char* cases_path) {
    const dc::Policy policy = dc::Policy::compile(read_file(policy_path), policy_path);
    dc::Caseload caseload;
    caseload.read_file(cases_path);
    for (const dc::Reject& reject : caseload.rejects()) {
        std::cerr << reject.source << ':' << reject.line << ": rejected: " << reject.reason << '\n';
    }

    dc::AuditOptions options;
    options.as_of = policy.parse_instant("2023-01-20");  // the end of that day in London
    options.threads = DUECARE_THREADS_MACHINE;           // the result is the same for any number
    options.progress = [](std::uint64_t done, std::uint64_t total) {
        std::cerr << done << " of " << total << " cases\n";
        return true;  // go on
    };
    const dc::Result result = dc::audit(policy, caseload, options);

    for (const dc::Finding& finding : result.findings()) {
        std::cout << finding.case_id << ' ' << dc::name(finding.verdict) << ": " << finding.explanation
                  << '\n';
    }
    std::cout << "as of " << policy.format_instant(result.as_of()) << ": " << result.finding_count()
              << " findings, " << result.reject_count() << " records rejected\n";
    if (result.reject_count() != 0) return 3;
    return result.finding_count() != 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: audit policy.json cases.jsonl\n";
        return 2;
    }
    try {
        return audit(argv[1], argv[2]);
    } catch (const dc::Error& error) {
        std::cerr << error.text() << '\n';
        return 2;
    }
}
