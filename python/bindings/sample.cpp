#include <pybind11/stl.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "arrow.hpp"
#include "bindings.hpp"

namespace duecare::python {

namespace {

py::list strata(const host::Frame& frame) {
    py::list out;
    for (const auto& [name, count] : frame.strata()) out.append(py::make_tuple(to_text(name), count));
    return out;
}

/// Tuples in the order of the fields of duecare.sampling.DrawnUnit.
py::list units(const host::Sample& sample) {
    py::list out;
    for (const host::DrawnUnit& unit : sample.units()) {
        out.append(py::make_tuple(to_text(unit.id), to_text(unit.stratum), unit.rank, to_text(unit.ticket),
                                  unit.pi, unit.certainty, unit.stage, unit.in_scope));
    }
    return out;
}

py::list next_ids(const host::Sample& sample) {
    py::list out;
    for (const auto& id : sample.next_ids()) out.append(id ? py::object(to_text(*id)) : py::none());
    return out;
}

void push_rows(host::Frame& frame, const py::list& rows) {
    Columns columns;
    for (const py::handle row : rows) {
        const auto fields = row.cast<py::tuple>();
        columns.ids.add(fields[0].cast<std::string_view>());
        columns.strata.add(fields[1].cast<std::string_view>());
        columns.sizes.push_back(fields[2].is_none() ? DUECARE_SIZE_NONE : fields[2].cast<std::int64_t>());
    }
    const py::gil_scoped_release unlocked;
    columns.push_into(frame);
}

py::bytes tickets(const std::string& seed, const py::list& ids) {
    TextColumn column;
    for (const py::handle id : ids) column.add(id.cast<std::string_view>());
    std::vector<host::Ticket> made;
    {
        const py::gil_scoped_release unlocked;
        made = host::tickets(seed, column.count(), column.view());
    }
    static_assert(sizeof(host::Ticket) == 32);
    return {reinterpret_cast<const char*>(made.data()), made.size() * sizeof(host::Ticket)};
}

host::Sample draw(const host::Frame& frame, const std::string& plan, const std::string& seed,
                  const std::string& origin) {
    const py::gil_scoped_release unlocked;
    return host::Sample::draw(frame, plan, seed, origin);
}

}  // namespace

void register_sample(py::module_& module) {
    py::class_<host::Frame>(module, "Frame")
        .def(py::init<>())
        .def("push_rows", &push_rows, py::arg("rows"))
        .def("push_arrow", &push_arrow, py::arg("stream"), py::arg("id"), py::arg("stratum"), py::arg("size"))
        .def("push_frame", &host::Frame::push_frame, py::arg("other"), py::arg("prefix"),
             py::arg("stratum_prefix"))
        .def("finish", &host::Frame::finish, py::call_guard<py::gil_scoped_release>())
        .def_property_readonly("count", &host::Frame::count)
        .def_property_readonly("digest", [](const host::Frame& f) { return to_text(f.digest()); })
        .def_property_readonly("order_digest", [](const host::Frame& f) { return to_text(f.order_digest()); })
        .def("strata", &strata)
        .def("canonical", [](const host::Frame& f) { return py::bytes(f.canonical()); });
    py::class_<host::Sample>(module, "Sample")
        .def_static("draw", &draw, py::arg("frame"), py::arg("plan"), py::arg("seed"), py::arg("origin"))
        .def_static(
            "derive",
            [](const host::Frame& f, const std::string& text) { return host::Sample::derive(f, text); },
            py::arg("frame"), py::arg("manifest"))
        .def_static(
            "verify",
            [](const host::Frame& f, const std::string& text) {
                return to_text(host::Sample::verify(f, text));
            },
            py::arg("frame"), py::arg("manifest"))
        .def("extend", &host::Sample::extend, py::arg("to"), py::arg("reason"))
        .def("replace", &host::Sample::replace, py::arg("id"), py::arg("reason"))
        .def("units", &units)
        .def("next_ids", &next_ids)
        .def("manifest", [](const host::Sample& s) { return to_text(s.manifest()); });
    module.def(
        "calculate",
        [](const std::string& method, const std::string& inputs) {
            return to_text(host::calculate(method, inputs));
        },
        py::arg("method"), py::arg("inputs"));
    module.def("methods", [] {
        py::list out;
        for (const std::string& method : host::methods()) out.append(to_text(method));
        return out;
    });
    module.def(
        "proportion_bounds",
        [](const std::vector<std::uint64_t>& x, const std::vector<std::uint64_t>& n, double conf,
           std::int32_t side) {
            const py::gil_scoped_release free;
            return host::proportion_bounds(x, n, conf, static_cast<host::Side>(side));
        },
        py::arg("x"), py::arg("n"), py::arg("conf"), py::arg("side"));
    module.def("tickets", &tickets, py::arg("seed"), py::arg("ids"));
}

}  // namespace duecare::python
