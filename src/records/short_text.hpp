// Hash and equality for the short strings of records: keys, ids, types. No call for up to 32 bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace duecare::records {

template <class Word>
[[nodiscard]] inline Word load(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof(Word));
    return word;
}

[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) noexcept {
    const std::size_t size = a.size();
    if (size != b.size()) return false;
    const char* const p = a.data();
    const char* const q = b.data();
    if (size > 32) return std::memcmp(p, q, size) == 0;
    if (size >= 8) {
        for (std::size_t i = 0; i + 8 < size; i += 8) {
            if (load<std::uint64_t>(p + i) != load<std::uint64_t>(q + i)) return false;
        }
        return load<std::uint64_t>(p + size - 8) == load<std::uint64_t>(q + size - 8);
    }
    if (size >= 4) {
        return load<std::uint32_t>(p) == load<std::uint32_t>(q) &&
               load<std::uint32_t>(p + size - 4) == load<std::uint32_t>(q + size - 4);
    }
    if (size == 0) return true;
    return p[0] == q[0] && p[size / 2] == q[size / 2] && p[size - 1] == q[size - 1];
}

[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    a = (a ^ b) * 0x9E37'79B9'7F4A'7C15U;
    return a ^ (a >> 32U);
}

/// A text of at most 16 bytes as two words: with its size they stand for the text itself.
struct Words {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    friend bool operator==(const Words&, const Words&) = default;
};
inline constexpr std::size_t k_words_bytes = 16;

[[nodiscard]] inline Words words_of(std::string_view text) noexcept {
    const char* const at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) return {load<std::uint64_t>(at), load<std::uint64_t>(at + size - 8)};
    if (size >= 4) return {load<std::uint32_t>(at), load<std::uint32_t>(at + size - 4)};
    if (size == 0) return {};
    const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
    return {byte(0) | (byte(size / 2) << 8U) | (byte(size - 1) << 16U), 0};
}

/// Fixed and unseeded, so that equal input takes equal steps on every run.
[[nodiscard]] inline std::uint64_t hash_of(const Words& words, std::size_t size) noexcept {
    return mix(mix(0x2545'F491'4F6C'DD1DU ^ size, words.first), words.second);
}

[[nodiscard]] inline std::uint64_t hash_of(std::string_view text) noexcept {
    if (text.size() <= k_words_bytes) return hash_of(words_of(text), text.size());
    std::uint64_t hash = text.size();
    while (text.size() > k_words_bytes) {
        hash = mix(hash, load<std::uint64_t>(text.data()));
        text.remove_prefix(8);
    }
    return hash ^ hash_of(words_of(text), text.size());
}

}  // namespace duecare::records
