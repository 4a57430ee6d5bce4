#include "monitor/monitor.hpp"

#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "monitor/engine.hpp"

namespace duecare::monitor {

namespace {

// A snapshot is text: these lines, then the documents, one a line, then the digest of all before it.
//   duecare.monitor/1
//   SHA-256 of the policy
//   as_of known_at cases          (microseconds, decimal)
constexpr std::string_view k_format = "duecare.monitor/1";
constexpr std::string_view k_digest = "sha256 ";
constexpr std::size_t k_hex = 64;

[[noreturn]] void damaged(const std::string& how) {
    throw Error(Status::data, "The snapshot cannot be used: " + how + ".");
}

std::string_view next_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) damaged("it is cut off");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::string_view next_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

std::int64_t next_number(std::string_view& line) {
    const std::string_view word = next_word(line);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size()) damaged("a number in its head is wrong");
    return number;
}

/// What the digest stands for.
std::string_view checked(std::string_view bytes) {
    if (!bytes.starts_with("duecare.monitor/")) damaged("it is no snapshot of a monitor");
    std::string_view head = bytes;
    const std::string_view format = next_line(head);
    if (format != k_format) {
        throw Error(Status::unsupported, "The snapshot is of the format \"" + std::string(format) +
                                             "\"; this version of the library reads \"" +
                                             std::string(k_format) + "\".");
    }
    const std::size_t tail = k_digest.size() + k_hex + 1;
    if (bytes.size() < tail || bytes.back() != '\n') damaged("it is cut off");
    const std::string_view body = bytes.substr(0, bytes.size() - tail);
    const std::string_view last = bytes.substr(body.size());
    if (!last.starts_with(k_digest)) damaged("it is cut off: the digest at its end is missing");
    if (last.substr(k_digest.size(), k_hex) != sha256_hex(body))
        damaged("its digest does not fit its content, so something in it was changed");
    return body;
}

}  // namespace

Monitor::Monitor(std::shared_ptr<const policy::Policy> policy, const Options& options)
    : impl_(std::make_unique<Impl>(std::move(policy), options)) {}
Monitor::Monitor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Monitor::~Monitor() = default;
Monitor::Monitor(Monitor&&) noexcept = default;
Monitor& Monitor::operator=(Monitor&&) noexcept = default;

Changes Monitor::push_event(std::string_view case_id, std::string_view json) {
    return impl_->push_event(case_id, json);
}

Changes Monitor::push_document(std::string_view json) {
    return impl_->push_document([&](records::DocumentReader& reader) { reader.take(json, 0, 1); });
}

Changes Monitor::push_document(const records::Tape& tape) {
    return impl_->push_document(
        [&](records::DocumentReader& reader) { reader.take(tape, records::Place(), {}); });
}

Changes Monitor::set_clock(time::Instant as_of, time::Instant known_at) {
    return impl_->set_clock(as_of, known_at);
}

Changes Monitor::drop_case(std::string_view case_id) {
    Changes changes = impl_->drop_case(case_id);
    // Strings are given back by starting afresh, seldom enough to cost little.
    if (impl_->wasteful()) *this = restore(impl_->policy, snapshot());
    return changes;
}

std::vector<Obligation> Monitor::list(const Query& query) {
    return impl_->list(query);
}

std::optional<time::Instant> Monitor::next_due() const {
    return impl_->next_due();
}

std::string Monitor::documents(const std::optional<std::string>& case_id) {
    return impl_->documents(case_id);
}

std::string Monitor::snapshot() {
    std::string out(k_format);
    out.push_back('\n');
    out.append(impl_->policy->digest());
    out.push_back('\n');
    append_integer(out, as_of());
    out.push_back(' ');
    append_integer(out, known_at());
    out.push_back(' ');
    append_integer(out, static_cast<std::int64_t>(case_count()));
    out.push_back('\n');
    out.append(impl_->documents({}));
    const std::string digest = sha256_hex(out);
    out.append(k_digest);
    out.append(digest);
    out.push_back('\n');
    return out;
}

Monitor Monitor::restore(std::shared_ptr<const policy::Policy> policy, std::string_view bytes) {
    std::string_view body = checked(bytes);
    (void)next_line(body);
    const std::string_view digest = next_line(body);
    if (digest != policy->digest()) {
        throw Error(Status::invalid_argument, "The snapshot was made under another policy (SHA-256 " +
                                                  std::string(digest) + "), not under \"" + policy->id() +
                                                  "\" (" + policy->digest() + ").");
    }
    std::string_view numbers = next_line(body);
    Options options;
    options.as_of = next_number(numbers);
    options.known_at = next_number(numbers);
    const std::int64_t cases = next_number(numbers);
    Monitor made(std::move(policy), options);
    while (!body.empty()) (void)made.push_document(next_line(body));
    if (static_cast<std::int64_t>(made.case_count()) != cases) damaged("cases are missing");
    return made;
}

const std::shared_ptr<const policy::Policy>& Monitor::policy() const noexcept {
    return impl_->policy;
}
time::Instant Monitor::as_of() const noexcept {
    return impl_->binding.as_of;
}
time::Instant Monitor::known_at() const noexcept {
    return impl_->binding.known_at;
}
std::size_t Monitor::case_count() const noexcept {
    return impl_->cases.size();
}
std::size_t Monitor::event_count() const noexcept {
    return impl_->event_count;
}
std::size_t Monitor::memory() const noexcept {
    return impl_->memory();
}

}  // namespace duecare::monitor
