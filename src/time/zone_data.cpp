// Reading zone bundles; src/time/pack_zones.py documents their form.
#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "time/zone.hpp"

// zones.S
extern "C" {
extern const char duecare_zone_bundle[];
extern const std::uint64_t duecare_zone_bundle_size;
}

namespace duecare::time {

namespace {

constexpr std::string_view k_magic = "dczones1";
constexpr std::size_t k_bundle_header_size = 24;
constexpr std::size_t k_entry_size = 16;
constexpr std::size_t k_digest_size = 8;

[[noreturn]] void reject(const char* what) {
    throw Error(Status::data, std::string("Not usable as time zone data: ") + what +
                                  ". Expected a bundle as src/time/pack_zones.py writes it.");
}

std::uint32_t read_u32(std::string_view bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

std::uint64_t fnv1a(std::string_view bytes) {
    std::uint64_t digest = 0xcbf29ce484222325U;
    for (const char c : bytes) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return digest;
}

void check_digest(std::string_view bytes) {
    if (bytes.size() < k_bundle_header_size + k_digest_size) reject("it is too short");
    const std::size_t end = bytes.size() - k_digest_size;
    const std::uint64_t written =
        static_cast<std::uint64_t>(read_u32(bytes, end + 4)) << 32U | read_u32(bytes, end);
    if (fnv1a(bytes.substr(0, end)) != written) reject("its digest does not fit its contents");
}

/// `size` bytes from `offset`, all inside `area`.
std::string_view part(std::string_view area, std::uint32_t offset, std::uint32_t size) {
    if (offset > area.size() || size > area.size() - offset) reject("an entry points outside it");
    return area.substr(offset, size);
}

}  // namespace

std::shared_ptr<const ZoneData> ZoneData::embedded() {
    const std::shared_ptr<ZoneData> data(new ZoneData);
    data->read({duecare_zone_bundle, static_cast<std::size_t>(duecare_zone_bundle_size)});
    return data;
}

std::shared_ptr<const ZoneData> ZoneData::from_bytes(std::string bytes) {
    if (!bytes.starts_with(k_magic)) reject("it does not begin with \"dczones1\"");
    check_digest(bytes);
    const std::shared_ptr<ZoneData> data(new ZoneData);
    data->bytes_ = std::move(bytes);
    data->read(data->bytes_);
    return data;
}

void ZoneData::read(std::string_view bytes) {
    if (bytes.size() < k_bundle_header_size + k_digest_size || !bytes.starts_with(k_magic))
        reject("it is too short");
    const std::uint64_t count = read_u32(bytes, 8);
    const std::uint64_t version_size = read_u32(bytes, 12);
    const std::uint64_t names_size = read_u32(bytes, 16);
    const std::uint64_t data_size = read_u32(bytes, 20);
    const std::uint64_t entries_end = k_bundle_header_size + count * k_entry_size;
    if (entries_end + version_size + names_size + data_size + k_digest_size != bytes.size()) {
        reject("its size is not what its header says");
    }
    version_ = bytes.substr(entries_end, version_size);
    const std::string_view names = bytes.substr(entries_end + version_size, names_size);
    const std::string_view data = bytes.substr(entries_end + version_size + names_size, data_size);
    entries_.reserve(count);
    for (std::size_t at = k_bundle_header_size; at < entries_end; at += k_entry_size) {
        const Entry entry{part(names, read_u32(bytes, at), read_u32(bytes, at + 4)),
                          part(data, read_u32(bytes, at + 8), read_u32(bytes, at + 12))};
        if (!entry.data.starts_with("TZif")) reject("a zone in it is no TZif file");
        if (!entries_.empty() && entries_.back().name >= entry.name) reject("its names are not in order");
        entries_.push_back(entry);
    }
}

std::vector<std::string_view> ZoneData::names() const {
    std::vector<std::string_view> names;
    names.reserve(entries_.size());
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
}

std::string_view ZoneData::find(std::string_view name) const noexcept {
    const auto entry = std::lower_bound(entries_.begin(), entries_.end(), name,
                                        [](const Entry& e, std::string_view n) { return e.name < n; });
    return entry != entries_.end() && entry->name == name ? entry->data : std::string_view{};
}

}  // namespace duecare::time
