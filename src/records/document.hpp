// One document at a time: parse, check, take or reject.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/handler.hpp"
#include "records/reader.hpp"

namespace duecare::records {

/// What a piece of text is by itself, as far as framing needs to know.
struct Glance {
    enum class Shape : std::uint8_t { complete, incomplete, broken };
    Shape shape = Shape::broken;
    std::optional<std::string> format;  // the string at the top level key "format"
};
[[nodiscard]] Glance glance(std::string_view text, std::uint32_t nesting);

class DocumentReader {
  public:
    DocumentReader(Caseload& into, const ReaderOptions& options);

    void begin_source(std::string name) { source_ = std::move(name); }
    /// Reads one document, which begins on `line`; `position` is what Case::document becomes.
    void take(std::string_view text, std::uint64_t line, std::uint32_t position);
    /// The same of a document that is no text; see Reader::add().
    void take(const Tape& tape, const Place& place, const std::function<void(Reject&)>& refine);
    /// Throws under `strict`.
    void report_reject(Reject made);
    /// Reports text that is no document. Throws under `strict`, as take() does.
    void reject(std::uint64_t line, std::string reason) { reject(line, {}, {}, std::move(reason)); }
    [[nodiscard]] const ReaderOptions& options() const noexcept { return options_; }
    [[nodiscard]] ReadReport& report() noexcept { return report_; }

  private:
    enum class Outcome : std::uint8_t { read, refused, undecided };
    Outcome run(std::string_view text, DocumentKind kind, bool decided);
    Refusal explain(const boost::json::error_code& ec, std::string_view text, std::size_t at);
    void reject(std::uint64_t line, std::string case_id, std::string pointer, std::string reason);

    ReaderOptions options_;
    ReadReport report_;
    std::string source_;
    boost::json::basic_parser<Handler> parser_;
};

}  // namespace duecare::records
