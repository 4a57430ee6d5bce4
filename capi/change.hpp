// What every function that adds to a caseload goes through.
#pragma once

#include "capi/guard.hpp"

namespace duecare::capi {

inline void index_unknown_keys(CaseloadState& state) {
    const auto& keys = state.reader.report().unknown_keys;
    if (keys.size() == state.unknown_keys.size()) return;
    state.unknown_keys.clear();
    for (const auto& entry : keys) state.unknown_keys.push_back(&entry);
}

/// Runs `body` on a caseload that may be added to. What it throws leaves the caseload unusable, unless it
/// is a file that could not be read.
template <typename Body>
void change(duecare_caseload* caseload, Body&& body) {
    CaseloadState& state = *need(caseload, "caseload").state;
    if (state.results != 0) {
        throw Error(
            Status::invalid_state,
            "A result still refers to this caseload; free the result first, or read into a new caseload.");
    }
    if (state.failed) {
        throw Error(Status::invalid_state, "Reading into this caseload has failed before; use a new one.");
    }
    try {
        body(state);
        index_unknown_keys(state);
    } catch (const Error& thrown) {
        state.failed = thrown.status() != Status::io;
        index_unknown_keys(state);
        throw;
    } catch (...) {
        state.failed = true;
        throw;
    }
}

}  // namespace duecare::capi
