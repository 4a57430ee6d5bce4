// Every file of tests/policies/wrong, and what must be said of it; see the README there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.hpp"

namespace duecare::policy {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> policies() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(DUECARE_WRONG_POLICIES)) {
        const fs::path& path = entry.path();
        // NN-name.OTHER.json is handed over with NN-name.json.
        if (path.extension() == ".json" && path.stem().extension().empty()) found.push_back(path);
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<Document> handed_over(const fs::path& policy) {
    std::vector<Document> others;
    for (const auto& entry : fs::directory_iterator(policy.parent_path())) {
        const std::string name = entry.path().filename().string();
        const bool is_other = name.starts_with(policy.stem().string() + ".") && name.ends_with(".json") &&
                              entry.path() != policy;
        if (is_other) others.push_back({name, read(entry.path())});
    }
    std::sort(others.begin(), others.end(),
              [](const Document& a, const Document& b) { return a.name < b.name; });
    return others;
}

TEST(WrongPolicies, SayWhatIsWrong) {
    const bool rewrite = std::getenv("DUECARE_REWRITE_EXPECTATIONS") != nullptr;
    const std::vector<fs::path> all = policies();
    EXPECT_GE(all.size(), 50U) << "the wrong policies were not found";
    for (const fs::path& path : all) {
        SCOPED_TRACE(path.filename().string());
        const Compiled compiled = compile({path.filename().string(), read(path)}, handed_over(path), {},
                                          time::ZoneData::embedded());
        EXPECT_EQ(compiled.policy, nullptr) << "it compiles";
        const std::string said = texts(compiled.diagnostics);
        fs::path expected = path;
        expected.replace_extension(".txt");
        if (rewrite) std::ofstream(expected, std::ios::binary) << said;
        EXPECT_EQ(said, read(expected));
        for (const Diagnostic& diagnostic : compiled.diagnostics) {
            EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::error);
            EXPECT_FALSE(diagnostic.policy.empty());
            EXPECT_GT(diagnostic.line, 0U) << diagnostic.text();
            EXPECT_LE(diagnostic.column, diagnostic.expression.size()) << diagnostic.text();
        }
    }
}

}  // namespace
}  // namespace duecare::policy
