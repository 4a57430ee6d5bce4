#include "sampling/inputs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/plan.hpp"

namespace duecare::sampling {

namespace json = boost::json;

std::string Inputs::pointer(std::string_view key) const {
    std::string out = at_;
    append_pointer(out, key);
    return out;
}

void Inputs::fail(std::string_view key, const std::string& message) const {
    throw Error(Status::invalid_argument, message, pointer(key));
}

void Inputs::refuse(std::string_view key, const std::string& message) {
    std::string at;
    append_pointer(at, key);
    throw Error(Status::invalid_argument, message, at);
}

bool Inputs::has(std::string_view key) const {
    const json::value* value = inputs_.if_contains(key);
    return value != nullptr && !value->is_null();
}

const json::value& Inputs::at(std::string_view key) const {
    if (!has(key)) fail(key, "The parameter \"" + std::string(key) + "\" is missing.");
    return inputs_.at(key);
}

std::string Inputs::text(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_string()) fail(key, "Expected is a text.");
    return std::string(value.get_string());
}

std::string Inputs::text_or(std::string_view key, std::string_view otherwise) const {
    return has(key) ? text(key) : std::string(otherwise);
}

Integer Inputs::integer(std::string_view key) const {
    const Fraction value = exact(at(key), pointer(key));
    if (value.num % value.den != 0) fail(key, "Expected is a whole number.");
    return value.num / value.den;
}

std::uint64_t Inputs::count(std::string_view key) const {
    const Integer value = integer(key);
    if (value > std::numeric_limits<std::uint32_t>::max()) fail(key, "The number is too large.");
    return value.convert_to<std::uint64_t>();
}

Fraction Inputs::decimal(std::string_view key) const {
    return exact(at(key), pointer(key));
}

std::vector<Fraction> Inputs::decimals(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_array()) fail(key, "Expected is a list of numbers.");
    std::vector<Fraction> out;
    for (const json::value& item : value.get_array())
        out.push_back(exact(item, pointer(key) + "/" + std::to_string(out.size())));
    return out;
}

std::vector<std::string> Inputs::texts(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_array()) fail(key, "Expected is a list of texts.");
    std::vector<std::string> out;
    for (const json::value& item : value.get_array()) {
        if (!item.is_string()) fail(key, "Expected is a list of texts.");
        out.emplace_back(item.get_string());
    }
    return out;
}

const json::array& Inputs::list(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_array()) fail(key, "Expected is a list.");
    return value.get_array();
}

std::uint64_t Inputs::count_or(std::string_view key, std::uint64_t otherwise) const {
    return has(key) ? count(key) : otherwise;
}

std::vector<std::uint64_t> Inputs::counts(std::string_view key) const {
    std::vector<std::uint64_t> out;
    for (const Fraction& value : decimals(key)) {
        if (value.num % value.den != 0) fail(key, "Expected are whole numbers.");
        const Integer number = value.num / value.den;
        if (number > std::numeric_limits<std::uint32_t>::max()) fail(key, "A number is too large.");
        out.push_back(number.convert_to<std::uint64_t>());
    }
    return out;
}

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

namespace {

/// "0.07", "7e-2" or "7/100": a decimal, with an exponent as Python and spreadsheets write it, or a quotient.
Fraction parse_number(std::string_view text, std::string_view at) {
    if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
        const std::string_view above = text.substr(0, slash);
        const std::string_view below = text.substr(slash + 1);
        if (is_digits(above) && is_digits(below)) {
            const Fraction out{parse_decimal(above, at).num, parse_decimal(below, at).num};
            if (out.den != 0) return out;
        }
        throw Error(Status::invalid_argument, "Expected is a quotient such as \"1/3\".", std::string(at));
    }
    const std::size_t e = text.find_first_of("eE");
    Fraction out = parse_decimal(text.substr(0, e), at);
    if (e == std::string_view::npos) return out;
    std::string_view digits = text.substr(e + 1);
    const bool is_minus = digits.starts_with('-');
    if (is_minus || digits.starts_with('+')) digits.remove_prefix(1);
    if (!is_digits(digits) || digits.size() > 3)
        throw Error(Status::invalid_argument, "Expected is a decimal such as \"1e-7\".", std::string(at));
    unsigned power = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), power);
    (is_minus ? out.den : out.num) *= boost::multiprecision::pow(Integer(10), power);
    return out;
}

