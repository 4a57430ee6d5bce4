#include "findings/columns.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <utility>

#include "base/error.hpp"

namespace duecare::findings {

namespace {

/// Releases what stands below an array or schema, unless whoever it was given to has taken it away.
template <typename T>
void release_below(std::vector<T>& children, const std::unique_ptr<T>& dictionary) noexcept {
    for (T& child : children) {
        if (child.release != nullptr) child.release(&child);
    }
    if (dictionary && dictionary->release != nullptr) dictionary->release(dictionary.get());
}

/// What an exported array or schema owns; freed by its release, or before where making it fails.
struct ArrayData {
    ArrayData() = default;
    ArrayData(const ArrayData&) = delete;
    ArrayData& operator=(const ArrayData&) = delete;
    ~ArrayData() { release_below(child_storage, dictionary); }
    std::vector<std::vector<std::uint8_t>> bytes;
    std::vector<std::vector<std::int32_t>> narrow;
    std::vector<std::vector<std::int64_t>> wide;
    std::string text;
    std::shared_ptr<const std::vector<std::string>> words;
    std::vector<const void*> buffers;
    std::vector<ArrowArray> child_storage;
    std::vector<ArrowArray*> children;
    std::unique_ptr<ArrowArray> dictionary;
};

void release_array(ArrowArray* array) {
    delete static_cast<ArrayData*>(array->private_data);
    array->release = nullptr;
}

void hand_over(std::unique_ptr<ArrayData> data, std::int64_t length, std::int64_t nulls, ArrowArray& out) {
    out = {};
    out.length = length;
    out.null_count = nulls;
    out.n_buffers = static_cast<std::int64_t>(data->buffers.size());
    out.buffers = data->buffers.data();
    for (ArrowArray& child : data->child_storage) data->children.push_back(&child);
    out.n_children = static_cast<std::int64_t>(data->children.size());
    out.children = data->children.empty() ? nullptr : data->children.data();
    out.dictionary = data->dictionary.get();
    out.release = release_array;
    out.private_data = data.release();
}

template <typename T>
const void* keep(std::vector<std::vector<T>>& in, std::vector<T> buffer) {
    if (buffer.capacity() == 0) buffer.reserve(1);  // an empty buffer still has an address
    in.push_back(std::move(buffer));
    return in.back().data();
}

std::unique_ptr<ArrayData> text_data(std::vector<std::int32_t> offsets, std::string text,
                                     std::vector<std::uint8_t> validity, bool has_nulls) {
    auto data = std::make_unique<ArrayData>();
    data->text = std::move(text);
    data->buffers.push_back(has_nulls ? keep(data->bytes, std::move(validity)) : nullptr);
    data->buffers.push_back(keep(data->narrow, std::move(offsets)));
    data->buffers.push_back(data->text.data());
    return data;
}

std::unique_ptr<ArrowArray> dictionary_of(const std::vector<std::string>& words) {
    std::vector<std::int32_t> offsets{0};
    std::string text;
    for (const std::string& word : words) {
        text += word;
        offsets.push_back(static_cast<std::int32_t>(text.size()));
    }
    auto out = std::make_unique<ArrowArray>();
    hand_over(text_data(std::move(offsets), std::move(text), {}, false),
              static_cast<std::int64_t>(words.size()), 0, *out);
    return out;
}

struct SchemaData {
    SchemaData() = default;
    SchemaData(const SchemaData&) = delete;
    SchemaData& operator=(const SchemaData&) = delete;
    ~SchemaData() { release_below(child_storage, dictionary); }
    std::string name;
    std::vector<ArrowSchema> child_storage;
    std::vector<ArrowSchema*> children;
    std::unique_ptr<ArrowSchema> dictionary;
};

void release_schema(ArrowSchema* schema) {
    delete static_cast<SchemaData*>(schema->private_data);
    schema->release = nullptr;
}

void hand_over(std::unique_ptr<SchemaData> data, const char* format, bool is_nullable, ArrowSchema& out) {
    out = {};
    out.format = format;
    out.name = data->name.c_str();
    out.flags = is_nullable ? ARROW_FLAG_NULLABLE : 0;
    for (ArrowSchema& child : data->child_storage) data->children.push_back(&child);
    out.n_children = static_cast<std::int64_t>(data->children.size());
    out.children = data->children.empty() ? nullptr : data->children.data();
    out.dictionary = data->dictionary.get();
    out.release = release_schema;
    out.private_data = data.release();
}

const char* format_of(ColumnType type) {
    switch (type) {
        case ColumnType::text:
            return "u";
        case ColumnType::word:
        case ColumnType::int32:
            return "i";
        case ColumnType::texts:
            return "+l";
        case ColumnType::instant:
            return "tsu:UTC";
        case ColumnType::day:
            return "tdD";
        case ColumnType::int64:
            return "l";
        case ColumnType::uint64:
            return "L";
        default:
            return "b";
    }
}

void schema_of(const ColumnSpec& column, ArrowSchema& out) {
    auto data = std::make_unique<SchemaData>();
    data->name = column.name;
    if (column.type == ColumnType::word) {
        data->dictionary = std::make_unique<ArrowSchema>();
        schema_of({"", ColumnType::text, false}, *data->dictionary);
    }
    if (column.type == ColumnType::texts) {
        data->child_storage.emplace_back();
        schema_of({"item", ColumnType::text, false}, data->child_storage.back());
    }
    hand_over(std::move(data), format_of(column.type), column.is_nullable, out);
}

struct Stream {
    TableSpec table;
    std::uint64_t next = 0;
    std::string error;

