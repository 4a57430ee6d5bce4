// Parameters of the draws, from JSON.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sampling/wide.hpp"

namespace duecare::sampling {

/// Reads the parameters of one call; each failure is an Error{invalid_argument} with a pointer.
class DrawInputs {
  public:
    explicit DrawInputs(const boost::json::object& inputs) : inputs_(inputs) {}

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] const boost::json::value& at(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise) const;
    [[nodiscard]] std::uint64_t count(std::string_view key) const;
    /// A whole number without a bound, as a number or as text.
    [[nodiscard]] Integer integer(std::string_view key) const;
    [[nodiscard]] Fraction decimal(std::string_view key) const;
    [[nodiscard]] std::vector<Fraction> decimals(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

    [[noreturn]] static void refuse(std::string_view key, const std::string& message);

  private:
    const boost::json::object& inputs_;
};

/// A decimal from 0 on, exactly as it was written.
[[nodiscard]] Fraction exact(const boost::json::value& value, std::string_view at);

/// The numbers times `factor`, the least that makes all of them whole.
struct Scaled {
    std::vector<std::uint64_t> numbers;
    Integer factor = 1;
};
/// @throws Error{invalid_argument} beyond 64 bits.
[[nodiscard]] Scaled scale(const std::vector<Fraction>& decimals, std::string_view at);

}  // namespace duecare::sampling
