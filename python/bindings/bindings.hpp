// The Python extension: one register_* function per noun, over duecare.hpp alone. It holds no logic of its
// own; what is convenient in Python is written in Python (python/duecare/). The interpreter lock is released
// around every call that does work, and taken again for callbacks.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "duecare/duecare.hpp"

namespace duecare::python {

namespace py = pybind11;
namespace host = duecare::host;

void register_library(py::module_& module);
void register_errors(py::module_& module);
void register_policy(py::module_& module);
void register_caseload(py::module_& module);
void register_finding(py::module_& module);
void register_result(py::module_& module);
void register_sample(py::module_& module);
void register_monitor(py::module_& module);
void register_store(py::module_& module);
void register_tables(py::module_& module);

/// Text of the library as `str`. What was quoted from a damaged file need not be valid UTF-8: such bytes
/// become U+FFFD, so that an error about them can always be told.
[[nodiscard]] py::str to_text(std::string_view text);

/// An aware `datetime` in UTC.
[[nodiscard]] py::object to_datetime(host::Instant instant);

/// A list of tuples in the order of the fields of duecare.Diagnostic.
[[nodiscard]] py::list to_tuples(const std::vector<host::Diagnostic>& diagnostics);

/// What a long call asks between two of its steps: whether Ctrl-C was pressed, and the caller's own callback.
/// Called without the interpreter lock; takes it at the first step, at the last, and at most every
/// k_pause between.
class Steps {
  public:
    explicit Steps(py::object callback) : callback_(std::move(callback)) {}

    /// False cancels. Throws what a signal handler or the callback raised.
    [[nodiscard]] bool operator()(std::uint64_t done, std::uint64_t total);
    /// Tells the callback of the whole, unless it knows: whoever shows progress is to see the end of it.
    void finish(std::uint64_t total);

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds k_pause{50};

    py::object callback_;  // None: signals alone
    Clock::time_point last_ = Clock::time_point::min();
    std::uint64_t done_ = 0;  // as last told to the callback
};

}  // namespace duecare::python
