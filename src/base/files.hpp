// Files and processes beyond ISO C++, for the store. Implemented by the system's one file, see system.hpp.
#pragma once

#include <cstdint>
#include <string>

namespace duecare {

// Paths are UTF-8 without NUL.

/// Bytes of a file; -1 where there is none.
[[nodiscard]] std::int64_t file_size(const std::string& path);
/// What shows that somebody wrote into a file.
struct FileState {
    std::int64_t bytes = -1;   // -1: there is none
    std::int64_t changed = 0;  // when it was last written to, by the clock of the file system
    bool operator==(const FileState&) const = default;
};
[[nodiscard]] FileState file_state(const std::string& path);
/// Makes an empty file that its owner alone may read, or finds one. False where neither can be.
[[nodiscard]] bool make_private_file(const std::string& path);
/// Whether this process may make files in the folder of that path.
[[nodiscard]] bool may_make_files_beside(const std::string& path);
void remove_file(const std::string& path);
/// Another number in a process that this one forked.
[[nodiscard]] std::int64_t process_id() noexcept;

}  // namespace duecare
