// StringPool and PathTree. The hash is fixed and unseeded: equal input gives equal ids on every run and host.
#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "records/model.hpp"

namespace duecare::records {

namespace {

constexpr std::size_t k_block_bytes = std::size_t{1} << 18U;
constexpr std::size_t k_first_table = 1024;

std::uint64_t load(const char* from, std::size_t bytes) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from, bytes);
    return word;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    a = (a ^ b) * 0x9E37'79B9'7F4A'7C15U;
    return a ^ (a >> 32U);
}

std::uint64_t hash_of(std::string_view text) noexcept {
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t hash = mix(0x2545'F491'4F6C'DD1DU, left);
    for (; left > 16; at += 8, left -= 8) hash = mix(hash, load(at, 8));
    if (left >= 8) return mix(mix(hash, load(at, 8)), load(at + left - 8, 8));
    if (left >= 4) return mix(hash, load(at, 4) | (load(at + left - 4, 4) << 32U));
    if (left == 0) return hash;
    const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
    return mix(hash, byte(0) | (byte(left / 2) << 8U) | (byte(left - 1) << 16U));
}

}  // namespace

std::string_view StringPool::store(std::string_view text) {
    if (text.empty()) return std::string_view("", 0);
    if (text.size() > block_left_) {
        const std::size_t bytes = std::max(k_block_bytes, text.size());
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
        block_bytes_ += bytes;
        if (text.size() > k_block_bytes / 4) {  // a block of its own; the open one stays open
            std::memcpy(blocks_.back().get(), text.data(), text.size());
            return {blocks_.back().get(), text.size()};
        }
        block_next_ = blocks_.back().get();
        block_left_ = bytes;
    }
    char* const to = block_next_;
    std::memcpy(to, text.data(), text.size());
    block_next_ += text.size();
    block_left_ -= text.size();
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
    std::vector<Slot> old(std::max(k_first_table, table_.size() * 2));
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
    if ((interned_ + 1) * 2 > table_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(hash_of(text));
    const std::size_t mask = table_.size() - 1;
    std::size_t at = hash & mask;
    for (; table_[at].id != k_no_string; at = (at + 1) & mask) {
        if (table_[at].hash == hash && views_[table_[at].id] == text) return table_[at].id;
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
        if (table_[at].hash == hash && views_[table_[at].id] == text) return table_[at].id;
    }
    return k_no_string;
}

std::size_t StringPool::memory() const noexcept {
    return block_bytes_ + views_.capacity() * sizeof(std::string_view) + table_.capacity() * sizeof(Slot);
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
