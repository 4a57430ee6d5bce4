#include "sampling/draw_inputs.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/plan.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

std::string pointer(std::string_view key) {
    std::string out;
    append_pointer(out, key);
    return out;
}

}  // namespace

void DrawInputs::refuse(std::string_view key, const std::string& message) {
    throw Error(Status::invalid_argument, message, pointer(key));
}

bool DrawInputs::has(std::string_view key) const {
    const json::value* value = inputs_.if_contains(key);
    return value != nullptr && !value->is_null();
}

const json::value& DrawInputs::at(std::string_view key) const {
    if (!has(key)) refuse(key, "The parameter \"" + std::string(key) + "\" is missing.");
    return inputs_.at(key);
}

std::string DrawInputs::text(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_string()) refuse(key, "Expected is a text.");
    return std::string(value.get_string());
}

std::string DrawInputs::text_or(std::string_view key, std::string_view otherwise) const {
    return has(key) ? text(key) : std::string(otherwise);
}

Integer DrawInputs::integer(std::string_view key) const {
    const Fraction value = exact(at(key), pointer(key));
    if (value.num % value.den != 0) refuse(key, "Expected is a whole number.");
    return value.num / value.den;
}

std::uint64_t DrawInputs::count(std::string_view key) const {
    const Integer value = integer(key);
    if (value > std::numeric_limits<std::uint32_t>::max()) refuse(key, "The number is too large.");
    return value.convert_to<std::uint64_t>();
}

Fraction DrawInputs::decimal(std::string_view key) const {
    return exact(at(key), pointer(key));
}

std::vector<Fraction> DrawInputs::decimals(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_array()) refuse(key, "Expected is a list of numbers.");
    std::vector<Fraction> out;
    for (const json::value& item : value.get_array())
        out.push_back(exact(item, pointer(key) + "/" + std::to_string(out.size())));
    return out;
}

std::vector<std::string> DrawInputs::texts(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_array()) refuse(key, "Expected is a list of texts.");
    std::vector<std::string> out;
    for (const json::value& item : value.get_array()) {
        if (!item.is_string()) refuse(key, "Expected is a list of texts.");
        out.emplace_back(item.get_string());
    }
    return out;
}

Fraction exact(const json::value& value, std::string_view at) {
    if (const auto* text = value.if_string()) return parse_decimal(*text, at);
    if (value.is_uint64()) return {value.get_uint64(), 1};
    if (const auto* number = value.if_int64()) {
        if (*number < 0)
            throw Error(Status::invalid_argument, std::to_string(*number) + " is below 0.", std::string(at));
        return {*number, 1};
    }
    if (const auto* number = value.if_double(); number != nullptr && *number >= 0) {
        // The shortest digits that read back as this double are those that were written.
        std::array<char, 400> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), *number, std::chars_format::fixed);
        if (end.ec == std::errc()) return parse_decimal({digits.data(), end.ptr}, at);
    }
    throw Error(Status::invalid_argument, "Expected is a number from 0 on.", std::string(at));
}

Scaled scale(const std::vector<Fraction>& decimals, std::string_view at) {
    Scaled out;
    for (const Fraction& value : decimals) {
        const Integer den = value.den / boost::multiprecision::gcd(value.num, value.den);
        out.factor = boost::multiprecision::lcm(out.factor, den);
    }
    for (const Fraction& value : decimals) {
        const Integer number = value.num * out.factor / value.den;
        if (number > std::numeric_limits<std::int64_t>::max()) {
            throw Error(Status::invalid_argument, "A size has too many digits; the largest is 2^63 - 1.",
                        std::string(at));
        }
        out.numbers.push_back(number.convert_to<std::uint64_t>());
    }
    return out;
}

}  // namespace duecare::sampling
