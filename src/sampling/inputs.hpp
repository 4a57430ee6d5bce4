// Parameters of a method, from JSON.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sampling/wide.hpp"

namespace duecare::sampling {

/// Reads the parameters of one call; each failure is an Error{invalid_argument} with a pointer.
class Inputs {
  public:
    /// @param inputs  must outlive this.
    /// @param at      JSON pointer of `inputs` itself.
    explicit Inputs(const boost::json::object& inputs, std::string at = {})
        : inputs_(inputs), at_(std::move(at)) {}

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

    // What statistics read. Numbers may be written as text, to say exactly which decimal or quotient is
    // meant.

    [[nodiscard]] std::uint64_t count_or(std::string_view key, std::uint64_t otherwise) const;
    [[nodiscard]] std::vector<std::uint64_t> counts(std::string_view key) const;
    /// A finite number of either sign.
    [[nodiscard]] double real(std::string_view key) const;
    [[nodiscard]] double real_or(std::string_view key, double otherwise) const;
    [[nodiscard]] std::vector<double> reals(std::string_view key) const;
    /// A number or nothing for each item; null is nothing.
    [[nodiscard]] std::vector<std::optional<double>> reals_or_null(std::string_view key) const;
    /// A rectangle of numbers.
    [[nodiscard]] std::vector<std::vector<double>> matrix(std::string_view key) const;
    [[nodiscard]] bool flag_or(std::string_view key, bool otherwise) const;
    /// The position of the text among `names`; that of the first where the parameter is not there.
    [[nodiscard]] std::size_t choice(std::string_view key,
                                     std::initializer_list<std::string_view> names) const;
    /// A list of objects; each reports errors under its own pointer. An unknown key in one is an error.
    [[nodiscard]] std::vector<Inputs> objects(std::string_view key,
                                              std::initializer_list<std::string_view> known) const;
    /// A decimal above 0 and below 1.
    [[nodiscard]] Fraction open_share(std::string_view key) const;
    /// `conf`, by default 0.95.
    [[nodiscard]] Fraction conf() const;

    /// Throws with the pointer of the key in these inputs.
    [[noreturn]] void fail(std::string_view key, const std::string& message) const;
    [[noreturn]] static void refuse(std::string_view key, const std::string& message);

  private:
    [[nodiscard]] std::string pointer(std::string_view key) const;
    [[nodiscard]] const boost::json::array& list(std::string_view key) const;

    const boost::json::object& inputs_;
    std::string at_;
};

[[nodiscard]] double to_real(const Fraction& value);
[[nodiscard]] inline bool operator<=(const Fraction& a, const Fraction& b) {
    return a.num * b.den <= b.num * a.den;
}
/// The least integer that is not below the fraction.
[[nodiscard]] inline Integer ceil(const Fraction& value) {
    return (value.num + value.den - 1) / value.den;
}
/// 1 - value, for a value of at most 1.
[[nodiscard]] inline Fraction rest(const Fraction& value) {
    return {value.den - value.num, value.den};
}

/// One digit at least, and nothing else.
[[nodiscard]] bool is_digits(std::string_view text);
/// A number from 0 on, exactly as it was written: 0.07, or the texts "0.07", "7e-2", "7/100".
[[nodiscard]] Fraction exact(const boost::json::value& value, std::string_view at);

/// The numbers times `factor`, the least that makes all of them whole.
struct Scaled {
    std::vector<std::uint64_t> numbers;
    Integer factor = 1;
};
/// @throws Error{invalid_argument} beyond 64 bits.
[[nodiscard]] Scaled scale(const std::vector<Fraction>& decimals, std::string_view at);

}  // namespace duecare::sampling
