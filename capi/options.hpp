// Options that the host gives, of this version of the library or of another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace duecare::capi {

[[noreturn]] void refuse(const std::string& message);  // Error{invalid_argument}

inline constexpr std::uint32_t k_largest_options = 4096;  // a greater struct_size is memory gone wrong

/// Options as far as caller and library both know them. `least` is the size of the first version.
template <typename T>
[[nodiscard]] T need_options(const T* given, std::size_t least, std::uint32_t known_flags) {
    static_assert(std::is_trivially_copyable_v<T> && offsetof(T, struct_size) == 0);
    T options{};
    if (given == nullptr) return options;
    std::uint32_t size = 0;
    std::memcpy(&size, given, sizeof size);
    if (size < least || size > k_largest_options) {
        refuse("struct_size of the options is " + std::to_string(size) + ", which no version has; " +
               "set the options up with their _INIT macro or _init function.");
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(given);
    for (std::size_t i = sizeof(T); i < size; ++i) {
        if (bytes[i] != 0) refuse("The options use a field that this version of the library does not know.");
    }
    std::memcpy(&options, given, size < sizeof(T) ? size : sizeof(T));
    if ((options.flags & ~known_flags) != 0) {
        refuse("The options have flags that this version of the library does not know: " +
               std::to_string(options.flags & ~known_flags) + ".");
    }
    return options;
}

}  // namespace duecare::capi
