// Arrays that the host gives, checked.
#pragma once

#include <cstdint>
#include <string_view>

#include "capi/guard.hpp"

namespace duecare::capi {

/// Texts one after the other, divided by offsets (Arrow's large_utf8).
class Texts {
  public:
    Texts(std::uint64_t count, const char* bytes, const std::int64_t* offsets, const char* name)
        : bytes_(bytes), offsets_(offsets) {
        if (count == 0) return;
        if (offsets == nullptr) refuse(std::string("The offsets of ") + name + " are NULL.");
        if (offsets[0] < 0) refuse(std::string("The offsets of ") + name + " begin below 0.");
        for (std::uint64_t i = 0; i < count; ++i) {
            if (offsets[i + 1] < offsets[i]) {
                refuse(std::string("The offsets of ") + name + " go back after text " + std::to_string(i) +
                       ".");
            }
        }
        if (bytes == nullptr && offsets[count] > 0) refuse(std::string(name) + " is NULL.");
    }

    [[nodiscard]] std::string_view operator[](std::uint64_t i) const noexcept {
        if (bytes_ == nullptr) return {};
        return {bytes_ + offsets_[i], static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
    }

  private:
    const char* bytes_;
    const std::int64_t* offsets_;
};

}  // namespace duecare::capi