    void schema(ArrowSchema& out) const {
        auto data = std::make_unique<SchemaData>();
        data->child_storage.reserve(table.columns.size());
        for (const ColumnSpec& column : table.columns) schema_of(column, data->child_storage.emplace_back());
        hand_over(std::move(data), "+s", false, out);
    }
    void batch(ArrowArray& out) {
        out = {};
        if (next >= table.rows) return;
        const std::uint64_t end = std::min(table.rows, next + k_batch_rows);
        std::vector<ColumnWriter> writers;
        for (const ColumnSpec& column : table.columns) writers.emplace_back(column.type);
        table.write(next, end, writers);
        auto data = std::make_unique<ArrayData>();
        data->buffers.push_back(nullptr);
        data->child_storage.resize(writers.size());
        for (std::size_t i = 0; i < writers.size(); ++i)
            writers[i].finish(table.words[i], data->child_storage[i]);
        hand_over(std::move(data), static_cast<std::int64_t>(end - next), 0, out);
        next = end;
    }
};

template <typename Body>
int guarded(ArrowArrayStream* stream, Body&& body) noexcept {
    auto& self = *static_cast<Stream*>(stream->private_data);
    try {
        body(self);
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    } catch (const std::exception& thrown) {
        try {
            self.error = thrown.what();
        } catch (...) {
            return ENOMEM;
        }
        return EIO;
    } catch (...) {
        return EIO;
    }
}

}  // namespace

void ColumnWriter::mark(bool is_valid) {
    if (length_ % 8 == 0) validity_.push_back(0);
    if (is_valid) {
        validity_.back() =
            static_cast<std::uint8_t>(validity_.back() | (1U << static_cast<unsigned>(length_ % 8)));
    } else {
        ++nulls_;
    }
    ++length_;
}

void ColumnWriter::null() {
    mark(false);
    if (type_ == ColumnType::text) {
        offsets_.push_back(static_cast<std::int32_t>(bytes_.size()));
    } else if (type_ == ColumnType::word || type_ == ColumnType::int32 || type_ == ColumnType::day) {
        narrow_.push_back(0);
    } else {
        wide_.push_back(0);
    }
}

void ColumnWriter::text(std::string_view value) {
    if (type_ == ColumnType::text) mark(true);
    bytes_.append(value);
    if (bytes_.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        throw Error(Status::limit, "The text of one batch is longer than 2 GiB.");
    }
    offsets_.push_back(static_cast<std::int32_t>(bytes_.size()));
}

void ColumnWriter::number(std::int64_t value) {
    mark(true);
    if (type_ == ColumnType::word || type_ == ColumnType::int32 || type_ == ColumnType::day) {
        narrow_.push_back(static_cast<std::int32_t>(value));
    } else {
        wide_.push_back(value);
    }
}

void ColumnWriter::end_list() {
    mark(true);
    ends_.push_back(static_cast<std::int32_t>(offsets_.size()));
}

void ColumnWriter::finish(const std::shared_ptr<const std::vector<std::string>>& words, ArrowArray& out) {
    const bool has_nulls = nulls_ != 0;
    offsets_.insert(offsets_.begin(), 0);
    if (type_ == ColumnType::text) {
        return hand_over(text_data(std::move(offsets_), std::move(bytes_), std::move(validity_), has_nulls),
                         length_, nulls_, out);
    }
    auto data = std::make_unique<ArrayData>();
    data->buffers.push_back(has_nulls ? keep(data->bytes, std::move(validity_)) : nullptr);
    if (type_ == ColumnType::texts) {
        const auto items = static_cast<std::int64_t>(ends_.empty() ? 0 : ends_.back());
        ends_.insert(ends_.begin(), 0);
        data->buffers.push_back(keep(data->narrow, std::move(ends_)));
        data->child_storage.resize(1);
        hand_over(text_data(std::move(offsets_), std::move(bytes_), {}, false), items, 0,
                  data->child_storage[0]);
        return hand_over(std::move(data), length_, nulls_, out);
    }
    if (type_ == ColumnType::boolean) {
        std::vector<std::uint8_t> bits((wide_.size() + 7) / 8, 0);
        for (std::size_t i = 0; i < wide_.size(); ++i) {
            if (wide_[i] != 0) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
        }
        data->buffers.push_back(keep(data->bytes, std::move(bits)));
    } else if (type_ == ColumnType::word || type_ == ColumnType::int32 || type_ == ColumnType::day) {
        data->buffers.push_back(keep(data->narrow, std::move(narrow_)));
        if (type_ == ColumnType::word) data->dictionary = dictionary_of(*words);
    } else {
        data->buffers.push_back(keep(data->wide, std::move(wide_)));
    }
    hand_over(std::move(data), length_, nulls_, out);
}

void export_stream(TableSpec table, ArrowArrayStream& out) {
    out = {};
    auto stream = std::make_unique<Stream>();
    stream->table = std::move(table);
    out.get_schema = [](ArrowArrayStream* self, ArrowSchema* to) {
        return guarded(self, [&](Stream& here) { here.schema(*to); });
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* to) {
        return guarded(self, [&](Stream& here) { here.batch(*to); });
    };
    out.get_last_error = [](ArrowArrayStream* self) -> const char* {
        const auto& here = *static_cast<const Stream*>(self->private_data);
        return here.error.empty() ? nullptr : here.error.c_str();
    };
    out.release = [](ArrowArrayStream* self) {
        delete static_cast<Stream*>(self->private_data);
        self->release = nullptr;
    };
    out.private_data = stream.release();
}

}  // namespace duecare::findings
