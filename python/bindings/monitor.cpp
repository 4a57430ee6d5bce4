#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>

#include "bindings.hpp"

namespace duecare::python {

namespace {

py::str told(const host::Changes& changes) {
    return to_text(changes.json_lines());
}

/// Runs a call that tells changes without the interpreter lock.
template <typename Call>
py::str unlocked(Call call) {
    std::optional<host::Changes> changes;
    {
        const py::gil_scoped_release released;
        changes.emplace(call());
    }
    return told(*changes);
}

py::str list(host::Monitor& monitor, std::uint32_t verdicts, const std::optional<std::string>& case_id,
             const std::optional<std::string>& key, const std::optional<std::string>& owner,
             std::optional<host::Instant> due_until) {
    host::MonitorQuery query;
    query.verdicts = verdicts;
    query.case_id = case_id;
    query.key = key;
    query.owner = owner;
    query.due_until = due_until;
    return unlocked([&] { return monitor.list(query); });
}

host::Result audit(host::Monitor& monitor, const std::optional<std::string>& case_id,
                   std::uint32_t verdicts) {
    const py::gil_scoped_release unlocked;
    return monitor.audit(case_id, verdicts);
}

}  // namespace

void register_monitor(py::module_& module) {
    using host::Monitor;
    py::class_<Monitor>(module, "Monitor")
        .def(py::init<const host::Policy&, host::Instant, std::optional<host::Instant>>(), py::arg("policy"),
             py::arg("as_of"), py::arg("known_at"))
        .def_static(
            "restore",
            [](const host::Policy& policy, const py::bytes& data) {
                const auto bytes = data.cast<std::string>();
                const py::gil_scoped_release unlocked;
                return Monitor::restore(policy, bytes);
            },
            py::arg("policy"), py::arg("data"))
        .def(
            "push_event",
            [](Monitor& m, const py::bytes& case_id, const py::bytes& json) {
                const auto id = case_id.cast<std::string>();
                const auto text = json.cast<std::string>();
                return unlocked([&] { return m.push_event(id, text); });
            },
            py::arg("case_id"), py::arg("json"))
        .def(
            "push_document",
            [](Monitor& m, const py::bytes& json) {
                const auto text = json.cast<std::string>();
                return unlocked([&] { return m.push_document(text); });
            },
            py::arg("json"))
        .def(
            "set_clock",
            [](Monitor& m, host::Instant as_of, host::Instant known_at) {
                return unlocked([&] { return m.set_clock(as_of, known_at); });
            },
            py::arg("as_of"), py::arg("known_at"))
        .def(
            "drop_case",
            [](Monitor& m, const py::bytes& case_id) {
                const auto id = case_id.cast<std::string>();
                return unlocked([&] { return m.drop_case(id); });
            },
            py::arg("case_id"))
        .def("list", &list, py::arg("verdicts"), py::arg("case_id"), py::arg("key"), py::arg("owner"),
             py::arg("due_until"))
        .def("audit", &audit, py::arg("case_id"), py::arg("verdicts"))
        .def("snapshot", [](Monitor& m) { return py::bytes(m.snapshot()); })
        .def_property_readonly("as_of", &Monitor::as_of)
        .def_property_readonly("known_at", &Monitor::known_at)
        .def_property_readonly("next_due", &Monitor::next_due)
        .def_property_readonly("case_count", &Monitor::case_count)
        .def_property_readonly("event_count", &Monitor::event_count)
        .def_property_readonly("memory", &Monitor::memory);
}

}  // namespace duecare::python
