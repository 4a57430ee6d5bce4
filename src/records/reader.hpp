// The push reader: documents in, columns out, in chunks of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/model.hpp"
#include "records/tape.hpp"

namespace duecare::records {

struct Limits {
    std::uint64_t document_bytes = 64ULL << 20U;  ///< as written, without the line end
    std::uint32_t nesting = 32;  ///< objects and arrays in one another, at most k_most_nesting
    std::uint32_t events_per_case = 1'000'000;
    std::uint64_t string_bytes = 1ULL << 20U;  ///< of one string or key, unescaped
};
/// The parser keeps one stack frame a level.
inline constexpr std::uint32_t k_most_nesting = 512;

struct ReaderOptions {
    Limits limits;
    bool strict = false;  ///< the first reject is an Error{data}; an unknown key is a reject
    /// `replaces` may name an event that is not in the document; see Caseload::open_corrections.
    bool open_corrections = false;
};

/// A document that was not taken, and why. Nothing is dropped without one of these.
struct Reject {
    std::string source;      ///< name of the file or stream, as given to the reader
    std::uint64_t line = 0;  ///< 1-based line of the source (in an array: where the element begins)
    std::string case_id;     ///< as far as it was read
    std::string pointer;     ///< RFC 6901, into the document; empty: the document itself
    std::string reason;      ///< what was wrong and what was expected
};

/// Where a document that is no text comes from, for rejects and warnings.
struct Place {
    std::string source;          ///< name of the table or feed
    std::uint64_t line = 0;      ///< number of the row or document, 1-based; 0: unknown
    std::uint32_t position = 0;  ///< what Case::document becomes
    std::string case_id;         ///< said of a document that is rejected unread
};

/// A key that the contract does not know: counted, with its first place. `path` names the kind of object
/// and the key ("case.imported_from", "event.colour", "actor.grade").
struct UnknownKey {
    std::uint64_t count = 0;  ///< in documents that were taken
    std::string source;
    std::uint64_t line = 0;
    std::string pointer;
    std::string near_name;  ///< the known key that was probably meant, or empty
};

struct ReadReport {
    std::vector<Reject> rejects;  ///< in the order of the input
    std::map<std::string, UnknownKey> unknown_keys;
    std::uint64_t cases = 0;
    std::uint64_t staff_documents = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;  ///< of text, after decompression
};

/// Reads JSON Lines, one JSON document, or one JSON array of documents, plain or compressed with gzip or
/// zstd (told by the first bytes), from chunks of any size. One reader may read many sources in turn into
/// the same caseload; ids are checked across all of them.
///
/// A document is taken whole or not at all: after a reject the caseload is as it was before it, but for
/// strings that nothing refers to.
///
/// What a file is, is told from its first document:
/// - It begins with `[`: an array of documents. An element that is broken is rejected at the line where it
///   begins and the next one goes on; one whose brackets do not close takes the rest of the file with it.
/// - Its first line is complete JSON, or is wrong in a way that more lines could not mend: JSON Lines.
/// - Its first line could go on: a single document over many lines, which ends with the line that closes its
///   last bracket — unless, before that, a line stands by itself as an object whose `format` begins with
///   `duecare.`. No line inside a document does that, so the file is JSON Lines whose first line is cut off:
///   the lines so far are rejected one by one, and this one and the rest are read as lines.
/// After a single document or an array the text that follows is judged afresh in the same way.
///
/// Beyond the rules of each field, these documents are rejected: a staff id that has been given before, in
/// any document; services of one person that overlap or end before they begin (what the person was on a day
/// would depend on the order of the entries); an empty id or event type. An optional key written as null is
/// of the wrong type. A person named twice in one `subjects` counts once.
///
/// Not safe for use by two threads at once.
class Reader {
  public:
    /// Throws Error{invalid_argument} for a nesting limit of 0 or above k_most_nesting.
    Reader(Caseload& into, ReaderOptions options);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Starts a source; `name` appears in rejects. Ends the one before, as finish() does.
    void begin(std::string name);
    /// Takes the next bytes of the source, which are not kept. Throws Error{data} under `strict` only, and
    /// Error{limit} when the caseload is full (2^32 strings, attributes or events). After either the rest of
    /// the source is not read: push() and finish() do nothing until begin().
    /// Throws Error{invalid_state} before the first begin().
    void push(std::string_view bytes);
    /// Ends the source: a last line without line end is read now.
    void finish();
    /// begin(path), the whole file, finish(). Throws Error{io} when it cannot be read.
    void read_file(const std::string& path);

    /// Takes one document that is no text, under the same rules as JSON: the same limits, rejects and
    /// warnings. A source that is open is finished first. `refine`, if given, may say more of where a reject
    /// comes from, before it is reported. Throws as push() does.
    void add(const Tape& document, const Place& place, const std::function<void(Reject&)>& refine = {});
    /// Reports a document that could not even be put together. Throws as push() does.
    void reject(const Place& place, std::string reason);

    [[nodiscard]] const ReadReport& report() const noexcept;
    [[nodiscard]] const ReaderOptions& options() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace duecare::records
