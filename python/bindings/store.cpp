#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bindings.hpp"

namespace duecare::python {

namespace {

/// Runs a call that gives text without the interpreter lock.
template <typename Call>
py::str unlocked(Call call) {
    std::string text;
    {
        const py::gil_scoped_release released;
        text = call();
    }
    return to_text(text);
}

host::Store open(const std::string& path, bool read_only, bool create, bool relaxed, std::uint32_t busy_ms,
                 std::int32_t keep, const py::bytes& key, const py::bytes& cipher_key) {
    const auto bytes = key.cast<std::string>();
    const auto cipher = cipher_key.cast<std::string>();
    host::StoreOptions options;
    options.read_only = read_only;
    options.create = create;
    options.relaxed = relaxed;
    options.busy_ms = busy_ms;
    options.keep = static_cast<host::Keep>(keep);
    options.key.assign(bytes.begin(), bytes.end());
    options.cipher_key.assign(cipher.begin(), cipher.end());
    const py::gil_scoped_release released;
    return host::Store(path, options);
}

}  // namespace

void register_store(py::module_& module) {
    using host::Store;
    py::class_<Store>(module, "Store")
        .def(py::init(&open), py::arg("path"), py::arg("read_only"), py::arg("create"), py::arg("relaxed"),
             py::arg("busy_ms"), py::arg("keep"), py::arg("key"), py::arg("cipher_key"))
        .def(
            "put_run",
            [](Store& store, const host::Result& result, const std::string& info) {
                return unlocked([&] { return store.put_run(result, info); });
            },
            py::arg("result"), py::arg("info"))
        .def(
            "put",
            [](Store& store, const std::string& kind, const std::string& json) {
                return unlocked([&] { return store.put(kind, json); });
            },
            py::arg("kind"), py::arg("json"))
        .def(
            "query",
            [](Store& store, const std::string& question) {
                return unlocked([&] { return store.query(question); });
            },
            py::arg("question"))
        .def(
            "verify",
            [](Store& store, const std::string& head) {
                return unlocked([&] { return store.verify(head); });
            },
            py::arg("expected_head"))
        .def(
            "verify_trusted",
            [](Store& store, const std::string& request) {
                return unlocked([&] { return store.verify_trusted(request); });
            },
            py::arg("request"))
        .def(
            "sign",
            [](Store& store, const std::string& request, const py::buffer& key) {
                // The bytes of the caller themselves: no copy of a private key is made here.
                const py::buffer_info bytes = key.request();
                const std::string_view pem(static_cast<const char*>(bytes.ptr),
                                           static_cast<std::size_t>(bytes.size * bytes.itemsize));
                return unlocked([&] { return store.sign(request, pem); });
            },
            py::arg("request"), py::arg("key"))
        .def(
            "compare_run",
            [](Store& store, std::uint64_t run, const host::Result& result) {
                return unlocked([&] { return store.compare_run(run, result); });
            },
            py::arg("run"), py::arg("result"))
        .def(
            "prune",
            [](Store& store, const std::string& request) {
                return unlocked([&] { return store.prune(request); });
            },
            py::arg("request"))
        .def(
            "backup",
            [](Store& store, const std::string& path) {
                const py::gil_scoped_release released;
                store.backup(path);
            },
            py::arg("path"));
}

}  // namespace duecare::python
