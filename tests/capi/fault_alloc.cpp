// Allocations that fail when the test says so. Under the sanitizers, which bring an allocator of their own,
// only those of C++; otherwise all of the process.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

extern "C" {
std::uint64_t g_count = 0;    // allocations so far
std::uint64_t g_fail_at = 0;  // 0: none fails
int g_and_after = 0;          // those after it fail too
std::int64_t g_live = 0;      // not freed yet; counted where they are replaced
}

namespace {
bool fails() noexcept {
    if (g_fail_at == 0) return false;
    ++g_count;
    const bool is_to_fail = g_count == g_fail_at || (g_and_after != 0 && g_count > g_fail_at);
    if (is_to_fail) errno = ENOMEM;
    return is_to_fail;
}
}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
    void* made = fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (made == nullptr) throw std::bad_alloc();
    ++g_live;
    return made;
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    void* made = fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (made != nullptr) ++g_live;
    return made;
}
void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
    return operator new(size, none);
}
void operator delete(void* pointer) noexcept {
    if (pointer != nullptr) --g_live;
    std::free(pointer);
}
void operator delete[](void* pointer) noexcept {
    operator delete(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
    operator delete(pointer);
}
void operator delete[](void* pointer, std::size_t) noexcept {
    operator delete(pointer);
}

#else

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void __libc_free(void* pointer);

void* malloc(std::size_t size) {
    void* made = fails() ? nullptr : __libc_malloc(size);
    if (made != nullptr) ++g_live;
    return made;
}
void* calloc(std::size_t count, std::size_t size) {
    void* made = fails() ? nullptr : __libc_calloc(count, size);
    if (made != nullptr) ++g_live;
    return made;
}
void* realloc(void* old, std::size_t size) {
    void* made = fails() ? nullptr : __libc_realloc(old, size);
    if (made != nullptr && old == nullptr) ++g_live;
    return made;
}
void free(void* pointer) {
    if (pointer != nullptr) --g_live;
    __libc_free(pointer);
}
}

#endif
