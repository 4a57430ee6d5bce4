#include "base/memory.hpp"

#include <bit>

namespace duecare {

namespace {

constinit thread_local Memory* t_current = nullptr;

/// Stands before each block, within the alignment that operator new promises.
struct Label {
    Memory* memory;      // null: the process's
    std::uint64_t form;  // bytes in all, the label's room as a power of two, and a mark
};
static_assert(sizeof(Label) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

// In `form`: 16 bits of mark, 42 of size, 6 of room. Four tebibytes are more than a block can have.
constexpr unsigned k_room_bits = 6;
constexpr unsigned k_size_bits = 42;
constexpr std::size_t k_most = (std::size_t{1} << k_size_bits) - 1;

/// The mark of a block at that place. Bytes that are no label of ours hold it by a rare chance only.
std::uint64_t mark_of(const unsigned char* at) noexcept {
    return ((reinterpret_cast<std::uintptr_t>(at) * 0x9E37'79B9'7F4A'7C15U) >> (k_room_bits + k_size_bits)) ^
           0xD0CAU;
}

std::uint64_t form_of(const unsigned char* at, std::size_t size, unsigned room) noexcept {
    return (mark_of(at) << (k_room_bits + k_size_bits)) | (std::uint64_t{size} << k_room_bits) | room;
}

constexpr std::size_t room_for_label(std::size_t alignment) noexcept {
    return alignment < __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? __STDCPP_DEFAULT_NEW_ALIGNMENT__ : alignment;
}

}  // namespace

void Memory::let_go() noexcept {
    if (holders_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

void Memory::count(std::size_t bytes) {
    const std::uint64_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (limit_ != 0 && (bytes > limit_ || before > limit_ - bytes)) {
        used_.fetch_sub(bytes, std::memory_order_relaxed);
        throw OverBudget(limit_, before, bytes);
    }
    const std::uint64_t now = before + bytes;
    std::uint64_t peak = peak_.load(std::memory_order_relaxed);
    while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
}

void* Memory::allocate(std::size_t bytes, std::size_t alignment, const ProcessMemory& process) {
    count(bytes);
    try {
        void* const at = allocate_ == nullptr ? process.allocate(bytes, alignment)
                                              : allocate_(bytes, alignment, user_data_);
        if (at == nullptr) throw std::bad_alloc();
        hold();
        return at;
    } catch (...) {
        used_.fetch_sub(bytes, std::memory_order_relaxed);
        throw;
    }
}

void Memory::release(void* at, std::size_t bytes, std::size_t alignment,
                     const ProcessMemory& process) noexcept {
    if (allocate_ == nullptr) {
        process.release(at, alignment);
    } else {
        release_(at, bytes, alignment, user_data_);
    }
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    let_go();
}

Memory* current_memory() noexcept {
    return t_current;
}

MemoryScope::MemoryScope(Memory* memory) noexcept : before_(t_current) {
    t_current = memory;
}

MemoryScope::~MemoryScope() {
    t_current = before_;
}

void MemoryScope::use(Memory* memory) noexcept {
    t_current = memory;
}

void* allocate_block(std::size_t bytes, std::size_t alignment, const ProcessMemory& process) {
    const std::size_t room = room_for_label(alignment);
    if (bytes > k_most - room) throw std::bad_alloc();
    Memory* const memory = t_current;
    const std::size_t all = bytes + room;
    void* const base = memory == nullptr ? process.allocate(all, room) : memory->allocate(all, room, process);
    unsigned char* const at = static_cast<unsigned char*>(base) + room;
    ::new (at - sizeof(Label)) Label{memory, form_of(at, all, static_cast<unsigned>(std::countr_zero(room)))};
    return at;
}

void release_block(void* at, const ProcessMemory& process) noexcept {
    if (at == nullptr) return;
    auto* const bytes = static_cast<unsigned char*>(at);
    const Label label = *reinterpret_cast<const Label*>(bytes - sizeof(Label));
    const std::size_t size = (label.form >> k_room_bits) & k_most;
    const auto room_bits = static_cast<unsigned>(label.form & ((1U << k_room_bits) - 1));
    if (label.form != form_of(bytes, size, room_bits)) {
        process.release(at, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        return;
    }
    const std::size_t room = std::size_t{1} << room_bits;
    if (label.memory == nullptr) {
        process.release(bytes - room, room);
    } else {
        label.memory->release(bytes - room, size, room, process);
    }
}

}  // namespace duecare
