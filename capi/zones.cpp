#include <array>
#include <cstring>

#include "capi/guard.hpp"

using namespace duecare::capi;
using duecare::time::ZoneData;

namespace {

/// The version of the embedded data with a NUL at its end; needs no memory, so that asking cannot fail.
struct EmbeddedVersion {
    std::array<char, 32> text{};
    std::size_t length = 0;
    EmbeddedVersion() {
        const std::string_view version = ZoneData::embedded()->version();
        length = version.copy(text.data(), text.size() - 1);
    }
};

}  // namespace

duecare_status duecare_zones_import(const void* bytes, size_t length, duecare_zones** out_zones,
                                    duecare_error** error) noexcept {
    return make(out_zones, error, [&] {
        auto zones = std::make_unique<duecare_zones>();
        zones->data = ZoneData::from_bytes(std::string(need_bytes(bytes, length, "bytes")));
        zones->version = zones->data->version();
        return zones;
    });
}

const char* duecare_zones_get_version(const duecare_zones* zones, size_t* out_length) noexcept {
    if (zones != nullptr) return is(zones) ? give(zones->version, out_length) : give_nothing(out_length);
    const char* text = give_nothing(out_length);
    const duecare_status status = guard(nullptr, [&] {
        static const EmbeddedVersion embedded;
        text = embedded.text.data();
        if (out_length != nullptr) *out_length = embedded.length;
    });
    return status == DUECARE_STATUS_OK ? text : give_nothing(out_length);
}

void duecare_zones_free(duecare_zones* zones) noexcept {
    if (is(zones)) delete zones;
}
