#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "records/model.hpp"

namespace duecare::records {
namespace {

TEST(StringPool, EqualTextsOfEveryLengthHaveOneId) {
    StringPool pool;
    std::vector<StringId> first;
    std::string text;
    for (int i = 0; i < 300; ++i) {
        first.push_back(pool.intern(text));
        text.push_back(static_cast<char>('a' + i % 7));
    }
    text.clear();
    for (std::size_t i = 0; i < 300; ++i) {
        EXPECT_EQ(pool.intern(text), first[i]);
        EXPECT_EQ(pool.find(text), first[i]);
        EXPECT_EQ(pool.view(first[i]), text);
        text.push_back(static_cast<char>('a' + i % 7));
    }
    EXPECT_EQ(pool.size(), 300U);
}

TEST(StringPool, TextsThatDifferInOneByteDiffer) {
    for (std::size_t size = 1; size < 40; ++size) {
        StringPool pool;
        const std::string base(size, 'x');
        const StringId id = pool.intern(base);
        for (std::size_t i = 0; i < size; ++i) {
            std::string other = base;
            other[i] = 'y';
            EXPECT_EQ(pool.find(other), k_no_string);
            EXPECT_NE(pool.intern(other), id) << size << " " << i;
        }
        EXPECT_EQ(pool.size(), size + 1);
    }
}

TEST(StringPool, ViewsStayWhenItGrows) {
    StringPool pool;
    const std::string_view early = pool.view(pool.intern("early"));
    for (int i = 0; i < 100'000; ++i) pool.intern("string number " + std::to_string(i));
    const std::string large(3'000'000, 'z');
    const StringId big = pool.append(large);
    EXPECT_NE(pool.append(large), big);
    EXPECT_EQ(early, "early");
    EXPECT_EQ(pool.view(big), large);
    EXPECT_EQ(pool.view(pool.find("string number 77777")), "string number 77777");
    EXPECT_GE(pool.memory(), 6'000'000U);
    const StringPool moved = std::move(pool);
    EXPECT_EQ(moved.view(big), large);
}

TEST(PathTree, OneNodeAPath) {
    PathTree tree;
    const PathId home = tree.child(k_root_path, 5);
    const PathId town = tree.child(home, 6);
    EXPECT_EQ(tree.child(home, 6), town);
    EXPECT_EQ(tree.find(k_root_path, 6), k_no_path);
    EXPECT_EQ(tree.find(home, 6), town);
    EXPECT_EQ(tree.parent(town), home);
    EXPECT_EQ(tree.key(town), 6U);
    EXPECT_EQ(tree.size(), 3U);
}

}  // namespace
}  // namespace duecare::records
