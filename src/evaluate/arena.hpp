// Memory that is given back all at once.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "policy/expression.hpp"

namespace duecare::evaluate {

/// Bump allocation of text and lists. reset() keeps the first block, so that a worker which goes from case
/// to case stops allocating. Not safe for two threads.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    std::string_view keep(std::string_view text) {
        auto* const at = static_cast<char*>(take(text.size() + 1));
        std::memcpy(at, text.data(), text.size());
        at[text.size()] = '\0';
        return {at, text.size()};
    }
    std::string_view join(std::string_view a, std::string_view b) {
        auto* const at = static_cast<char*>(take(a.size() + b.size() + 1));
        std::memcpy(at, a.data(), a.size());
        std::memcpy(at + a.size(), b.data(), b.size());
        at[a.size() + b.size()] = '\0';
        return {at, a.size() + b.size()};
    }
    policy::Val* list(std::size_t count) {
        auto* const items = static_cast<policy::Val*>(take(count * sizeof(policy::Val)));
        for (std::size_t i = 0; i < count; ++i) new (items + i) policy::Val();
        return items;
    }
    void reset() noexcept {
        if (blocks_.size() > 1) blocks_.resize(1);
        used_ = 0;
        if (!blocks_.empty()) capacity_ = blocks_.front().size;
    }
    [[nodiscard]] std::size_t memory() const noexcept {
        std::size_t bytes = 0;
        for (const Block& block : blocks_) bytes += block.size;
        return bytes;
    }

  private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    void* take(std::size_t bytes) {
        bytes = (bytes + 15U) & ~std::size_t{15};
        if (blocks_.empty() || capacity_ - used_ < bytes) {
            const std::size_t size = bytes > k_block ? bytes : k_block;
            blocks_.push_back({std::make_unique<std::byte[]>(size), size});
            capacity_ = size;
            used_ = 0;
        }
        void* const at = blocks_.back().bytes.get() + used_;
        used_ += bytes;
        return at;
    }

    static constexpr std::size_t k_block = 16U * 1024U;
    std::vector<Block> blocks_;
    std::size_t used_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace duecare::evaluate
