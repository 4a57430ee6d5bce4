// Kills a process that stores, again and again at moments that nobody chose, and looks at what is left.
//
//     store_crash ROUNDS [SEED]
//
// The child stores runs, decisions and reviews, and says after each that it is done, through a pipe; the
// parent kills it with SIGKILL after a random time. Whatever was said to be done must be there, nothing may
// be there half, the chain must fit, and the next open must work. The same store goes through all rounds.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

#include "support.hpp"

namespace duecare::store {
namespace {

constexpr int k_longest_ms = 60;

struct Done {
    std::int64_t runs = 0;
    std::int64_t records = 0;
};

std::string note(int round, std::int64_t i) {
    return R"({"about":"a","text":")" + std::to_string(round) + " " + std::to_string(i) +
           R"(","by":"b","at":"2026-03-01T00:00:00Z"})";
}

OpenOptions options() {
    OpenOptions out = creating(Keep::evidence);
    out.relaxed = false;
    return out;
}

/// Stores until it is killed; writes 'r' after each run and 'n' after each record.
[[noreturn]] void child(const std::string& file, int out, int round, const Audited& audited) {
    Store store(file, options());
    const std::shared_ptr<const policy::Policy>& policy = audited.result.policy;
    for (std::int64_t i = 0;; ++i) {
        if (i % 4 == 0) {
            evaluate::Options again;
            again.verdicts = evaluate::k_all_verdicts;
            again.as_of = again.known_at =
                at("2026-02-01T00:00:00Z") + (round * 1000 + i) * time::k_micros_per_second;
            const evaluate::Result result = evaluate::audit(policy, audited.caseload, again);
            static_cast<void>(store.put_run(result, {audited.report, "0.1.0", info("2026-02-01T09:00:00Z")}));
            if (::write(out, "r", 1) != 1) ::_exit(1);
        } else {
            static_cast<void>(store.put("note", note(round, i)));
            if (::write(out, "n", 1) != 1) ::_exit(1);
        }
    }
}

/// What the child said before it was killed.
Done killed_after(const std::string& file, int round, int milliseconds, const Audited& audited) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t process = ::fork();
    if (process == 0) {
        ::close(ends[0]);
        try {
            child(file, ends[1], round, audited);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "child: %s\n", error.what());
            ::_exit(2);
        }
    }
    ::close(ends[1]);
    Done done;
    char buffer[4096];
    // Every other time the clock starts when something was acknowledged, however slow the machine is.
    if (round % 2 == 1 && ::read(ends[0], buffer, 1) == 1) ++(buffer[0] == 'r' ? done.runs : done.records);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    ::kill(process, SIGKILL);
    int status = 0;
    ::waitpid(process, &status, 0);
    if (!WIFSIGNALED(status)) throw std::runtime_error("the child ended by itself");
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
        for (ssize_t i = 0; i < got; ++i) ++(buffer[i] == 'r' ? done.runs : done.records);
    }
    ::close(ends[0]);
    return done;
}

/// Throws where something is lost, half, or does not fit.
Done look(const std::string& file, const Done& before, const Done& said, bool whole) {
    Store store(file, options());
    const json::value about = parsed(store.query(R"({"what":"info"})"));
    const Done there{about.at("runs").as_int64(), about.at("records").as_int64()};
    const std::int64_t more = there.runs + there.records - before.runs - before.records;
    const bool all_there =
        there.runs >= before.runs + said.runs && there.records >= before.records + said.records;
    if (!all_there || more > said.runs + said.records + 1) {
        throw std::runtime_error("said " + std::to_string(said.runs) + " + " + std::to_string(said.records) +
                                 ", there are " + std::to_string(more));
    }
    if (whole) {
        const std::string report = store.verify({});
        if (!parsed(report).at("ok").as_bool()) throw std::runtime_error(report);
    }
    static_cast<void>(store.put("note", note(-1, there.records)));
    return {there.runs, there.records + 1};
}

int rounds(int count, unsigned seed) {
    const Folder folder;
    std::mt19937 chance(seed);
    const Audited audited = store::audited(policy_of(), many_cases(60), "2026-01-31T00:00:00Z");
    Done before;
    Done total;
    std::string file = folder.file();
    for (int round = 0; round < count; ++round) {
        if (round % 50 == 0) {  // a new one now and then: verifying takes longer the more there is
            file = folder.file("audit" + std::to_string(round) + ".db");
            before = {};
        }
        const Done said = killed_after(file, round, static_cast<int>(chance() % k_longest_ms), audited);
        before = look(file, before, said, round % 50 % 5 == 4 || round + 1 == count);
        total.runs += said.runs;
        total.records += said.records;
    }
    std::printf("%d kills; %lld runs and %lld records were acknowledged, and all are there\n", count,
                static_cast<long long>(total.runs), static_cast<long long>(total.records));
    return total.runs > 0 ? 0 : 1;
}

}  // namespace
}  // namespace duecare::store

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::atoi(argv[1]) : 20;
    const unsigned seed = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1U;
    try {
        return duecare::store::rounds(count, seed);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "seed %u: %s\n", seed, error.what());
        return 1;
    }
}
