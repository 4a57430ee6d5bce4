#include "sampling/values.hpp"

#include <cmath>

namespace duecare::sampling {

namespace json = boost::json;

std::string label(const Inputs& in, std::string_view key, const json::value& value) {
    if (value.is_null()) return {};
    if (const auto* text = value.if_string()) return std::string(*text);
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    if (!value.is_number()) in.fail(key, "Expected is a text or a number.");
    const double number = value.to_number<double>();
    constexpr double k_whole = 1e15;  // up to here a double has all digits of a whole number
    if (number == std::floor(number) && std::abs(number) < k_whole)
        return std::to_string(static_cast<std::int64_t>(number));
    return json::serialize(value);
}

std::vector<std::string> labels(const Inputs& in, std::string_view key) {
    if (!in.at(key).is_array()) in.fail(key, "Expected is a list.");
    std::vector<std::string> out;
    for (const json::value& item : in.at(key).get_array()) out.push_back(label(in, key, item));
    return out;
}

double share(const Inputs& in, std::string_view key) {
    const double value = in.real(key);
    if (value < 0 || value > 1) in.fail(key, "Expected is a number from 0 to 1.");
    return value;
}

std::vector<double> open_shares(const Inputs& in, std::string_view key) {
    std::vector<double> out = in.reals(key);
    for (const double value : out)
        if (value <= 0 || value >= 1) in.fail(key, "Expected are numbers between 0 and 1.");
    return out;
}

std::vector<double> counts_of(const Inputs& in, std::string_view key) {
    const std::vector<std::uint64_t> counts = in.counts(key);
    return {counts.begin(), counts.end()};
}

void check_counts(const Inputs& in, const std::vector<double>& x, const std::vector<double>& n) {
    if (n.size() != x.size()) in.fail("n", "There are not as many as x.");
    for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i] < 0 || x[i] > n[i]) in.fail("x", "Each x is a count from 0 to its n.");
}

json::value to_json(const Maybe& value) {
    if (!value || !std::isfinite(*value)) return nullptr;
    return *value;
}

json::array to_json(const std::vector<double>& values) {
    json::array out;
    for (const double value : values) out.push_back(to_json(Maybe(value)));
    return out;
}

json::array to_json(const std::vector<Maybe>& values) {
    json::array out;
    for (const Maybe& value : values) out.push_back(to_json(value));
    return out;
}

json::array to_json(const std::vector<std::size_t>& positions) {
    json::array out;
    for (const std::size_t position : positions) out.push_back(static_cast<std::int64_t>(position));
    return out;
}

}  // namespace duecare::sampling
