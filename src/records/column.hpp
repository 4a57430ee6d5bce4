// The arrays of a caseload. Large ones ask for huge pages where the system has them: filling fresh memory
// four kilobytes at a time costs more than parsing the JSON that it is filled from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace duecare::records {

/// Places in a column are 32 bits wide; whoever lengthens one makes sure that they are enough.
[[nodiscard]] constexpr std::uint32_t size32(std::size_t size) noexcept {
    return static_cast<std::uint32_t>(size);
}

/// Throws std::bad_alloc. `bytes` must be given again to free_bytes().
[[nodiscard]] void* allocate_bytes(std::size_t bytes);
void free_bytes(void* at, std::size_t bytes) noexcept;

template <class T>
struct ColumnAllocator {
    using value_type = T;
    ColumnAllocator() = default;
    template <class U>
    ColumnAllocator(const ColumnAllocator<U>&) noexcept {}  // NOLINT: allocators convert

    [[nodiscard]] T* allocate(std::size_t count) {
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
        return static_cast<T*>(allocate_bytes(count * sizeof(T)));
    }
    void deallocate(T* at, std::size_t count) noexcept { free_bytes(at, count * sizeof(T)); }
    friend bool operator==(const ColumnAllocator&, const ColumnAllocator&) noexcept { return true; }
};

template <class T>
using Column = std::vector<T, ColumnAllocator<T>>;

/// A column that resize() lengthens without writing: whoever lengthens it fills it, with several threads if
/// he likes. Only for what may begin to exist by being copied over.
template <class T>
struct UnwrittenAllocator : ColumnAllocator<T> {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    template <class U>
    struct rebind {
        using other = UnwrittenAllocator<U>;
    };
    UnwrittenAllocator() = default;
    template <class U>
    UnwrittenAllocator(const UnwrittenAllocator<U>&) noexcept {}  // NOLINT: allocators convert

    void construct(T*) noexcept {}
    template <class... Args>
    void construct(T* at, Args&&... args) {
        ::new (static_cast<void*>(at)) T(std::forward<Args>(args)...);
    }
};

template <class T>
using UnwrittenColumn = std::vector<T, UnwrittenAllocator<T>>;

/// Makes room ahead of a large column that is nearly full. The system gives memory only as it is written, and
/// a column that moves must be written again: so large steps cost address space and save time.
template <class T, class Allocator>
void make_room(std::vector<T, Allocator>& column) {
    constexpr std::size_t k_large = std::size_t{1} << 21U;
    constexpr std::size_t k_step = 4;
    if (column.size() * sizeof(T) >= k_large && column.size() + column.size() / 4 > column.capacity()) {
        column.reserve(column.size() * k_step);
    }
}

}  // namespace duecare::records
