#include <windows.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>

#include "base/files.hpp"
#include "base/system.hpp"

namespace duecare {

namespace {

/// Empty where the text is no UTF-8, or too long to be a path.
std::wstring to_wide(const std::string& text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
    const int size = static_cast<int>(text.size());
    const int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(length), L'\0');
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, wide.data(), length);
    return wide;
}

}  // namespace

// The C library takes a narrow path for one in the code page of the machine.
File open_file(const std::string& path) {
    const std::wstring wide = to_wide(path);
    if (wide.empty() || wide.find(L'\0') != std::wstring::npos) {
        errno = ENOENT;
        return {};
    }
    return File(_wfopen(wide.c_str(), L"rb"));
}

std::string error_text(int code) {
    std::array<char, 256> buffer{};
    if (strerror_s(buffer.data(), buffer.size(), code) == 0) return buffer.data();
    return "error " + std::to_string(code);
}

// Large pages need a privilege here that a records system does not have.
void* allocate_memory(std::size_t bytes) {
    return ::operator new(bytes);
}

void free_memory(void* at, std::size_t) noexcept {
    ::operator delete(at);
}

FullPrecision::FullPrecision() noexcept {
    __asm__ volatile("fnstcw %0" : "=m"(before_));
    const auto full = static_cast<unsigned short>(before_ | 0x300U);  // bits 8 and 9: precision
    __asm__ volatile("fldcw %0" : : "m"(full));
}

FullPrecision::~FullPrecision() {
    __asm__ volatile("fldcw %0" : : "m"(before_));
}

std::int64_t file_size(const std::string& path) {
    WIN32_FILE_ATTRIBUTE_DATA about{};
    if (GetFileAttributesExW(to_wide(path).c_str(), GetFileExInfoStandard, &about) == 0) return -1;
    return static_cast<std::int64_t>(about.nFileSizeHigh) << 32 | about.nFileSizeLow;
}

FileState file_state(const std::string& path) {
    WIN32_FILE_ATTRIBUTE_DATA about{};
    if (GetFileAttributesExW(to_wide(path).c_str(), GetFileExInfoStandard, &about) == 0) return {};
    const FILETIME& changed = about.ftLastWriteTime;
    return {static_cast<std::int64_t>(about.nFileSizeHigh) << 32 | about.nFileSizeLow,
            static_cast<std::int64_t>(changed.dwHighDateTime) << 32 | changed.dwLowDateTime};
}

// Who may read a file is here a matter of its folder.
bool make_private_file(const std::string& path) {
    HANDLE const file = CreateFileW(to_wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                    CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_FILE_EXISTS;
    CloseHandle(file);
    return true;
}

// Only making one would show it.
bool may_make_files_beside(const std::string&) {
    return true;
}

void remove_file(const std::string& path) {
    DeleteFileW(to_wide(path).c_str());
}

std::int64_t process_id() noexcept {
    return GetCurrentProcessId();
}

}  // namespace duecare
