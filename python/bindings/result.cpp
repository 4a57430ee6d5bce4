#include <pybind11/stl.h>

#include "bindings.hpp"

namespace duecare::python {

namespace {

host::Result audit(const host::Policy& policy, const host::Caseload& caseload,
                   std::optional<host::Instant> as_of, std::optional<host::Instant> known_at,
                   std::uint32_t verdicts, std::uint32_t threads, py::object progress, bool coverage) {
    Steps steps(std::move(progress));
    host::AuditOptions options;
    options.as_of = as_of;
    options.known_at = known_at;
    options.verdicts = verdicts;
    options.threads = threads == 0 ? DUECARE_THREADS_MACHINE : threads;
    options.coverage = coverage;
    options.progress = [&steps](std::uint64_t done, std::uint64_t total) { return steps(done, total); };
    const py::gil_scoped_release unlocked;
    host::Result result = host::audit(policy, caseload, options);
    steps.finish(result.case_count());
    return result;
}

std::vector<host::Finding> read_findings(const host::Result& result, std::uint64_t begin,
                                         std::uint64_t count) {
    const py::gil_scoped_release unlocked;
    host::FindingReader reader(result);
    std::vector<host::Finding> out;
    out.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        reader.at(begin + i);
        out.push_back(reader.copy());
    }
    return out;
}

/// Findings [begin, begin + count), which must exist.
py::list findings(const host::Result& result, std::uint64_t begin, std::uint64_t count) {
    if (begin > result.finding_count() || count > result.finding_count() - begin) {
        throw py::index_error("no such finding");
    }
    py::list out;
    for (host::Finding& finding : read_findings(result, begin, count))
        out.append(py::cast(std::move(finding)));
    return out;
}

py::bytes json_lines(const host::Result& result, std::uint64_t begin, std::uint64_t count) {
    std::string text;
    {
        const py::gil_scoped_release unlocked;
        text = result.json_lines(begin, count);
    }
    return py::bytes(text);
}

/// Obligations of a duty by verdict, in the order of verdict_names().
py::tuple counts(const host::Result& result, std::size_t duty) {
    py::tuple out(host::k_verdicts);
    for (std::size_t i = 0; i < host::k_verdicts; ++i) {
        out[i] = result.count(duty, static_cast<host::Verdict>(i));
    }
    return out;
}

py::tuple verdict_names() {
    py::tuple out(host::k_verdicts);
    for (std::size_t i = 0; i < host::k_verdicts; ++i)
        out[i] = to_text(host::name(static_cast<host::Verdict>(i)));
    return out;
}

/// How the obligations of one duty in one case came to their verdicts: (JSON, text).
py::tuple explain(const host::Result& result, std::string_view case_id, std::string_view duty_id,
                  std::optional<std::string_view> key) {
    std::string json;
    std::string text;
    {
        const py::gil_scoped_release unlocked;
        const host::Explanation explanation = result.explain(case_id, duty_id, key);
        json = explanation.json();
        text = explanation.text();
    }
    return py::make_tuple(to_text(json), to_text(text));
}

}  // namespace

void register_result(py::module_& module) {
    py::class_<host::Result>(module, "Result")
        .def_property_readonly("as_of", [](const host::Result& r) { return to_datetime(r.as_of()); })
        .def_property_readonly("known_at", [](const host::Result& r) { return to_datetime(r.known_at()); })
        .def_property_readonly("case_count", &host::Result::case_count)
        .def_property_readonly("visible_event_count", &host::Result::visible_event_count)
        .def_property_readonly("reject_count", &host::Result::reject_count)
        .def("unnamed_events", &host::Result::unnamed_events)
        .def_property_readonly("finding_count", &host::Result::finding_count)
        .def("coverage_json", [](const host::Result& r) { return to_text(r.coverage_json()); })
        .def("counts", &counts, py::arg("duty"))
        .def("explain", &explain, py::arg("case_id"), py::arg("duty_id"), py::arg("key"))
        .def("findings", &findings, py::arg("begin"), py::arg("count"))
        .def("json_lines", &json_lines, py::arg("begin"), py::arg("count"));
    module.def("audit", &audit, py::arg("policy"), py::arg("caseload"), py::arg("as_of"), py::arg("known_at"),
               py::arg("verdicts"), py::arg("threads"), py::arg("progress"), py::arg("coverage"));
    module.def("verdict_names", &verdict_names);
    module.attr("DEFAULT_VERDICTS") = host::k_default_verdicts;
    module.attr("ALL_VERDICTS") = host::k_all_verdicts;
}

}  // namespace duecare::python
