// What the library asks of operator new and operator delete goes through the memory of the call's objects.
// The linker sends it here (--wrap, packaging/memory.cmake); operator new itself stays the process's, which a
// host may have replaced. Names are those of the Itanium C++ ABI, which the linker knows.
#include <cstddef>
#include <new>

#include "base/memory.hpp"

// size_t in a mangled name.
#if defined(_WIN64)
#define SIZE "y"
#else
#define SIZE "m"
#endif
#define ALIGN "St11align_val_t"
#define NOTHROW "RKSt9nothrow_t"

extern "C" {
void* duecare_real_new(std::size_t bytes) __asm__("__real__Znw" SIZE);
void* duecare_real_new_aligned(std::size_t bytes, std::size_t alignment) __asm__("__real__Znw" SIZE ALIGN);
void duecare_real_delete(void* at) noexcept __asm__("__real__ZdlPv");
void duecare_real_delete_aligned(void* at, std::size_t alignment) noexcept __asm__("__real__ZdlPv" ALIGN);
}

namespace {

using duecare::ProcessMemory;

void* take(std::size_t bytes, std::size_t alignment) {
    return alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? duecare_real_new(bytes)
                                                         : duecare_real_new_aligned(bytes, alignment);
}

void give_back(void* at, std::size_t alignment) noexcept {
    if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
        duecare_real_delete(at);
    } else {
        duecare_real_delete_aligned(at, alignment);
    }
}

constexpr ProcessMemory k_process{take, give_back};

void* block(std::size_t bytes, std::size_t alignment) {
    return duecare::allocate_block(bytes, alignment, k_process);
}

void* block_or_null(std::size_t bytes, std::size_t alignment) noexcept {
    try {
        return block(bytes, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void release(void* at) noexcept {
    duecare::release_block(at, k_process);
}

}  // namespace

// One for each form of the two operators that a compiler may ask for. The array forms are the same, and what
// was asked for is told by the block itself.
#define NEW(array)                                                                                      \
    void* duecare_new_##array(std::size_t bytes) __asm__("__wrap__Zn" #array SIZE);                     \
    void* duecare_new_##array(std::size_t bytes) {                                                      \
        return block(bytes, 0);                                                                         \
    }                                                                                                   \
    void* duecare_new_##array##_nothrow(                                                                \
        std::size_t bytes, const std::nothrow_t&) noexcept __asm__("__wrap__Zn" #array SIZE NOTHROW);   \
    void* duecare_new_##array##_nothrow(std::size_t bytes, const std::nothrow_t&) noexcept {            \
        return block_or_null(bytes, 0);                                                                 \
    }                                                                                                   \
    void* duecare_new_##array##_aligned(std::size_t bytes,                                              \
                                        std::size_t alignment) __asm__("__wrap__Zn" #array SIZE ALIGN); \
    void* duecare_new_##array##_aligned(std::size_t bytes, std::size_t alignment) {                     \
        return block(bytes, alignment);                                                                 \
    }                                                                                                   \
    void* duecare_new_##array##_both(                                                                   \
        std::size_t bytes, std::size_t alignment,                                                       \
        const std::nothrow_t&) noexcept __asm__("__wrap__Zn" #array SIZE ALIGN NOTHROW);                \
    void* duecare_new_##array##_both(std::size_t bytes, std::size_t alignment,                          \
                                     const std::nothrow_t&) noexcept {                                  \
        return block_or_null(bytes, alignment);                                                         \
    }
#define DELETE(name, symbol, ...)                                                      \
    void name(void* at __VA_OPT__(, ) __VA_ARGS__) noexcept __asm__("__wrap_" symbol); \
    void name(void* at __VA_OPT__(, ) __VA_ARGS__) noexcept {                          \
        release(at);                                                                   \
    }

extern "C" {
NEW(w)
NEW(a)
DELETE(duecare_delete, "_ZdlPv")
DELETE(duecare_delete_sized, "_ZdlPv" SIZE, std::size_t)
DELETE(duecare_delete_aligned, "_ZdlPv" ALIGN, std::size_t)
DELETE(duecare_delete_sized_aligned, "_ZdlPv" SIZE ALIGN, std::size_t, std::size_t)
DELETE(duecare_delete_nothrow, "_ZdlPv" NOTHROW, const std::nothrow_t&)
DELETE(duecare_delete_aligned_nothrow, "_ZdlPv" ALIGN NOTHROW, std::size_t, const std::nothrow_t&)
DELETE(duecare_delete_array, "_ZdaPv")
DELETE(duecare_delete_array_sized, "_ZdaPv" SIZE, std::size_t)
DELETE(duecare_delete_array_aligned, "_ZdaPv" ALIGN, std::size_t)
DELETE(duecare_delete_array_sized_aligned, "_ZdaPv" SIZE ALIGN, std::size_t, std::size_t)
DELETE(duecare_delete_array_nothrow, "_ZdaPv" NOTHROW, const std::nothrow_t&)
DELETE(duecare_delete_array_aligned_nothrow, "_ZdaPv" ALIGN NOTHROW, std::size_t, const std::nothrow_t&)
}
