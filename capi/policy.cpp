#include "capi/guard.hpp"
#include "policy/program.hpp"

using namespace duecare::capi;
using duecare::policy::Duty;
using duecare::policy::Policy;
using duecare::policy::Source;

namespace {

const Duty* find_duty(const duecare_policy* policy, std::uint64_t duty) noexcept {
    if (!is(policy)) return nullptr;
    const std::vector<Duty>& duties = policy->policy->program().duties;
    return duty < duties.size() ? &duties[duty] : nullptr;
}

const char* duty_field(const duecare_policy* policy, std::uint64_t duty, std::string Duty::*member,
                       std::size_t* out_length) noexcept {
    const Duty* found = find_duty(policy, duty);
    return found == nullptr ? give_nothing(out_length) : give(found->*member, out_length);
}

const char* source_field(const duecare_policy* policy, std::uint64_t duty, std::string Source::*member,
                         std::size_t* out_length) noexcept {
    const Duty* found = find_duty(policy, duty);
    return found == nullptr ? give_nothing(out_length) : give(found->source.*member, out_length);
}

}  // namespace

const char* duecare_policy_get_id(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->id(), out_length) : give_nothing(out_length);
}

const char* duecare_policy_get_version(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->version(), out_length) : give_nothing(out_length);
}

const char* duecare_policy_get_title(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->title(), out_length) : give_nothing(out_length);
}

const char* duecare_policy_get_time_zone(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->time_zone(), out_length) : give_nothing(out_length);
}

const char* duecare_policy_get_json(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->merged_json(), out_length) : give_nothing(out_length);
}

const char* duecare_policy_get_digest(const duecare_policy* policy, size_t* out_length) noexcept {
    return is(policy) ? give(policy->policy->program().digest, out_length) : give_nothing(out_length);
}

const duecare_diagnostics* duecare_policy_get_diagnostics(const duecare_policy* policy) noexcept {
    return is(policy) ? &policy->diagnostics : nullptr;
}

uint64_t duecare_policy_count_duties(const duecare_policy* policy) noexcept {
    return is(policy) ? policy->policy->program().duties.size() : 0;
}

const char* duecare_policy_get_duty_id(const duecare_policy* policy, uint64_t duty,
                                       size_t* out_length) noexcept {
    return duty_field(policy, duty, &Duty::id, out_length);
}

const char* duecare_policy_get_duty_title(const duecare_policy* policy, uint64_t duty,
                                          size_t* out_length) noexcept {
    return duty_field(policy, duty, &Duty::title, out_length);
}

const char* duecare_policy_get_duty_area(const duecare_policy* policy, uint64_t duty,
                                         size_t* out_length) noexcept {
    return duty_field(policy, duty, &Duty::area, out_length);
}

const char* duecare_policy_get_duty_severity(const duecare_policy* policy, uint64_t duty,
                                             size_t* out_length) noexcept {
    const Duty* found = find_duty(policy, duty);
    if (found == nullptr) return give_nothing(out_length);
    return give_literal(duecare::policy::k_severity_names[static_cast<std::size_t>(found->severity)],
                        out_length);
}

const char* duecare_policy_get_duty_source_title(const duecare_policy* policy, uint64_t duty,
                                                 size_t* out_length) noexcept {
    return source_field(policy, duty, &Source::title, out_length);
}

const char* duecare_policy_get_duty_source_section(const duecare_policy* policy, uint64_t duty,
                                                   size_t* out_length) noexcept {
    return source_field(policy, duty, &Source::section, out_length);
}

const char* duecare_policy_get_duty_source_url(const duecare_policy* policy, uint64_t duty,
                                               size_t* out_length) noexcept {
    return source_field(policy, duty, &Source::url, out_length);
}

const char* duecare_policy_get_duty_source_status(const duecare_policy* policy, uint64_t duty,
                                                  size_t* out_length) noexcept {
    return source_field(policy, duty, &Source::status, out_length);
}

const char* duecare_policy_get_duty_explain(const duecare_policy* policy, uint64_t duty,
                                            size_t* out_length) noexcept {
    return duty_field(policy, duty, &Duty::explain, out_length);
}

void duecare_policy_free(duecare_policy* policy) noexcept {
    if (is(policy)) delete policy;
}
