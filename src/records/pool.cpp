// StringPool and PathTree. Ids are given in the order of arrival, so they do not depend on the hash.
#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "records/model.hpp"
#include "records/short_text.hpp"

namespace duecare::records {

namespace {

constexpr std::size_t k_first_block = std::size_t{1} << 16U;
constexpr std::size_t k_largest_block = std::size_t{1} << 22U;
constexpr std::size_t k_first_table = 1024;

}  // namespace

StringPool::StringPool(StringPool&& other) noexcept {
    *this = std::move(other);
}

StringPool& StringPool::operator=(StringPool&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(block_left_, other.block_left_);
    std::swap(block_next_, other.block_next_);
    std::swap(block_bytes_, other.block_bytes_);
    std::swap(views_, other.views_);
    std::swap(table_, other.table_);
    std::swap(interned_, other.interned_);
    std::swap(recent_, other.recent_);
    return *this;
}

StringPool::~StringPool() {
    for (const Block& block : blocks_) free_bytes(block.at, block.bytes);
}

char* StringPool::new_block(std::size_t bytes) {
    blocks_.push_back({nullptr, 0});
    blocks_.back().at = allocate_bytes(bytes);
    blocks_.back().bytes = bytes;
    block_bytes_ += bytes;
    return static_cast<char*>(blocks_.back().at);
}

std::string_view StringPool::store(std::string_view text) {
    if (text.empty()) return std::string_view("", 0);
    char* to = block_next_;
    if (text.size() <= block_left_) {
        block_next_ += text.size();
        block_left_ -= text.size();
    } else if (text.size() > k_first_block / 4) {  // a block of its own; the open one stays open
        to = new_block(text.size());
    } else {
        // Blocks grow with what is there, so that a small caseload stays small.
        const std::size_t bytes = std::clamp(block_bytes_ / 2, k_first_block, k_largest_block);
        to = new_block(bytes);
        block_next_ = to + text.size();
        block_left_ = bytes - text.size();
    }
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
}

StringId StringPool::add(std::string_view text) {
    if (views_.size() >= k_no_string) {
        throw Error(Status::limit, "The caseload holds 2^32 strings; no more can be read. Read it in parts.");
    }
    views_.push_back(store(text));
    return static_cast<StringId>(views_.size() - 1);
}

StringId StringPool::append(std::string_view text) {
    return add(text);
}

void StringPool::grow() {
    Column<Slot> old(std::max(k_first_table, table_.size() * 2));
    old.swap(table_);
    const std::size_t mask = table_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.id == k_no_string) continue;
        std::size_t at = slot.hash & mask;
        while (table_[at].id != k_no_string) at = (at + 1) & mask;
        table_[at] = slot;
    }
}

StringId StringPool::intern(std::string_view text) {
    if (text.size() > k_words_bytes) return look_up(text, static_cast<std::uint32_t>(hash_of(text)));
    const Words words = words_of(text);
    const std::uint64_t hash = hash_of(words, text.size());
    Recent& recent = recent_[(hash >> 40U) % recent_.size()];
    if (recent.words == words && recent.size == text.size()) return recent.id;
    const StringId id = look_up(text, static_cast<std::uint32_t>(hash));
    recent = {words, static_cast<std::uint32_t>(text.size()), id};
    return id;
}

StringId StringPool::look_up(std::string_view text, std::uint32_t hash) {
    if ((interned_ + 1) * 2 > table_.size()) grow();
    const std::size_t mask = table_.size() - 1;
    std::size_t at = hash & mask;
    for (; table_[at].id != k_no_string; at = (at + 1) & mask) {
        if (table_[at].hash == hash && same_text(views_[table_[at].id], text)) return table_[at].id;
    }
    const StringId id = add(text);
    table_[at] = {id, hash};
    ++interned_;
    return id;
}

StringId StringPool::find(std::string_view text) const noexcept {
    if (table_.empty()) return k_no_string;
    const auto hash = static_cast<std::uint32_t>(hash_of(text));
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = hash & mask; table_[at].id != k_no_string; at = (at + 1) & mask) {
        if (table_[at].hash == hash && same_text(views_[table_[at].id], text)) return table_[at].id;
    }
    return k_no_string;
}

std::size_t StringPool::memory() const noexcept {
    return block_bytes_ + views_.size() * sizeof(std::string_view) + table_.size() * sizeof(Slot);
}

namespace {

std::uint64_t edge(PathId parent, StringId key) noexcept {
    return (std::uint64_t{parent} << 32U) | key;
}

}  // namespace

PathTree::PathTree() {
    nodes_.push_back({k_no_path, k_no_string});
}

PathId PathTree::child(PathId parent, StringId key) {
    const auto [at, added] = children_.try_emplace(edge(parent, key), static_cast<PathId>(nodes_.size()));
    if (added) nodes_.push_back({parent, key});
    return at->second;
}

PathId PathTree::find(PathId parent, StringId key) const noexcept {
    const auto at = children_.find(edge(parent, key));
    return at == children_.end() ? k_no_path : at->second;
}

std::size_t PathTree::memory() const noexcept {
    constexpr std::size_t k_map_node = 32;  // key, value, link, cached nothing; rounded up
    return nodes_.capacity() * sizeof(Node) + children_.size() * k_map_node +
           children_.bucket_count() * sizeof(void*);
}

}  // namespace duecare::records
