#include "bindings.hpp"

namespace duecare::python {

namespace {

/// Sets the Python exception for an error of the library; duecare._errors chooses its class.
void raise(const host::Error& error, const py::list& diagnostics) {
    const host::Status status = error.status();
    const py::object make = py::module_::import("duecare._errors").attr("from_library");
    const py::object exception =
        make(to_text(host::name(status)), to_text(error.message()), to_text(error.pointer()),
             to_text(error.source()), error.line(), to_text(error.text()), diagnostics);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

void translate(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const host::PolicyError& error) {
        raise(error, to_tuples(error.diagnostics()));
    } catch (const host::Error& error) {
        raise(error, py::list());
    }
}

}  // namespace

py::list to_tuples(const std::vector<host::Diagnostic>& diagnostics) {
    py::list out;
    for (const host::Diagnostic& d : diagnostics) {
        const bool warning = d.severity == host::Diagnostic::Severity::warning;
        out.append(py::make_tuple(warning ? "warning" : "error", to_text(d.message), to_text(d.policy),
                                  to_text(d.pointer), d.line, to_text(d.expression), d.column,
                                  to_text(d.text)));
    }
    return out;
}

void register_errors(py::module_& module) {
    static_cast<void>(module);
    py::register_local_exception_translator(&translate);
}

}  // namespace duecare::python
