// The inside of an import: sections of the mapping bound to tables, and rows sorted by case.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "tables/import.hpp"

namespace duecare::tables {

using records::Builder;
inline constexpr std::uint32_t k_none = 0xFFFF'FFFFU;

/// Attributes as the tree that dotted names make, so that each object is written once.
struct Node {
    std::string key;
    std::vector<Bound> leaves;  // the first that has a value counts
    std::vector<Node> children;

    Node& child(const std::string& name) {
        for (Node& each : children) {
            if (each.key == name) return each;
        }
        children.push_back({name, {}, {}});
        return children.back();
    }
    [[nodiscard]] bool has_value(const Row& row) const {
        const auto is_there = [&](const Bound& leaf) { return leaf.cell(row).kind != Cell::Kind::null; };
        return std::any_of(leaves.begin(), leaves.end(), is_there) ||
               std::any_of(children.begin(), children.end(),
                           [&](const Node& each) { return each.has_value(row); });
    }
    void write(Builder& to, const Row& row) {
        for (Bound& leaf : leaves) {
            if (leaf.attribute(to, key, row)) return;
        }
        if (children.empty() || !has_value(row)) return;
        to.open_attribute(key);
        write_children(to, row);
        to.close_attribute();
    }
    void write_children(Builder& to, const Row& row) {
        for (Node& each : children) each.write(to, row);
    }
    void names(std::vector<std::string>& to) const {
        for (const Bound& leaf : leaves) leaf.names(to);
        for (const Node& each : children) each.names(to);
    }
};

struct BoundActor {
    Bound id, rank, unit, accreditations;
};

struct BoundEvent {
    Bound type, occurred, recorded, id, replaces, withdrawn, subjects;
    BoundActor actor;
    Node attributes;
    std::vector<Bound> merged;  // maps whose entries are attributes
};

/// A section of the mapping bound to a table.
struct Feed {
    const Section* section = nullptr;
    const Table* table = nullptr;
    Bound case_id, id, kind, born, roles, from, until, rank, unit, accreditations;
    BoundEvent event;
    std::vector<BoundEvent> events;
    Node attributes;
    std::vector<Bound> merged;
    std::vector<std::int64_t> starts;      // first row of each batch
    std::vector<std::uint32_t> owner;      // by row: the case or member; k_none: nobody
    std::vector<std::uint32_t> rows;       // sorted by owner, in the order of the table
    std::vector<std::uint32_t> row_begin;  // by owner, into rows

    [[nodiscard]] Row row(std::uint32_t at) const {
        const auto batch =
            std::upper_bound(starts.begin(), starts.end(), std::int64_t{at}) - starts.begin() - 1;
        return {&table->batches[static_cast<std::size_t>(batch)].array(),
                at - starts[static_cast<std::size_t>(batch)]};
    }
    [[nodiscard]] std::span<const std::uint32_t> rows_of(std::uint32_t who) const {
        if (std::size_t{who} + 1 >= row_begin.size()) return {};
        return {rows.data() + row_begin[who], rows.data() + row_begin[who + 1]};
    }
};

/// Where a piece of a document came from.
struct Origin {
    const Feed* feed = nullptr;
    std::uint32_t row = 0;
};

/// The ids of cases or staff in the order in which they come.
class Ids {
  public:
    std::uint32_t index(std::string_view id) {
        if (!names_.empty() && last_ != k_none && names_[last_] == id) return last_;
        const auto [at, added] =
            index_.try_emplace(std::string(id), static_cast<std::uint32_t>(names_.size()));
        if (added) names_.push_back(at->first);
        return last_ = at->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }
    [[nodiscard]] const std::string& name(std::uint32_t at) const { return names_[at]; }

  private:
    std::unordered_map<std::string, std::uint32_t> index_;
    std::vector<std::string> names_;
    std::uint32_t last_ = k_none;
};

/// Everything behind an import. bind.cpp has what looks at columns, import.cpp what reads rows.
struct Import::Impl {
    explicit Impl(Mapping given) : mapping(std::move(given)) {}

    Mapping mapping;
    std::vector<std::unique_ptr<Table>> tables;
    std::vector<std::unique_ptr<Feed>> feeds;
    ImportReport report;
    Ids cases;
    Ids staff;
    std::vector<std::unique_ptr<Source>> derived;  // sources that the mapping does not write out

    // Of the document being made.
    Builder builder;
    std::vector<Origin> event_origin;
    std::vector<Origin> person_origin;
    std::vector<std::string> persons;  // ids, when no table has persons
    Origin here;

    Bound bind(const Source& source, const Table& table, bool may_be_missing) {
        return source.is_given() ? Bound(source, mapping, table, may_be_missing, &report.unmapped) : Bound();
    }
    bool collects_persons = false;  // no table has persons: those that events name

    void bind_attributes(const std::vector<AttributeSource>& sources, const Table& table, Node& to);
    void bind_event(const EventSource& source, const Table& table, bool is_plain, BoundEvent& to);
    void bind_others(Feed& feed);
    void bind_feed(const Section& section, const Table& table);
    void note_unused(const Table& table, std::size_t first_feed);

    void assign_rows(records::Reader& to, Feed& feed);
    void sort_rows(Feed& feed);
    void reject(records::Reader& to, const Origin& at, std::string id, const Bad& bad);
    void add(records::Reader& to, const std::string& id);
    void make_case(records::Reader& to, std::uint32_t who);
    void make_member(records::Reader& to, std::uint32_t who);
    void write_case_row(Feed& feed, std::span<const std::uint32_t> rows);
    void write_columns(Feed& feed, std::uint32_t who);
    void write_event(const Feed& feed, BoundEvent& event, std::uint32_t at);
    void write_persons(Feed& feed, std::span<const std::uint32_t> rows);
    void write_attributes(Node& attributes, std::vector<Bound>& merged, const Row& row) {
        attributes.write_children(builder, row);
        for (Bound& each : merged) each.merge(builder, row);
    }
};

}  // namespace duecare::tables
