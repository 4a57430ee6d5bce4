#include <utility>

#include "capi/guard.hpp"

using namespace duecare::capi;
using duecare::policy::Diagnostic;

duecare_diagnostics::duecare_diagnostics(std::vector<Diagnostic> list) : items(std::move(list)) {
    texts.reserve(items.size());
    for (const Diagnostic& item : items) texts.push_back(item.text());
}

namespace {

const Diagnostic* find(const duecare_diagnostics* diagnostics, std::uint64_t index) noexcept {
    return is(diagnostics) && index < diagnostics->items.size() ? &diagnostics->items[index] : nullptr;
}

const char* field(const duecare_diagnostics* diagnostics, std::uint64_t index,
                  std::string Diagnostic::*member, std::size_t* out_length) noexcept {
    const Diagnostic* item = find(diagnostics, index);
    return item == nullptr ? give_nothing(out_length) : give(item->*member, out_length);
}

}  // namespace

uint64_t duecare_diagnostics_count(const duecare_diagnostics* diagnostics) noexcept {
    return is(diagnostics) ? diagnostics->items.size() : 0;
}

duecare_severity duecare_diagnostics_get_severity(const duecare_diagnostics* diagnostics,
                                                  uint64_t index) noexcept {
    const Diagnostic* item = find(diagnostics, index);
    if (item == nullptr) return 0;
    return item->severity == Diagnostic::Severity::error ? DUECARE_SEVERITY_ERROR : DUECARE_SEVERITY_WARNING;
}

const char* duecare_diagnostics_get_policy(const duecare_diagnostics* diagnostics, uint64_t index,
                                           size_t* out_length) noexcept {
    return field(diagnostics, index, &Diagnostic::policy, out_length);
}

const char* duecare_diagnostics_get_pointer(const duecare_diagnostics* diagnostics, uint64_t index,
                                            size_t* out_length) noexcept {
    return field(diagnostics, index, &Diagnostic::pointer, out_length);
}

uint64_t duecare_diagnostics_get_line(const duecare_diagnostics* diagnostics, uint64_t index) noexcept {
    const Diagnostic* item = find(diagnostics, index);
    return item == nullptr ? 0 : item->line;
}

const char* duecare_diagnostics_get_message(const duecare_diagnostics* diagnostics, uint64_t index,
                                            size_t* out_length) noexcept {
    return field(diagnostics, index, &Diagnostic::message, out_length);
}

const char* duecare_diagnostics_get_expression(const duecare_diagnostics* diagnostics, uint64_t index,
                                               size_t* out_length) noexcept {
    return field(diagnostics, index, &Diagnostic::expression, out_length);
}

uint32_t duecare_diagnostics_get_column(const duecare_diagnostics* diagnostics, uint64_t index) noexcept {
    const Diagnostic* item = find(diagnostics, index);
    return item == nullptr ? 0 : item->column;
}

const char* duecare_diagnostics_get_text(const duecare_diagnostics* diagnostics, uint64_t index,
                                         size_t* out_length) noexcept {
    if (find(diagnostics, index) == nullptr) return give_nothing(out_length);
    return give(diagnostics->texts[index], out_length);
}
