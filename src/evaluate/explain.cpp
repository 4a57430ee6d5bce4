#include "evaluate/explain.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::evaluate {

namespace {

constexpr std::size_t k_most_text = 1U << 20U;  // bytes that a worker may gather before another takes over

bool same(const Finding& a, const Finding& b) {
    return a.case_index == b.case_index && a.duty == b.duty && a.opened_at == b.opened_at &&
           a.trigger_event == b.trigger_event && a.key == b.key &&
           (a.key.data() == nullptr) == (b.key.data() == nullptr) && a.ending_event == b.ending_event &&
           a.verdict == b.verdict && a.due_at == b.due_at;
}

}  // namespace

Replay::Replay(std::shared_ptr<const Binding> binding) : binding_(std::move(binding)) {}

const Appearances& Replay::appearances(std::string_view id) {
    const records::Caseload& caseload = binding_->caseload;
    if (!indexed_) {
        indexed_ = true;
        for (std::uint32_t c = 0; c < caseload.cases.size(); ++c) {
            const records::Range range = caseload.cases[c].persons;
            for (std::uint32_t p = range.begin; p < range.end; ++p) {
                persons_[caseload.persons[p].id].emplace_back(c, p - range.begin);
            }
        }
    }
    return persons_[caseload.strings.find(id)];
}

void Replay::take(Life& life, std::size_t index) const {
    life.finding = worker_->output.findings[index];
    const auto begin = worker_->output.evidence.begin() + life.finding.evidence_begin;
    life.evidence.assign(begin, begin + life.finding.evidence_count);
}

void Replay::run_person(std::string_view id, std::uint32_t kase, std::uint32_t duty) {
    worker_->run_person(id, appearances(id), duty);
    worker_->set_owners(worker_->output.findings, 0);
    std::vector<Life>& lives = trace_.lives;
    for (std::size_t i = 0; i < lives.size(); ++i) take(lives[i], i);
    std::erase_if(lives, [&](const Life& life) { return life.finding.case_index != kase; });
    std::move(lives.begin(), lives.end(), std::back_inserter(lives_));
    lives.clear();
    worker_->output = Output();
    worker_->output.counts.resize(binding_->program.duties.size());
}

const std::vector<Life>& Replay::lives(std::uint32_t kase, std::uint32_t duty) {
    if (kase == kase_ && duty == duty_) return lives_;
    lives_.clear();
    kase_ = duty_ = policy::k_none;
    if (worker_ == nullptr || worker_->lasting->memory() > k_most_text) {
        worker_ = std::make_unique<Worker>(*binding_, k_all_verdicts, false, &trace_);
    }
    const records::Caseload& caseload = binding_->caseload;
    const FindingOrder order{caseload};
    if (binding_->program.duties[duty].across) {
        const records::Range persons = caseload.cases[kase].persons;
        for (std::uint32_t p = persons.begin; p < persons.end; ++p) {
            run_person(caseload.strings.view(caseload.persons[p].id), kase, duty);
        }
        std::stable_sort(lives_.begin(), lives_.end(),
                         [&](const Life& a, const Life& b) { return order(a.finding, b.finding); });
    } else {
        worker_->run_case(kase, duty);
        collect();
    }
    kase_ = kase;
    duty_ = duty;
    return lives_;
}

// The worker has sorted its findings; the trace is sorted the same way, and so they stand side by side. A
// flag that a later answer took away is gone from the findings alone.
void Replay::collect() {
    const FindingOrder order{binding_->caseload};
    lives_ = std::move(trace_.lives);
    trace_.lives.clear();
    std::stable_sort(lives_.begin(), lives_.end(),
                     [&](const Life& a, const Life& b) { return order(a.finding, b.finding); });
    for (std::size_t i = 0; i < lives_.size(); ++i) {
        Life& life = lives_[i];
        take(life, i);
        std::erase_if(life.steps, [&](const Step& step) {
            return step.kind == StepKind::flagged && (life.finding.flags & step.flag) == 0;
        });
    }
    worker_->output = Output();
    worker_->output.counts.resize(binding_->program.duties.size());
}

const Life* Replay::find(const Finding& finding) {
    const std::vector<Life>& all = lives(finding.case_index, finding.duty);
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const Life& life) { return same(life.finding, finding); });
    return at == all.end() ? nullptr : &*at;
}

namespace {

std::uint32_t find_case(const records::Caseload& caseload, std::string_view id) {
    const records::StringId name = caseload.strings.find(id);
    const std::optional<std::uint32_t> found =
        name == records::k_no_string ? std::nullopt : caseload.find_case(name);
    if (found) return *found;
    throw Error(Status::not_found, "There is no case \"" + std::string(id) + "\" among the " +
                                       std::to_string(caseload.cases.size()) + " of the caseload.");
}

std::uint32_t find_duty(const policy::Program& program, std::string_view id) {
    std::vector<std::string_view> known;
    for (std::uint32_t d = 0; d < program.duties.size(); ++d) {
        if (program.duties[d].id == id) return d;
        known.push_back(program.duties[d].id);
    }
    throw Error(Status::not_found,
                "The policy has no duty \"" + std::string(id) + "\"." + suggestion(id, known));
}

Explained explain(std::shared_ptr<const Binding> binding, std::string_view case_id, std::string_view duty_id,
                  const std::optional<std::string_view>& key) {
    Explained explained;
    explained.case_index = find_case(binding->caseload, case_id);
    explained.duty = find_duty(binding->program, duty_id);
    explained.replay = std::make_unique<Replay>(std::move(binding));
    explained.lives = explained.replay->lives(explained.case_index, explained.duty);
    if (!key) return explained;
    std::string keys;
    for (const Life& life : explained.lives) {
        if (life.finding.key.data() == nullptr) continue;
        const std::string quoted = "\"" + std::string(life.finding.key) + "\"";
        if (keys.find(quoted) == std::string::npos) keys += (keys.empty() ? "" : ", ") + quoted;
    }
    std::erase_if(explained.lives, [&](const Life& life) {
        return life.finding.key.data() == nullptr || life.finding.key != *key;
    });
    if (explained.lives.empty()) {
        throw Error(Status::not_found,
                    "The duty has no obligation for \"" + std::string(*key) + "\" in this case; " +
                        (keys.empty() ? "it has none for anybody." : "it has some for " + keys + "."));
    }
    return explained;
}

}  // namespace

Explained explain(const Result& result, std::string_view case_id, std::string_view duty_id,
                  const std::optional<std::string_view>& key) {
    return explain(result.binding, case_id, duty_id, key);
}

Explained explain(const std::shared_ptr<const policy::Policy>& policy,
                  const std::shared_ptr<const records::Caseload>& caseload, const Options& options,
                  std::string_view case_id, std::string_view duty_id,
                  const std::optional<std::string_view>& key) {
    return explain(
        std::make_shared<const Binding>(policy->program(), *caseload, options.as_of, options.known_at),
        case_id, duty_id, key);
}

}  // namespace duecare::evaluate
