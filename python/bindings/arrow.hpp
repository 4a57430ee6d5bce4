// Columns of a frame from data frames, by the Arrow C stream interface (PyCapsule "arrow_array_stream"): no
// Arrow library is needed on either side.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bindings.hpp"

namespace duecare::python {

/// Texts one after the other, as the library takes them.
class TextColumn {
  public:
    void add(std::string_view text) {
        bytes_ += text;
        offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
    }
    [[nodiscard]] std::size_t count() const noexcept { return offsets_.size() - 1; }
    [[nodiscard]] host::Texts view() const noexcept { return {bytes_.data(), offsets_.data()}; }

  private:
    std::string bytes_;
    std::vector<std::int64_t> offsets_{0};
};

struct Columns {
    TextColumn ids;
    TextColumn strata;
    std::vector<std::int64_t> sizes;  // DUECARE_SIZE_NONE: none

    void push_into(host::Frame& frame) const {
        frame.push_many(ids.count(), ids.view(), strata.view(), sizes.data());
    }
};

/// Adds the rows of `stream` (an object with __arrow_c_stream__). `id` names a column of text or whole
/// numbers, `stratum` (may be None) one of text, `size` (may be None) one of whole numbers.
void push_arrow(host::Frame& frame, const py::object& stream, const std::string& id,
                const py::object& stratum, const py::object& size);

}  // namespace duecare::python
