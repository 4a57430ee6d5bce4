// Reading one duty: its common fields, its shape and the options that go with it.
#pragma once

#include <string>

#include "policy/reader.hpp"

namespace duecare::policy {

class DutyReader {
  public:
    DutyReader(Reader& reader, const boost::json::object& object, std::string at,
               const std::string& common_owner)
        : reader_(reader), object_(object), at_(std::move(at)), common_owner_(common_owner) {}

    /// Adds the duty to the program, or reports what is wrong with it.
    void run();

  private:
    void keys();
    bool shape();
    [[nodiscard]] std::string shape_name() const {
        return std::string(k_shape_names[static_cast<std::size_t>(duty_.shape)]);
    }
    void header();
    void source();
    void effective();
    void per();
    void scopes();
    void on();
    void selectors();
    void durations();
    void owner();
    void check_explain();
    void check_options();
    [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }
    [[nodiscard]] std::string at(std::string_view key) const { return Reader::child(at_, key); }
    [[nodiscard]] bool on_shape() const {
        return duty_.shape == Shape::respond || duty_.shape == Shape::precede || duty_.shape == Shape::check;
    }

    Reader& reader_;
    const boost::json::object& object_;
    std::string at_;
    const std::string& common_owner_;
    Duty duty_;
    Scope event_scope_;     // the event at hand is the trigger
    Scope response_scope_;  // the event at hand is a candidate, `trigger` is what opened the obligation
};

}  // namespace duecare::policy
