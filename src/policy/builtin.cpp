#include "policy/builtin.hpp"

#include <string>

// The bytes of src/policy/packs, see CMakeLists.txt.
#define PACK(id, symbol) extern "C" const char symbol[], symbol##_end[];
#include "packs.inc"
#undef PACK

namespace duecare::policy {
namespace {

struct Pack {
    std::string_view id;
    const char* begin;
    const char* end;
    [[nodiscard]] std::string_view text() const noexcept {
        return {begin, static_cast<std::size_t>(end - begin)};
    }
};

const Pack k_packs[] = {
#define PACK(id, symbol) {id, symbol, symbol##_end},
#include "packs.inc"
#undef PACK
};

constexpr std::string_view k_vocabulary = "vocabulary";  // stands last, and is no policy

}  // namespace

std::optional<Document> builtin_document(std::string_view id) {
    for (const Pack& pack : k_packs) {
        if (pack.id == id && id != k_vocabulary)
            return Document{std::string(id) + ".json", std::string(pack.text())};
    }
    return std::nullopt;
}

std::vector<std::string_view> builtin_ids() {
    std::vector<std::string_view> ids;
    for (const Pack& pack : k_packs) {
        if (pack.id != k_vocabulary) ids.push_back(pack.id);
    }
    return ids;
}

std::string_view vocabulary_json() noexcept {
    return std::end(k_packs)[-1].text();
}

}  // namespace duecare::policy
