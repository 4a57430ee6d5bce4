#include "bindings.hpp"

namespace duecare::python {

namespace {

host::Caseload make(bool strict, std::uint64_t max_document_bytes, std::uint64_t max_string_bytes,
                    std::uint32_t max_nesting, std::uint32_t max_events_per_case) {
    host::CaseloadOptions options;
    options.strict = strict;
    options.max_document_bytes = max_document_bytes;
    options.max_string_bytes = max_string_bytes;
    options.max_nesting = max_nesting;
    options.max_events_per_case = max_events_per_case;
    return host::Caseload(options);
}

/// Reads the buffer in place and keeps it exported for as long as that takes, so it cannot be resized
/// meanwhile.
void push(host::Caseload& caseload, const py::buffer& bytes) {
    Py_buffer view;
    if (PyObject_GetBuffer(bytes.ptr(), &view, PyBUF_SIMPLE) != 0) throw py::error_already_set();
    struct Release {
        Py_buffer* view;
        ~Release() { PyBuffer_Release(view); }
    } const release{&view};
    const std::string_view text(static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len));
    const py::gil_scoped_release unlocked;
    caseload.push(text);
}

void finish(host::Caseload& caseload) {
    const py::gil_scoped_release unlocked;
    caseload.finish();
}

py::list rejects(const host::Caseload& caseload) {
    py::list out;
    for (const host::Reject& r : caseload.rejects()) {
        out.append(py::make_tuple(to_text(r.source), r.line, to_text(r.case_id), to_text(r.pointer),
                                  to_text(r.reason)));
    }
    return out;
}

py::list unknown_keys(const host::Caseload& caseload) {
    py::list out;
    for (const host::UnknownKey& key : caseload.unknown_keys()) {
        out.append(py::make_tuple(to_text(key.path), key.count, to_text(key.source), key.line,
                                  to_text(key.pointer)));
    }
    return out;
}

}  // namespace

void register_caseload(py::module_& module) {
    py::class_<host::Caseload>(module, "Caseload")
        .def(py::init(&make), py::kw_only(), py::arg("strict"), py::arg("max_document_bytes"),
             py::arg("max_string_bytes"), py::arg("max_nesting"), py::arg("max_events_per_case"))
        .def(
            "begin", [](host::Caseload& c, const std::string& name) { c.begin(name); }, py::arg("name"))
        .def("push", &push, py::arg("data"))
        .def("finish", &finish)
        .def_property_readonly("case_count", &host::Caseload::case_count)
        .def_property_readonly("event_count", &host::Caseload::event_count)
        .def_property_readonly("staff_document_count", &host::Caseload::staff_document_count)
        .def_property_readonly("byte_count", &host::Caseload::byte_count)
        .def_property_readonly("memory", &host::Caseload::memory)
        .def_property_readonly("reject_count", &host::Caseload::reject_count)
        .def(
            "case_id", [](const host::Caseload& c, std::uint64_t i) { return to_text(c.case_id(i)); },
            py::arg("index"))
        .def(
            "case_json", [](const host::Caseload& c, std::uint64_t i) { return to_text(c.case_json(i)); },
            py::arg("index"))
        .def("staff_json", [](const host::Caseload& c) { return to_text(c.staff_json()); })
        .def("rejects", &rejects)
        .def("unknown_keys", &unknown_keys);
}

}  // namespace duecare::python
