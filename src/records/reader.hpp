// The push reader: documents in, columns out, in chunks of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/model.hpp"

namespace duecare::records {

struct Limits {
    std::uint64_t document_bytes = 64ULL << 20U;
    std::uint32_t nesting = 32;
    std::uint32_t events_per_case = 1'000'000;
    std::uint64_t string_bytes = 1ULL << 20U;
};

struct ReaderOptions {
    Limits limits;
    bool strict = false;  ///< the first reject is an Error{data}; an unknown key is a reject
};

/// A document that was not taken, and why. Nothing is dropped without one of these.
struct Reject {
    std::string source;      ///< name of the file or stream, as given to the reader
    std::uint64_t line = 0;  ///< 1-based line of the source (in an array: where the element begins)
    std::string case_id;     ///< as far as it was read
    std::string pointer;     ///< RFC 6901, into the document; empty: the document itself
    std::string reason;      ///< what was wrong and what was expected
};

/// A key that the contract does not know: counted, with its first place. `path` names the kind of object
/// and the key ("case.imported_from", "event.colour", "actor.grade").
struct UnknownKey {
    std::uint64_t count = 0;
    std::string source;
    std::uint64_t line = 0;
    std::string pointer;
};

struct ReadReport {
    std::vector<Reject> rejects;  ///< in the order of the input
    std::map<std::string, UnknownKey> unknown_keys;
    std::uint64_t cases = 0;
    std::uint64_t staff_documents = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
};

/// Reads JSON Lines, one JSON document, or one JSON array of documents, plain or compressed with gzip or
/// zstd (told by the first bytes), from chunks of any size. One reader may read many sources in turn into
/// the same caseload; ids are checked across all of them.
///
/// A document is taken whole or not at all: after a reject the caseload is as it was before it.
/// Not safe for use by two threads at once.
class Reader {
  public:
    Reader(Caseload& into, ReaderOptions options);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Starts a source; `name` appears in rejects. Ends the one before, as finish() does.
    void begin(std::string name);
    /// Takes the next bytes of the source. Throws Error{data} under `strict` only.
    void push(std::string_view bytes);
    /// Ends the source: a last line without line end is read now.
    void finish();
    /// begin(path), the whole file, finish(). Throws Error{io} when it cannot be read.
    void read_file(const std::string& path);

    [[nodiscard]] const ReadReport& report() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace duecare::records
