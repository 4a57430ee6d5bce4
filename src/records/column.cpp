#include "records/column.hpp"

#include "base/system.hpp"

namespace duecare::records {

void* allocate_bytes(std::size_t bytes) {
    return allocate_memory(bytes);
}

void free_bytes(void* at, std::size_t bytes) noexcept {
    free_memory(at, bytes);
}

}  // namespace duecare::records
