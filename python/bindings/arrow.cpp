#include "arrow.hpp"

#include <cstring>
#include <optional>
#include <stdexcept>

// The structures of the Arrow C data and stream interfaces, with the guards of their specification.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
extern "C" {
struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    std::int64_t flags;
    std::int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};
struct ArrowArray {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    std::int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};
}
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};
}
#endif

namespace duecare::python {

namespace {

template <typename T>
struct Owned : T {
    Owned() : T{} {}
    ~Owned() {
        if (this->release != nullptr) this->release(this);
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
};

[[noreturn]] void refuse(const std::string& message) {
    throw py::value_error(message);
}

template <typename T>
T read(const void* buffer, std::int64_t at) {
    T out;
    std::memcpy(&out, static_cast<const char*>(buffer) + static_cast<std::size_t>(at) * sizeof(T), sizeof(T));
    return out;
}

/// A column of a batch. Views live as long as the batch.
class Column {
  public:
    Column(const ArrowSchema& schema, const ArrowArray& array, std::string name)
        : format_(schema.format), array_(array), name_(std::move(name)) {
        if (schema.dictionary != nullptr) {
            values_.emplace_back(*schema.dictionary, *array.dictionary, name_);
        }
    }

    [[nodiscard]] bool is_null(std::int64_t row) const {
        const std::int64_t at = array_.offset + row;
        const auto* valid =
            static_cast<const unsigned char*>(array_.n_buffers > 0 ? array_.buffers[0] : nullptr);
        if (format_ == "n") return true;
        if (valid != nullptr && ((valid[at / 8] >> (at % 8)) & 1) == 0) return true;
        return !values_.empty() && values_[0].is_null(integer(row).value_or(0));
    }

    [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t row) const {
        const std::int64_t at = array_.offset + row;
        const void* data = array_.n_buffers > 1 ? array_.buffers[1] : nullptr;
        if (format_.size() != 1 || data == nullptr) return std::nullopt;
        switch (format_[0]) {
            case 'c':
                return read<std::int8_t>(data, at);
            case 'C':
                return read<std::uint8_t>(data, at);
            case 's':
                return read<std::int16_t>(data, at);
            case 'S':
                return read<std::uint16_t>(data, at);
            case 'i':
                return read<std::int32_t>(data, at);
            case 'I':
                return read<std::uint32_t>(data, at);
            case 'l':
                return read<std::int64_t>(data, at);
            case 'L': {
                const auto value = read<std::uint64_t>(data, at);
                if (value > INT64_MAX) refuse("The column \"" + name_ + "\" has a number beyond 2^63 - 1.");
                return static_cast<std::int64_t>(value);
            }
            default:
                return std::nullopt;
        }
    }

    /// Text; whole numbers by their decimal digits.
    [[nodiscard]] std::string text(std::int64_t row) const {
        if (!values_.empty()) return values_[0].text(integer(row).value_or(0));
        const std::int64_t at = array_.offset + row;
        if (format_ == "u")
            return slice(read<std::int32_t>(array_.buffers[1], at),
                         read<std::int32_t>(array_.buffers[1], at + 1));
        if (format_ == "U")
            return slice(read<std::int64_t>(array_.buffers[1], at),
                         read<std::int64_t>(array_.buffers[1], at + 1));
        if (format_ == "vu") return view(at);
        if (const auto number = integer(row)) return std::to_string(*number);
        refuse("The column \"" + name_ + "\" has the Arrow type \"" + format_ +
               "\"; expected is text, or whole numbers.");
    }

  private:
    [[nodiscard]] std::string slice(std::int64_t begin, std::int64_t end) const {
        if (begin == end) return {};
        return {static_cast<const char*>(array_.buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
    }

    /// Arrow's binary view: 4 bytes of length, then the text up to 12 bytes, or prefix, buffer and offset.
    [[nodiscard]] std::string view(std::int64_t at) const {
        const char* entry = static_cast<const char*>(array_.buffers[1]) + at * 16;
        const auto length = static_cast<std::size_t>(read<std::int32_t>(entry, 0));
        if (length <= 12) return {entry + 4, length};
        const auto buffer = read<std::int32_t>(entry, 2);
        return {static_cast<const char*>(array_.buffers[2 + buffer]) + read<std::int32_t>(entry, 3), length};
    }

    std::string format_;
    const ArrowArray& array_;
    std::string name_;
    std::vector<Column> values_;  // of a dictionary
};

std::size_t find_column(const ArrowSchema& schema, const std::string& name) {
    std::string names;
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const char* here = schema.children[i]->name == nullptr ? "" : schema.children[i]->name;
        if (name == here) return static_cast<std::size_t>(i);
        names += (names.empty() ? "" : ", ") + std::string(here);
    }
    refuse("The data frame has no column \"" + name + "\". It has: " + names + ".");
}

std::optional<std::size_t> find_optional(const ArrowSchema& schema, const py::object& name) {
    if (name.is_none()) return std::nullopt;
    return find_column(schema, name.cast<std::string>());
}

class Batches {
  public:
    explicit Batches(const py::object& capsule)
        : capsule_(capsule),
          stream_(static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"))) {
        if (stream_ == nullptr) throw py::error_already_set();
        check(stream_->get_schema(stream_, &schema));
        if (std::string_view(schema.format) != "+s") refuse("The stream has no columns.");
    }
    [[nodiscard]] bool next(ArrowArray& batch) {
        check(stream_->get_next(stream_, &batch));
        return batch.release != nullptr;
    }
    Owned<ArrowSchema> schema;

  private:
    void check(int code) {
        if (code == 0) return;
        const char* why = stream_->get_last_error(stream_);
        refuse(std::string("The data frame cannot be read: ") + (why == nullptr ? "" : why));
    }
    py::object capsule_;  // owns the stream
    ArrowArrayStream* stream_;
};

}  // namespace

void push_arrow(host::Frame& frame, const py::object& stream, const std::string& id,
                const py::object& stratum, const py::object& size) {
    Batches batches(stream.attr("__arrow_c_stream__")());
    const std::size_t id_at = find_column(batches.schema, id);
    const auto stratum_at = find_optional(batches.schema, stratum);
    const auto size_at = find_optional(batches.schema, size);
    Columns columns;
    for (;;) {
        Owned<ArrowArray> batch;
        if (!batches.next(batch)) break;
        const auto column = [&](std::size_t at) {
            return Column(*batches.schema.children[at], *batch.children[at],
                          batches.schema.children[at]->name);
        };
        const Column ids = column(id_at);
        const auto strata = stratum_at ? std::optional(column(*stratum_at)) : std::nullopt;
        const auto sizes = size_at ? std::optional(column(*size_at)) : std::nullopt;
        for (std::int64_t row = batch.offset; row < batch.offset + batch.length; ++row) {
            columns.ids.add(ids.is_null(row) ? std::string() : ids.text(row));
            columns.strata.add(strata && !strata->is_null(row) ? strata->text(row) : std::string());
            std::int64_t number = DUECARE_SIZE_NONE;
            if (sizes && !sizes->is_null(row)) {
                const auto value = sizes->integer(row);
                if (!value) refuse("The column \"" + size.cast<std::string>() + "\" has no whole numbers.");
                number = *value;
            }
            columns.sizes.push_back(number);
        }
    }
    const py::gil_scoped_release unlocked;
    columns.push_into(frame);
}

}  // namespace duecare::python
