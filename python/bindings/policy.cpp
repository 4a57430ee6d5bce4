#include <utility>

#include "bindings.hpp"

namespace duecare::python {

namespace {

/// Asks `resolver(id)` for a layer: a (name, json) tuple, or None when there is none.
host::Resolver to_resolver(const py::object& resolver) {
    return [&resolver](std::string_view id) -> std::optional<host::Document> {
        const py::gil_scoped_acquire lock;
        const py::object found = resolver(to_text(id));
        if (found.is_none()) return std::nullopt;
        const auto pair = found.cast<py::tuple>();
        return host::Document{pair[0].cast<std::string>(), pair[1].cast<std::string>()};
    };
}

/// @param layers  (name, json) tuples that the policy may extend by their id.
host::Policy compile(const std::string& json, const std::string& name, const py::list& layers,
                     const py::object& resolver) {
    host::Compiler compiler;
    for (const py::handle layer : layers) {
        const auto pair = layer.cast<py::tuple>();
        compiler.add_layer(pair[1].cast<std::string>(), pair[0].cast<std::string>());
    }
    if (!resolver.is_none()) compiler.set_resolver(to_resolver(resolver));
    const py::gil_scoped_release unlocked;
    return compiler.compile(json, name);
}

py::list duties(const host::Policy& policy) {
    py::list out;
    for (const host::Duty& duty : policy.duties()) {
        out.append(py::make_tuple(duty.id, duty.title, duty.area, duty.severity, duty.source_title,
                                  duty.source_section, duty.source_url, duty.source_status, duty.explain));
    }
    return out;
}

host::Instant parse_instant(const host::Policy& policy, const std::string& text, bool end_of_day) {
    return policy.parse_instant(text, end_of_day ? host::DayEdge::end : host::DayEdge::start);
}

py::list builtin_ids() {
    py::list out;
    for (const std::string& id : host::builtin_ids()) out.append(to_text(id));
    return out;
}

}  // namespace

void register_policy(py::module_& module) {
    py::class_<host::Policy>(module, "Policy")
        .def_property_readonly("id", [](const host::Policy& p) { return to_text(p.id()); })
        .def_property_readonly("version", [](const host::Policy& p) { return to_text(p.version()); })
        .def_property_readonly("title", [](const host::Policy& p) { return to_text(p.title()); })
        .def_property_readonly("time_zone", [](const host::Policy& p) { return to_text(p.time_zone()); })
        .def_property_readonly("digest", [](const host::Policy& p) { return to_text(p.digest()); })
        .def_property_readonly("json", [](const host::Policy& p) { return to_text(p.json()); })
        .def("warnings", [](const host::Policy& p) { return to_tuples(p.warnings()); })
        .def("duties", &duties)
        .def("parse_instant", &parse_instant, py::arg("text"), py::arg("end_of_day"))
        .def(
            "format_instant",
            [](const host::Policy& p, host::Instant instant) { return to_text(p.format_instant(instant)); },
            py::arg("micros"));
    module.def("builtin_ids", &builtin_ids);
    module.def(
        "builtin_json", [](const std::string& id) { return to_text(host::builtin_json(id)); }, py::arg("id"));
    module.def(
        "builtin_policy", [](const std::string& id) { return host::Policy::builtin(id); }, py::arg("id"));
    module.def("vocabulary_json", [] { return to_text(host::vocabulary_json()); });
    module.def("compile_policy", &compile, py::arg("json"), py::arg("name"), py::arg("layers"),
               py::arg("resolver"));
}

}  // namespace duecare::python
