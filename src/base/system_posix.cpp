#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/files.hpp"
#include "base/system.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace duecare {

namespace {

constexpr std::size_t k_huge_page = std::size_t{1} << 21U;

}  // namespace

File open_file(const std::string& path) {
    return File(std::fopen(path.c_str(), "rb"));
}

std::string error_text(int code) {
#if defined(__GLIBC__)
    const char* const text = strerrordesc_np(code);  // since 2.32
    if (text != nullptr) return text;
#else
    // POSIX: an int, and the text in the buffer.
    std::array<char, 256> buffer{};
    if (strerror_r(code, buffer.data(), buffer.size()) == 0) return buffer.data();
#endif
    return "error " + std::to_string(code);
}

void* allocate_memory(std::size_t bytes) {
    if (bytes < k_huge_page) return ::operator new(bytes);
    void* const at = ::operator new (bytes, std::align_val_t{k_huge_page});
#if defined(__linux__)
    // A wish: where it is not granted, the memory is as good.
    static_cast<void>(madvise(at, bytes - bytes % k_huge_page, MADV_HUGEPAGE));
#endif
    return at;
}

void free_memory(void* at, std::size_t bytes) noexcept {
    if (bytes < k_huge_page) {
        ::operator delete(at);
    } else {
        ::operator delete (at, std::align_val_t{k_huge_page});
    }
}

std::int64_t file_size(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_size : -1;
}

FileState file_state(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return {};
#if defined(__APPLE__)
    const struct timespec& changed = about.st_mtimespec;
#else
    const struct timespec& changed = about.st_mtim;
#endif
    return {about.st_size, std::int64_t{changed.tv_sec} * 1'000'000'000 + changed.tv_nsec};
}

bool make_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) return errno == EEXIST;
    ::close(file);
    return true;
}

bool may_make_files_beside(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

void remove_file(const std::string& path) {
    ::unlink(path.c_str());
}

std::int64_t process_id() noexcept {
    return ::getpid();
}

}  // namespace duecare
