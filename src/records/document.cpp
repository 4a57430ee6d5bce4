#include "records/document.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::records {

namespace {

boost::json::parse_options depth(std::uint32_t nesting) {
    boost::json::parse_options options;
    options.max_depth = nesting;
    return options;
}

/// Sees nothing but the string at the top level key "format".
class GlanceHandler {
    using View = boost::json::string_view;
    using ErrorCode = boost::json::error_code;

  public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    std::optional<std::string> format;

    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_object_begin(ErrorCode&) { return open(); }
    bool on_object_end(std::size_t, ErrorCode&) { return close(); }
    bool on_array_begin(ErrorCode&) { return open(); }
    bool on_array_end(std::size_t, ErrorCode&) { return close(); }
    bool on_key_part(View part, std::size_t, ErrorCode&) { return collect(part, depth_ == 1); }
    bool on_key(View part, std::size_t, ErrorCode&) {
        collect(part, depth_ == 1);
        is_format_ = depth_ == 1 && text_ == "format";
        text_.clear();
        return true;
    }
    bool on_string_part(View part, std::size_t, ErrorCode&) { return collect(part, is_format_); }
    bool on_string(View part, std::size_t, ErrorCode&) {
        collect(part, is_format_);
        if (is_format_ && !format) format = text_;
        text_.clear();
        is_format_ = false;
        return true;
    }
    bool on_number_part(View, ErrorCode&) { return true; }
    bool on_int64(std::int64_t, View, ErrorCode&) { return other(); }
    bool on_uint64(std::uint64_t, View, ErrorCode&) { return other(); }
    bool on_double(double, View, ErrorCode&) { return other(); }
    bool on_bool(bool, ErrorCode&) { return other(); }
    bool on_null(ErrorCode&) { return other(); }
    bool on_comment_part(View, ErrorCode&) { return true; }
    bool on_comment(View, ErrorCode&) { return true; }

  private:
    bool collect(View part, bool wanted) {
        if (wanted) text_.append(part.data(), part.size());
        return true;
    }
    bool open() {
        ++depth_;
        return other();
    }
    bool close() {
        --depth_;
        return true;
    }
    bool other() {
        is_format_ = false;
        return true;
    }
    std::uint32_t depth_ = 0;
    bool is_format_ = false;
    std::string text_;
};

std::string position_of(std::string_view text, std::size_t at) {
    at = std::min(at, text.size());
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t line_end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t column = line_end == std::string_view::npos ? at + 1 : at - line_end;
    std::string place = "at byte " + std::to_string(column);
    if (text.find('\n') != std::string_view::npos) {
        place += " of line " + std::to_string(lines + 1) + " of the document";
    }
    return place;
}

}  // namespace

Glance glance(std::string_view text, std::uint32_t nesting) {
    boost::json::basic_parser<GlanceHandler> parser(depth(nesting));
    boost::json::error_code ec;
    const std::size_t read = parser.write_some(true, text.data(), text.size(), ec);
    const bool all = !ec && read == text.size();
    // A line end closes a number, and shows that no string or literal is open.
    if (all && !parser.done()) parser.write_some(true, "\n", 1, ec);
    Glance seen;
    if (!ec)
        seen.shape = !all            ? Glance::Shape::broken
                     : parser.done() ? Glance::Shape::complete
                                     : Glance::Shape::incomplete;
    seen.format = std::move(parser.handler().format);
    return seen;
}

DocumentReader::DocumentReader(Caseload& into, const ReaderOptions& options)
    : options_(options), parser_(depth(options.limits.nesting), into, options) {}

DocumentReader::Outcome DocumentReader::run(std::string_view text, DocumentKind kind, bool decided) {
    Handler& handler = parser_.handler();
    handler.begin(kind, decided);
    parser_.reset();
    boost::json::error_code ec;
    const std::size_t read = parser_.write_some(false, text.data(), text.size(), ec);
    if (!ec && read == text.size()) return Outcome::read;
    if (handler.is_undecided()) return Outcome::undecided;
    if (!handler.has_failed()) {
        handler.refusal() = explain(ec ? ec : make_error_code(boost::json::error::extra_data), text, read);
    }
    return Outcome::refused;
}

void DocumentReader::take(std::string_view text, std::uint64_t line, std::uint32_t position) {
    Handler& handler = parser_.handler();
    Outcome outcome = Outcome::refused;
    try {
        outcome = run(text, DocumentKind::case_history, false);
        if (outcome == Outcome::undecided) {
            handler.abandon();
            const auto format = glance(text, options_.limits.nesting).format;
            const bool is_staff = format && *format == "duecare.staff/1";
            if (format && !is_staff && *format != "duecare.case/1") {
                return reject(line, {}, "/format", unknown_format(*format));
            }
            outcome = run(text, is_staff ? DocumentKind::staff : DocumentKind::case_history, true);
        }
        if (outcome == Outcome::read && handler.commit(position, report_, source_, line)) return;
    } catch (...) {
        handler.abandon();
        throw;
    }
    std::string case_id = handler.case_id();
    handler.abandon();
    reject(line, std::move(case_id), std::move(handler.refusal().pointer),
           std::move(handler.refusal().reason));
}

void DocumentReader::take(const Tape& tape, const Place& place, const std::function<void(Reject&)>& refine) {
    Handler& handler = parser_.handler();
    source_ = place.source;
    Reject made{source_, place.line, place.case_id, {}, {}};
    if (tape.bytes() > options_.limits.document_bytes) {
        made.reason = document_over_limit(options_.limits.document_bytes);
    } else {
        try {
            handler.begin(DocumentKind::case_history, true);
            if (handler.play(tape) && handler.commit(place.position, report_, source_, place.line)) return;
        } catch (...) {
            handler.abandon();
            throw;
        }
        made.case_id = handler.case_id();
        handler.abandon();
        made.pointer = std::move(handler.refusal().pointer);
        made.reason = std::move(handler.refusal().reason);
    }
    if (refine) refine(made);
    report_reject(std::move(made));
}

Refusal DocumentReader::explain(const boost::json::error_code& ec, std::string_view text, std::size_t at) {
    using boost::json::error;
    const std::string where = position_of(text, at);
    Refusal refusal{parser_.handler().pointer(), {}};
    if (ec == error::incomplete) {
        refusal.reason = "The document is cut off: it ends before its JSON is complete.";
    } else if (ec == error::extra_data) {
        refusal.pointer.clear();
        refusal.reason = "More text follows the document " + where + "; one document was expected.";
    } else if (ec == error::too_deep) {
        refusal.reason = too_deep(options_.limits.nesting);
    } else if (ec == error::exponent_overflow) {
        refusal.reason = k_number_range;
    } else if (!is_valid_utf8(text)) {
        refusal.reason = "The document is not valid UTF-8 " + where + ".";
    } else if (ec == error::illegal_leading_surrogate || ec == error::illegal_trailing_surrogate) {
        refusal.reason = "A \\u escape is half of a surrogate pair, " + where + ".";
    } else {
        refusal.reason = "The document is not valid JSON " + where + ".";
    }
    return refusal;
}

void DocumentReader::reject(std::uint64_t line, std::string case_id, std::string pointer,
                            std::string reason) {
    report_reject({source_, line, std::move(case_id), std::move(pointer), std::move(reason)});
}

void DocumentReader::report_reject(Reject made) {
    report_.rejects.push_back(std::move(made));
    if (!options_.strict) return;
    const Reject& reject = report_.rejects.back();
    throw Error(Status::data, reject.reason, reject.pointer, reject.source, reject.line);
}

}  // namespace duecare::records
