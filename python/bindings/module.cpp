#include "bindings.hpp"

// After Python.h, which it needs and does not include.
#include <datetime.h>

namespace duecare::python {

py::str to_text(std::string_view text) {
    PyObject* raw = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
    if (raw == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::str>(raw);
}

py::object to_datetime(host::Instant instant) {
    using namespace std::chrono;
    if (PyDateTimeAPI == nullptr) {
        PyDateTime_IMPORT;
        if (PyDateTimeAPI == nullptr) throw py::error_already_set();
    }
    const sys_time<microseconds> point{microseconds(instant)};
    const sys_days day = floor<days>(point);
    const year_month_day date(day);
    const hh_mm_ss<microseconds> clock(point - day);
    PyObject* raw = PyDateTimeAPI->DateTime_FromDateAndTime(
        static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
        static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<int>(clock.subseconds().count()), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
    if (raw == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(raw);
}

bool Steps::operator()(std::uint64_t done, std::uint64_t total) {
    const Clock::time_point now = Clock::now();
    if (done != total && last_ != Clock::time_point::min() && now - last_ < k_pause) return true;
    last_ = now;
    done_ = done;
    const py::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (callback_.is_none()) return true;
    // Only an explicit False cancels: a callback that just prints returns None.
    return callback_(done, total).ptr() != Py_False;
}

void Steps::finish(std::uint64_t total) {
    if (done_ != total) static_cast<void>((*this)(total, total));
}

void register_library(py::module_& module) {
    module.def("version", [] { return to_text(host::version()); });
    module.def("version_number", &host::version_number);
    module.def("abi_version", &host::abi_version);
    module.def("build_info", [] { return to_text(host::build_info()); });
    module.def("zone_data_version", [] { return to_text(host::zone_data_version()); });
    module.def(
        "format_instant", [](host::Instant instant) { return to_text(host::format_instant(instant)); },
        py::arg("micros"));
    module.def("to_datetime", &to_datetime, py::arg("micros"));
}

}  // namespace duecare::python

PYBIND11_MODULE(_core, module) {
    using namespace duecare::python;
    register_errors(module);
    register_library(module);
    register_policy(module);
    register_caseload(module);
    register_finding(module);
    register_result(module);
    register_sample(module);
    register_monitor(module);
    register_store(module);
    register_tables(module);
}
