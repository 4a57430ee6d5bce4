#include "records/reader.hpp"

#include <cerrno>
#include <cstdio>
#include <new>
#include <utility>

#include "base/error.hpp"
#include "base/system.hpp"
#include "records/decoder.hpp"
#include "records/document.hpp"
#include "records/framer.hpp"

namespace duecare::records {

struct Reader::Impl final : ByteSink {
    Impl(Caseload& into, const ReaderOptions& options)
        : documents(into, options), framer(documents), decoder(*this) {}

    void bytes(std::string_view decoded) override {
        documents.report().bytes += decoded.size();
        framer.push(decoded);
    }

    /// Runs one step of a source; after an exception the rest of the source is not read.
    template <class Step>
    void guarded(Step step) {
        if (!is_reading) return;
        is_reading = false;
        const std::string wrong = step();
        if (!wrong.empty()) {
            is_ended = true;
            framer.break_off(wrong);
        }
        is_reading = true;
    }

    DocumentReader documents;
    Framer framer;
    Decoder decoder;
    bool is_begun = false;    // begin() was called
    bool is_reading = false;  // a source is open and has not thrown
    bool is_ended = false;    // its text has ended: finished, or damaged
};

Reader::Reader(Caseload& into, ReaderOptions options) : impl_(std::make_unique<Impl>(into, options)) {}
Reader::~Reader() = default;

void Reader::begin(std::string name) {
    finish();
    impl_->documents.begin_source(std::move(name));
    impl_->framer.begin();
    impl_->decoder.begin();
    impl_->is_begun = impl_->is_reading = true;
    impl_->is_ended = false;
}

void Reader::push(std::string_view bytes) {
    if (!impl_->is_begun)
        throw Error(Status::invalid_state, "Bytes were pushed before begin() named a source.");
    impl_->guarded([&] { return impl_->decoder.push(bytes); });
}

void Reader::finish() {
    impl_->guarded([&] { return impl_->decoder.finish(); });
    impl_->guarded([&] {
        if (!impl_->is_ended) impl_->framer.finish();
        return std::string();
    });
    impl_->is_reading = false;
}

void Reader::read_file(const std::string& path) {
    constexpr std::size_t k_chunk = std::size_t{1} << 18U;
    const auto fail = [&path](int code) {
        if (code == ENOMEM) throw std::bad_alloc();
        throw Error(Status::io, "The file could not be read: " + error_text(code) + ".", {}, path);
    };
    const File file = open_file(path);
    if (!file) fail(errno);
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    begin(path);
    const auto chunk = std::make_unique_for_overwrite<char[]>(k_chunk);
    for (;;) {
        const std::size_t read = std::fread(chunk.get(), 1, k_chunk, file.get());
        if (read == 0) break;
        push({chunk.get(), read});
    }
    if (std::ferror(file.get()) != 0) {
        impl_->is_reading = false;
        fail(errno);
    }
    finish();
}

void Reader::add(const Tape& document, const Place& place, const std::function<void(Reject&)>& refine) {
    finish();
    impl_->documents.take(document, place, refine);
}

void Reader::reject(const Place& place, std::string reason) {
    finish();
    impl_->documents.report_reject({place.source, place.line, place.case_id, {}, std::move(reason)});
}

const ReaderOptions& Reader::options() const noexcept {
    return impl_->documents.options();
}

const ReadReport& Reader::report() const noexcept {
    return impl_->documents.report();
}

}  // namespace duecare::records
