#include "bindings.hpp"

namespace duecare::python {

namespace {

constexpr const char* k_stream = "arrow_array_stream";

/// The stream of a capsule, which stays its owner until the library has taken it.
void add(host::Tables& tables, const std::string& name, const py::capsule& capsule) {
    auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), k_stream));
    if (stream == nullptr) throw py::error_already_set();
    // The stream may be one of Python's, and takes the interpreter lock by itself when it needs it.
    const py::gil_scoped_release unlocked;
    tables.add(name, *stream);
}

void add_tables(host::Caseload& caseload, host::Tables& tables) {
    const py::gil_scoped_release unlocked;
    caseload.add(tables);
}

py::object export_table(const host::Result& result, std::int32_t table, bool explanations) {
    auto* const stream = new ArrowArrayStream();
    PyObject* const capsule = PyCapsule_New(stream, k_stream, [](PyObject* self) {
        auto* const held = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(self, k_stream));
        if (held == nullptr) return;
        if (held->release != nullptr) held->release(held);
        delete held;
    });
    if (capsule == nullptr) {
        delete stream;
        throw py::error_already_set();
    }
    py::object owner = py::reinterpret_steal<py::object>(capsule);
    result.export_table(table, explanations, *stream);
    return owner;
}

}  // namespace

void register_tables(py::module_& module) {
    py::class_<host::Tables>(module, "Tables")
        .def(py::init<std::string_view>(), py::arg("mapping"))
        .def("add", &add, py::arg("name"), py::arg("stream"))
        .def("report", [](const host::Tables& t) { return to_text(t.report()); });
    module.def("add_tables", &add_tables, py::arg("caseload"), py::arg("tables"));
    module.def("export_table", &export_table, py::arg("result"), py::arg("table"), py::arg("explanations"));
    module.attr("TABLE_FINDINGS") = DUECARE_TABLE_FINDINGS;
    module.attr("TABLE_CASES") = DUECARE_TABLE_CASES;
    module.attr("TABLE_EVENTS") = DUECARE_TABLE_EVENTS;
    module.attr("TABLE_SERVICE") = DUECARE_TABLE_SERVICE;
}

}  // namespace duecare::python
