// One line for the log of the host. It has counts, names of events and statuses, and ids of policies;
// never an id of a case or a person, and no text of a record.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "capi/handles.hpp"

namespace duecare::capi {

/// Told when it ends, if the context of the call wants it. What is lost for lack of memory is lost: no call
/// fails because of its log.
class LogLine {
  public:
    LogLine(std::int32_t level, std::string_view event) noexcept
        : LogLine(static_cast<Context*>(current_memory()), level, event) {}
    LogLine(Context* context, std::int32_t level, std::string_view event) noexcept
        : context_(context != nullptr && context->wants(level) ? context : nullptr), level_(level) {
        write([&](std::string& line) {
            line = R"({"event":)";
            append_json_string(line, event);
        });
    }
    LogLine(const LogLine&) = delete;
    LogLine& operator=(const LogLine&) = delete;
    ~LogLine() {
        write([&](std::string& line) {
            line += '}';
            context_->tell(level_, line);
        });
    }

    template <std::integral T>
    LogLine& add(std::string_view key, T count) noexcept {
        return write([&](std::string& line) {
            begin(line, key);
            append_integer(line, static_cast<std::int64_t>(count));
        });
    }
    LogLine& add(std::string_view key, std::string_view name) noexcept {
        return write([&](std::string& line) {
            begin(line, key);
            append_json_string(line, name);
        });
    }

  private:
    static void begin(std::string& line, std::string_view key) {
        line += ',';
        append_json_string(line, key);
        line += ':';
    }
    template <class Write>
    LogLine& write(Write&& write) noexcept {
        if (context_ == nullptr) return *this;
        const MemoryScope process(nullptr);
        try {
            write(line_);
        } catch (...) {
            context_ = nullptr;
        }
        return *this;
    }

    Context* context_;  // null: nobody wants it
    std::int32_t level_;
    std::string line_;
};

}  // namespace duecare::capi
