// Every reference value of tests/golden through duecare.hpp.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <duecare/duecare.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;

// RFC 4180, without line ends inside of fields.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            const bool doubled = quoted && i + 1 < line.size() && line[i + 1] == '"';
            if (doubled) out.back() += line[++i];
            if (!doubled) quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            out.emplace_back();
        } else {
            out.back() += line[i];
        }
    }
    return out;
}

bool same(const json::value& got, const json::value& expected, double tolerance) {
    if (got.is_number() && expected.is_number())
        return std::abs(got.to_number<double>() - expected.to_number<double>()) <= tolerance;
    if (!got.is_array() || !expected.is_array()) return got == expected;
    const json::array& a = got.get_array();
    const json::array& b = expected.get_array();
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!same(a[i], b[i], tolerance)) return false;
    }
    return true;
}

TEST(Golden, EveryRowThroughTheWrapper) {
    std::ifstream file(DUECARE_GOLDEN);
    std::string line;
    std::getline(file, line);
    ASSERT_EQ(line.substr(0, 14), "method,inputs,");
    std::set<std::string> methods;
    std::size_t rows = 0;
    while (std::getline(file, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const std::vector<std::string> row = fields_of(line);
        ASSERT_GE(row.size(), 5U) << line;
        const json::object result = json::parse(duecare::host::calculate(row[0], row[1])).as_object();
        ASSERT_TRUE(result.contains(row[2])) << line;
        EXPECT_TRUE(same(result.at(row[2]), json::parse(row[3]), std::stod(row[4])))
            << line << "\n got " << result.at(row[2]);
        methods.insert(row[0]);
        ++rows;
    }
    EXPECT_GE(rows, 288U);
    EXPECT_GE(methods.size(), 50U);
}

TEST(Golden, BoundsOfManyAtOnceAreThoseOfEach) {
    std::vector<std::uint64_t> x;
    std::vector<std::uint64_t> n;
    for (std::uint64_t size : {1U, 7U, 60U, 2000U}) {
        for (std::uint64_t found = 0; found <= size; found += size / 5 + 1) {
            x.push_back(found);
            n.push_back(size);
        }
    }
    const auto bounds = duecare::host::proportion_bounds(x, n, 0.9, duecare::host::Side::two);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const json::object inputs{{"x", x[i]}, {"n", n[i]}, {"conf", 0.9}, {"method", "clopper_pearson"}};
        const json::value one =
            json::parse(duecare::host::calculate("proportion_interval", json::serialize(inputs)));
        EXPECT_NEAR(bounds[i].first, one.at("low").to_number<double>(), 1e-15) << x[i] << " of " << n[i];
        EXPECT_NEAR(bounds[i].second, one.at("high").to_number<double>(), 1e-15) << x[i] << " of " << n[i];
    }
}

}  // namespace
