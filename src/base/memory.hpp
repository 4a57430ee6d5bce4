// Whose memory a call takes: that of the process, or that of a host which gives its own, counts it and may
// bound it. Containers know nothing of it. The shared library sends what operator new is asked for through
// allocate_block() (capi/allocation.cpp); where the modules are linked without that, the process's is used.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace duecare {

/// Thrown where the host's bound would be passed. What lack of memory leaves behind, this leaves behind.
class OverBudget : public std::bad_alloc {
  public:
    OverBudget(std::uint64_t limit, std::uint64_t used, std::uint64_t wanted) noexcept
        : limit_(limit), used_(used), wanted_(wanted) {}
    [[nodiscard]] const char* what() const noexcept override { return "the budget of memory is used up"; }
    [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }
    [[nodiscard]] std::uint64_t used() const noexcept { return used_; }
    [[nodiscard]] std::uint64_t wanted() const noexcept { return wanted_; }

  private:
    std::uint64_t limit_;
    std::uint64_t used_;
    std::uint64_t wanted_;
};

/// The memory of the process, as the one who calls below has it.
struct ProcessMemory {
    void* (*allocate)(std::size_t bytes, std::size_t alignment);  // throws std::bad_alloc
    void (*release)(void* at, std::size_t alignment) noexcept;
};

/// An account of memory, shared by whoever holds it and by each of its blocks: it ends with the last of them.
/// Safe to use from any threads.
class Memory {
  public:
    using Allocate = void* (*)(std::size_t bytes, std::size_t alignment, void* user_data);
    using Release = void (*)(void* at, std::size_t bytes, std::size_t alignment, void* user_data);

    /// @param limit 0: none.  @param to_allocate Null: the process's; then `to_release` is not called.
    Memory(std::uint64_t limit, Allocate to_allocate, Release to_release, void* user_data) noexcept
        : limit_(limit), allocate_(to_allocate), release_(to_release), user_data_(user_data) {}
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    virtual ~Memory() = default;

    void hold() noexcept { holders_.fetch_add(1, std::memory_order_relaxed); }
    /// The last one deletes it.
    void let_go() noexcept;

    /// Bytes of all blocks that are there, with what each needs to be found again.
    [[nodiscard]] std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    /// The most that used() ever was.
    [[nodiscard]] std::uint64_t peak() const noexcept { return peak_.load(std::memory_order_relaxed); }

    /// Throws OverBudget or std::bad_alloc. `process` is asked where the host gives no memory of its own.
    [[nodiscard]] void* allocate(std::size_t bytes, std::size_t alignment, const ProcessMemory& process);
    void release(void* at, std::size_t bytes, std::size_t alignment, const ProcessMemory& process) noexcept;

  protected:
    [[nodiscard]] void* user_data() const noexcept { return user_data_; }

  private:
    void count(std::size_t bytes);

    std::uint64_t limit_;
    Allocate allocate_;
    Release release_;
    void* user_data_;
    std::atomic<std::uint64_t> holders_{1};
    std::atomic<std::uint64_t> used_{0};
    std::atomic<std::uint64_t> peak_{0};
};

/// What this thread takes its memory from now; null: the process's.
[[nodiscard]] Memory* current_memory() noexcept;

/// While it lives, this thread takes its memory from there. Threads that work for a call take it over from
/// the thread that made them.
class MemoryScope {
  public:
    explicit MemoryScope(Memory* memory) noexcept;
    ~MemoryScope();
    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;
    /// From now on, until it ends.
    static void use(Memory* memory) noexcept;

  private:
    Memory* before_;
};

/// A block of the current memory that knows whose it is: whatever is current when it is released, it goes
/// back there. One that somebody else allocated is left to the process.
[[nodiscard]] void* allocate_block(std::size_t bytes, std::size_t alignment, const ProcessMemory& process);
void release_block(void* at, const ProcessMemory& process) noexcept;

}  // namespace duecare
