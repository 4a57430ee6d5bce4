// What differs between operating systems. Each has one file for it, and no other file calls the system:
// system_posix.cpp and system_windows.cpp (for SHA-256 also digest_bcrypt.cpp).
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace duecare {

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

/// Opens for reading, as bytes. `path` is UTF-8, also on Windows. Empty where that fails; errno tells why.
[[nodiscard]] File open_file(const std::string& path);

/// What a value of errno means, in English whatever the locale is: "No such file or directory".
[[nodiscard]] std::string error_text(int code);

/// Memory for large arrays: in huge pages where the system has them for the asking. Throws std::bad_alloc.
/// `bytes` must be given again to free_memory().
[[nodiscard]] void* allocate_memory(std::size_t bytes);
void free_memory(void* at, std::size_t bytes) noexcept;

/// While it lives, this thread computes with long double in all of its 64 bits: Windows starts threads with
/// 53, and a host may leave it at that. Statistics need them all, to be the same everywhere.
class FullPrecision {
#if defined(_WIN32)
  public:
    FullPrecision() noexcept;
    FullPrecision(const FullPrecision&) = delete;
    FullPrecision& operator=(const FullPrecision&) = delete;
    ~FullPrecision();

  private:
    unsigned short before_ = 0;  // the control word
#endif
};

}  // namespace duecare
