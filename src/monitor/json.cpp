#include "monitor/json.hpp"

#include <array>

#include "base/text.hpp"
#include "policy/program.hpp"

namespace duecare::monitor {

namespace {

constexpr std::array<std::string_view, 8> k_what{"opened", "gone",  "verdict", "due",
                                                 "ended",  "flags", "owner",   "reason"};

class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) { out_.push_back('{'); }
    void text(std::string_view key, std::string_view value) {
        name(key);
        append_json_string(out_, value);
    }
    void text(std::string_view key, const std::optional<std::string>& value) {
        if (value) return text(key, std::string_view(*value));
        name(key);
        out_.append("null");
    }
    void instant(std::string_view key, time::Instant value) {
        name(key);
        if (value == evaluate::k_no_instant) {
            out_.append("null");
            return;
        }
        out_.push_back('"');
        time::append_instant(out_, value);
        out_.push_back('"');
    }
    void number(std::string_view key, std::int64_t value) {
        name(key);
        append_integer(out_, value);
    }
    template <std::size_t N>
    void names(std::string_view key, std::uint32_t bits, const std::array<std::string_view, N>& of) {
        name(key);
        out_.push_back('[');
        for (std::size_t bit = 0; bit < N; ++bit) {
            if ((bits & (1U << bit)) == 0) continue;
            if (out_.back() != '[') out_.push_back(',');
            append_json_string(out_, of[bit]);
        }
        out_.push_back(']');
    }
    void end() { out_.push_back('}'); }

  private:
    void name(std::string_view key) {
        if (out_.back() != '{') out_.push_back(',');
        append_json_string(out_, key);
        out_.push_back(':');
    }
    std::string& out_;
};

}  // namespace

void append_json(std::string& out, const policy::Program& program, const Change& change) {
    const Obligation& now = change.now;
    const auto verdict = [](evaluate::Verdict v) {
        return evaluate::k_verdict_names[static_cast<std::size_t>(v)];
    };
    Writer writer(out);
    writer.names("what", change.what, k_what);
    writer.text("case_id", std::string_view(now.case_id));
    writer.text("duty_id", std::string_view(program.duties[now.duty].id));
    writer.text("key", now.key);
    writer.text("verdict", verdict(now.verdict));
    writer.instant("opened_at", now.opened_at);
    writer.instant("due_at", now.due_at);
    writer.instant("ended_at", now.ended_at);
    writer.number("overdue_seconds", now.overdue_seconds);
    writer.number("elapsed_seconds", now.elapsed_seconds);
    writer.number("missed_periods", now.missed_periods);
    writer.text("trigger_event", now.trigger_event);
    writer.text("ending_event", now.ending_event);
    writer.names("flags", now.flags, evaluate::k_flag_names);
    writer.text("reason", now.reason);
    writer.text("owner", now.owner);
    writer.text("title", std::string_view(program.duties[now.duty].title));
    writer.text("verdict_before", change.verdict_before
                                      ? std::optional<std::string>(verdict(*change.verdict_before))
                                      : std::nullopt);
    writer.instant("due_before", change.due_before);
    writer.end();
}

}  // namespace duecare::monitor
