// The policies that come with the library.
#include "policy/builtin.hpp"

#include "base/text.hpp"
#include "capi/guard.hpp"

using namespace duecare;
using namespace duecare::capi;

uint64_t duecare_builtin_count(void) noexcept {
    std::uint64_t count = 0;
    const duecare_status status = guard(nullptr, [&] { count = policy::builtin_ids().size(); });
    return status == DUECARE_STATUS_OK ? count : 0;
}

duecare_status duecare_builtin_export_id(uint64_t index, duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const std::vector<std::string_view> ids = policy::builtin_ids();
        if (index >= ids.size()) {
            throw Error(Status::not_found, "There is no built-in policy " + std::to_string(index) +
                                               "; the library has " + std::to_string(ids.size()) + ".");
        }
        text = ids[index];
    });
}

duecare_status duecare_builtin_export_json(const char* id, size_t length, duecare_text* into,
                                           duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const std::string_view name = need_text(id, length, "id");
        std::optional<policy::Document> document = policy::builtin_document(name);
        if (!document) {
            throw Error(Status::not_found, "There is no built-in policy \"" + std::string(name) + "\"." +
                                               suggestion(name, policy::builtin_ids()));
        }
        text = std::move(document->text);
    });
}

duecare_status duecare_vocabulary_export_json(duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [](std::string& text) { text = policy::vocabulary_json(); });
}
