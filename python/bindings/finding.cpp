#include <pybind11/stl.h>

#include <tuple>

#include "bindings.hpp"

namespace duecare::python {

namespace {

using host::Finding;

py::object to_optional_datetime(const std::optional<host::Instant>& instant) {
    return instant ? to_datetime(*instant) : py::none();
}
py::object to_optional_text(const std::optional<std::string>& text) {
    return text ? py::object(to_text(*text)) : py::none();
}
py::object written(const std::optional<host::Instant>& instant) {
    return instant ? py::object(to_text(host::format_instant(*instant))) : py::none();
}
py::str verdict(const Finding& finding) {
    return to_text(host::name(finding.verdict));
}

py::tuple to_tuple(const std::vector<std::string>& texts) {
    py::tuple out(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] = to_text(texts[i]);
    return out;
}

/// Exactly the contract's fields, in its order and forms: the JSON object as a dict.
py::dict to_dict(const Finding& finding) {
    py::dict out;
    out["case_id"] = to_text(finding.case_id);
    out["duty_id"] = to_text(finding.duty_id);
    out["key"] = to_optional_text(finding.key);
    out["verdict"] = verdict(finding);
    out["opened_at"] = written(finding.opened_at);
    out["due_at"] = written(finding.due_at);
    out["ended_at"] = written(finding.ended_at);
    out["overdue_seconds"] = finding.overdue_seconds;
    out["elapsed_seconds"] = finding.elapsed_seconds;
    out["missed_periods"] = finding.missed_periods;
    out["trigger_event"] = to_optional_text(finding.trigger_event);
    out["ending_event"] = to_optional_text(finding.ending_event);
    out["flags"] = py::list(to_tuple(finding.flags));
    out["reason"] = to_optional_text(finding.reason);
    out["evidence"] = py::list(to_tuple(finding.evidence));
    out["owner"] = to_optional_text(finding.owner);
    out["area"] = to_text(finding.area);
    out["severity"] = to_text(finding.severity);
    out["title"] = to_text(finding.title);
    out["explanation"] = to_text(finding.explanation);
    return out;
}

/// The contract's fields; not the positions in caseload and policy, which say nothing of the finding itself.
auto fields(const Finding& f) {
    return std::tie(f.case_id, f.duty_id, f.key, f.verdict, f.opened_at, f.due_at, f.ended_at,
                    f.overdue_seconds, f.elapsed_seconds, f.missed_periods, f.trigger_event, f.ending_event,
                    f.flags, f.reason, f.evidence, f.owner, f.area, f.severity, f.title, f.explanation);
}

py::object equal(const Finding& left, const py::object& right) {
    if (!py::isinstance<Finding>(right)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
    return py::bool_(fields(left) == fields(right.cast<const Finding&>()));
}

Py_hash_t hash(const Finding& f) {
    return py::hash(py::make_tuple(f.case_id, f.duty_id, f.key, f.trigger_event, f.opened_at));
}

/// No case value: what identifies the kind of finding, and no more.
std::string repr(const Finding& finding) {
    return "<duecare.Finding " + finding.duty_id + " " + std::string(host::name(finding.verdict)) + ">";
}

constexpr int k_state_version = 1;  // of the pickled tuple; a new layout gets a new number and a reader

py::tuple get_state(const Finding& f) {
    return py::make_tuple(k_state_version, f.case_id, f.duty_id, f.key, static_cast<std::int32_t>(f.verdict),
                          f.opened_at, f.due_at, f.ended_at, f.overdue_seconds, f.elapsed_seconds,
                          f.missed_periods, f.trigger_event, f.ending_event, f.flags, f.reason, f.evidence,
                          f.owner, f.area, f.severity, f.title, f.explanation, f.unit);
}

template <typename T>
void take(const py::tuple& state, std::size_t& next, T& into) {
    into = state[next++].cast<T>();
}

Finding set_state(const py::tuple& state) {
    constexpr std::size_t k_size = 22;
    if (state.size() != k_size || state[0].cast<int>() != k_state_version) {
        throw py::value_error("this finding was pickled by a version of duecare that is not known here");
    }
    Finding f;
    std::int32_t verdict_number = 0;
    std::size_t next = 1;
    take(state, next, f.case_id);
    take(state, next, f.duty_id);
    take(state, next, f.key);
    take(state, next, verdict_number);
    f.verdict = static_cast<host::Verdict>(verdict_number);
    take(state, next, f.opened_at);
    take(state, next, f.due_at);
    take(state, next, f.ended_at);
    take(state, next, f.overdue_seconds);
    take(state, next, f.elapsed_seconds);
    take(state, next, f.missed_periods);
    take(state, next, f.trigger_event);
    take(state, next, f.ending_event);
    take(state, next, f.flags);
    take(state, next, f.reason);
    take(state, next, f.evidence);
    take(state, next, f.owner);
    take(state, next, f.area);
    take(state, next, f.severity);
    take(state, next, f.title);
    take(state, next, f.explanation);
    take(state, next, f.unit);
    return f;
}

}  // namespace

void register_finding(py::module_& module) {
    py::class_<Finding> type(module, "Finding",
                             "One obligation and what became of it. Immutable; instants are aware, in UTC.");
    type.attr("__module__") = "duecare";
    type.attr("__match_args__") = py::make_tuple("case_id", "duty_id", "key", "verdict");
    type.def_property_readonly("case_id", [](const Finding& f) { return to_text(f.case_id); })
        .def_property_readonly("duty_id", [](const Finding& f) { return to_text(f.duty_id); })
        .def_property_readonly("key", [](const Finding& f) { return to_optional_text(f.key); })
        .def_property_readonly("verdict", &verdict)
        .def_property_readonly("opened_at", [](const Finding& f) { return to_datetime(f.opened_at); })
        .def_property_readonly("due_at", [](const Finding& f) { return to_optional_datetime(f.due_at); })
        .def_property_readonly("ended_at", [](const Finding& f) { return to_optional_datetime(f.ended_at); })
        .def_readonly("overdue_seconds", &Finding::overdue_seconds)
        .def_readonly("elapsed_seconds", &Finding::elapsed_seconds)
        .def_readonly("missed_periods", &Finding::missed_periods)
        .def_property_readonly("trigger_event",
                               [](const Finding& f) { return to_optional_text(f.trigger_event); })
        .def_property_readonly("ending_event",
                               [](const Finding& f) { return to_optional_text(f.ending_event); })
        .def_property_readonly("flags", [](const Finding& f) { return to_tuple(f.flags); })
        .def_property_readonly("reason", [](const Finding& f) { return to_optional_text(f.reason); })
        .def_property_readonly("evidence", [](const Finding& f) { return to_tuple(f.evidence); })
        .def_property_readonly("owner", [](const Finding& f) { return to_optional_text(f.owner); })
        .def_property_readonly("area", [](const Finding& f) { return to_text(f.area); })
        .def_property_readonly("severity", [](const Finding& f) { return to_text(f.severity); })
        .def_property_readonly("title", [](const Finding& f) { return to_text(f.title); })
        .def_property_readonly("explanation", [](const Finding& f) { return to_text(f.explanation); })
        .def_property_readonly("unit", [](const Finding& f) { return to_optional_text(f.unit); });
    type.def("to_dict", &to_dict, "Exactly the contract's fields; instants as text.")
        .def("__eq__", &equal, py::is_operator())
        .def("__hash__", &hash)
        .def("__repr__", &repr)
        .def(py::pickle(&get_state, &set_state));
}

}  // namespace duecare::python
