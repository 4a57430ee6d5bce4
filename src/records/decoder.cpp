#include "records/decoder.hpp"

#include <zlib.h>
#if !defined(DUECARE_WITHOUT_ZSTD)
#include <zstd.h>
#endif

#include <algorithm>
#include <limits>
#include <new>
#include <vector>

namespace duecare::records {

namespace {

constexpr std::string_view k_gzip_magic = "\x1F\x8B";
constexpr std::string_view k_zstd_magic = "\x28\xB5\x2F\xFD";
constexpr std::size_t k_buffer_bytes = std::size_t{1} << 17U;
constexpr const char* k_cut_off =
    "The compressed data ends too early; what follows the last complete document is lost. Copy the file "
    "again.";

class Gzip final : public Codec {
  public:
    Gzip() : out_(k_buffer_bytes) {
        constexpr int k_gzip_only = 16;
        if (inflateInit2(&stream_, MAX_WBITS + k_gzip_only) != Z_OK) throw std::bad_alloc();
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() override { inflateEnd(&stream_); }

    std::string push(std::string_view encoded, ByteSink& to) override {
        while (!encoded.empty()) {
            if (ended_) {
                // Zero bytes after the last member are padding, as gzip itself takes them.
                if (encoded.front() == '\0') {
                    padded_ = true;
                    encoded.remove_prefix(1);
                    continue;
                }
                if (padded_ || inflateReset(&stream_) != Z_OK) return std::string(k_damaged);
                ended_ = false;
            }
            const std::size_t given =
                std::min<std::size_t>(encoded.size(), std::numeric_limits<uInt>::max() / 2);
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(encoded.data()));
            stream_.avail_in = static_cast<uInt>(given);
            if (!inflate_all(to)) return std::string(k_damaged);
            encoded.remove_prefix(given - stream_.avail_in);
        }
        return {};
    }
    [[nodiscard]] bool is_complete() const noexcept override { return ended_; }

  private:
    static constexpr std::string_view k_damaged =
        "The gzip data is damaged; what follows the last complete document is lost. Copy the file again.";

    bool inflate_all(ByteSink& to) {
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
            stream_.avail_out = static_cast<uInt>(out_.size());
            const int result = inflate(&stream_, Z_NO_FLUSH);
            if (result == Z_MEM_ERROR) throw std::bad_alloc();
            const std::size_t made = out_.size() - stream_.avail_out;
            if (made > 0) to.bytes({out_.data(), made});
            if (result == Z_STREAM_END) {
                ended_ = true;
                return true;
            }
            if (result != Z_OK && result != Z_BUF_ERROR) return false;
        } while (stream_.avail_in > 0 || stream_.avail_out == 0);
        return true;
    }

    z_stream stream_{};
    std::vector<char> out_;
    bool ended_ = false;
    bool padded_ = false;
};

#if defined(DUECARE_WITHOUT_ZSTD)
/// Stands where Zstandard would, and says that it is not there.
class Zstd final : public Codec {
  public:
    std::string push(std::string_view, ByteSink&) override {
        return "This is Zstandard data, and this duecare was built without Zstandard; nothing of it was "
               "read. "
               "Decompress it first (zstd -d), or compress with gzip.";
    }
    [[nodiscard]] bool is_complete() const noexcept override { return false; }
};
#else
class Zstd final : public Codec {
  public:
    Zstd() : stream_(ZSTD_createDStream()), out_(ZSTD_DStreamOutSize()) {
        if (stream_ == nullptr) throw std::bad_alloc();
    }
    Zstd(const Zstd&) = delete;
    Zstd& operator=(const Zstd&) = delete;
    ~Zstd() override { ZSTD_freeDStream(stream_); }

    std::string push(std::string_view encoded, ByteSink& to) override {
        ZSTD_inBuffer in{encoded.data(), encoded.size(), 0};
        bool is_full = false;
        while (in.pos < in.size || is_full) {
            ZSTD_outBuffer out{out_.data(), out_.size(), 0};
            const std::size_t result = ZSTD_decompressStream(stream_, &out, &in);
            if (ZSTD_isError(result) != 0) {
                return "The zstd data is damaged (" + std::string(ZSTD_getErrorName(result)) +
                       "); what follows the last complete document is lost. Copy the file again.";
            }
            complete_ = result == 0;
            is_full = out.pos == out.size && !complete_;
            if (out.pos > 0) to.bytes({out_.data(), out.pos});
        }
        return {};
    }
    [[nodiscard]] bool is_complete() const noexcept override { return complete_; }

  private:
    ZSTD_DStream* stream_;
    std::vector<char> out_;
    bool complete_ = false;
};
#endif

}  // namespace

void Decoder::begin() {
    codec_.reset();
    head_.clear();
    decided_ = failed_ = false;
}

std::string Decoder::push(std::string_view bytes) {
    if (failed_ || bytes.empty()) return {};
    if (!decided_) {
        head_.append(bytes);
        const std::string_view head(head_);
        const bool may_be_gzip = head.size() < k_gzip_magic.size() && k_gzip_magic.starts_with(head);
        const bool may_be_zstd = head.size() < k_zstd_magic.size() && k_zstd_magic.starts_with(head);
        if (may_be_gzip || may_be_zstd) return {};
        return decide();
    }
    if (!codec_) {
        to_.bytes(bytes);
        return {};
    }
    std::string wrong = codec_->push(bytes, to_);
    failed_ = !wrong.empty();
    return wrong;
}

std::string Decoder::decide() {
    decided_ = true;
    if (head_.starts_with(k_gzip_magic)) {
        codec_ = std::make_unique<Gzip>();
    } else if (head_.starts_with(k_zstd_magic)) {
        codec_ = std::make_unique<Zstd>();
    }
    std::string head;
    head.swap(head_);
    return push(head);
}

std::string Decoder::finish() {
    if (failed_) return {};
    std::string wrong;
    if (!decided_ && !head_.empty()) wrong = decide();
    if (wrong.empty() && codec_ && !codec_->is_complete()) wrong = k_cut_off;
    failed_ = !wrong.empty();
    return wrong;
}

}  // namespace duecare::records
