// Plain, gzip or zstd, told by the first bytes of a source.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace duecare::records {

/// Where decoded bytes go.
class ByteSink {
  public:
    virtual void bytes(std::string_view decoded) = 0;

  protected:
    ~ByteSink() = default;
};

/// Decompresses one stream of members or frames that follow one another.
class Codec {
  public:
    virtual ~Codec() = default;
    /// Decodes all of `encoded`. Returns what is wrong, or nothing.
    virtual std::string push(std::string_view encoded, ByteSink& to) = 0;
    /// True when the data may end here.
    [[nodiscard]] virtual bool is_complete() const noexcept = 0;
};

class Decoder {
  public:
    explicit Decoder(ByteSink& to) : to_(to) {}

    void begin();
    /// Returns what is wrong with the compressed data, or nothing. After an error further bytes are ignored.
    std::string push(std::string_view bytes);
    std::string finish();

  private:
    std::string decide();

    ByteSink& to_;
    std::unique_ptr<Codec> codec_;
    std::string head_;  // the first bytes, until there are enough to tell
    bool decided_ = false;
    bool failed_ = false;
};

}  // namespace duecare::records