double as_real(const json::value& value, const std::string& at) {
    if (const auto* number = value.if_double()) return *number;
    if (const auto* number = value.if_int64()) return static_cast<double>(*number);
    if (value.is_uint64()) return static_cast<double>(value.get_uint64());
    if (const auto* text = value.if_string()) {
        double out = 0;
        if (const bool is_minus = text->starts_with('-'); text->find('/') != json::string::npos) {
            out = to_real(parse_number(std::string_view(*text).substr(is_minus ? 1 : 0), at));
            if (std::isfinite(out)) return is_minus ? -out : out;
            throw Error(Status::invalid_argument, "The number is too large.", at);
        }
        const auto end = std::from_chars(text->data(), text->data() + text->size(), out);
        if (end.ec == std::errc() && end.ptr == text->data() + text->size() && std::isfinite(out)) return out;
    }
    throw Error(Status::invalid_argument, "Expected is a number.", at);
}

}  // namespace

double Inputs::real(std::string_view key) const {
    return as_real(at(key), pointer(key));
}

double Inputs::real_or(std::string_view key, double otherwise) const {
    return has(key) ? real(key) : otherwise;
}

std::vector<double> Inputs::reals(std::string_view key) const {
    std::vector<double> out;
    for (const json::value& item : list(key))
        out.push_back(as_real(item, pointer(key) + "/" + std::to_string(out.size())));
    return out;
}

std::vector<std::optional<double>> Inputs::reals_or_null(std::string_view key) const {
    std::vector<std::optional<double>> out;
    for (const json::value& item : list(key)) {
        if (item.is_null()) {
            out.emplace_back();
        } else {
            out.emplace_back(as_real(item, pointer(key) + "/" + std::to_string(out.size())));
        }
    }
    return out;
}

std::vector<std::vector<double>> Inputs::matrix(std::string_view key) const {
    std::vector<std::vector<double>> out;
    for (const json::value& row : list(key)) {
        const std::string at = pointer(key) + "/" + std::to_string(out.size());
        if (!row.is_array()) throw Error(Status::invalid_argument, "Expected is a list of numbers.", at);
        std::vector<double> numbers;
        for (const json::value& item : row.get_array())
            numbers.push_back(as_real(item, at + "/" + std::to_string(numbers.size())));
        if (!out.empty() && out[0].size() != numbers.size())
            throw Error(Status::invalid_argument, "This row is not as long as the first.", at);
        out.push_back(std::move(numbers));
    }
    return out;
}

bool Inputs::flag_or(std::string_view key, bool otherwise) const {
    if (!has(key)) return otherwise;
    const json::value& value = at(key);
    if (!value.is_bool()) fail(key, "Expected is true or false.");
    return value.get_bool();
}

std::size_t Inputs::choice(std::string_view key, std::initializer_list<std::string_view> names) const {
    if (!has(key)) return 0;
    const std::string name = text(key);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    std::string message = "The ";
    message += key;
    message += " ";
    append_json_string(message, name);
    message += " is none of: ";
    for (const std::string_view one : names) {
        if (one != *names.begin()) message += ", ";
        message += one;
    }
    fail(key, message + "." + suggestion(name, names));
}

std::vector<Inputs> Inputs::objects(std::string_view key,
                                    std::initializer_list<std::string_view> known) const {
    std::vector<Inputs> out;
    for (const json::value& item : list(key)) {
        const std::string here = pointer(key) + "/" + std::to_string(out.size());
        if (!item.is_object()) throw Error(Status::invalid_argument, "Expected is an object.", here);
        const Inputs one(item.get_object(), here);
        for (const auto& [name, value] : item.get_object()) {
            if (std::find(known.begin(), known.end(), std::string_view(name)) != known.end()) continue;
            one.fail(name, "This parameter is not known here." + suggestion(name, known));
        }
        out.push_back(one);
    }
    return out;
}

Fraction Inputs::open_share(std::string_view key) const {
    const Fraction out = decimal(key);
    if (out.num == 0 || out.num >= out.den) fail(key, "Expected is a number above 0 and below 1.");
    return out;
}

Fraction Inputs::conf() const {
    return has("conf") ? open_share("conf") : Fraction{19, 20};
}

double to_real(const Fraction& value) {
    return (boost::multiprecision::cpp_rational(value.num, value.den)).convert_to<double>();
}

Fraction exact(const json::value& value, std::string_view at) {
    if (const auto* text = value.if_string()) return parse_number(*text, at);
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
