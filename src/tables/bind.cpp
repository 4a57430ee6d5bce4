// The columns of tables, found for the fields of a mapping.
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "tables/feed.hpp"

namespace duecare::tables {

namespace {

void names_of(const BoundEvent& event, std::vector<std::string>& to) {
    for (const Bound* each : {&event.type, &event.occurred, &event.recorded, &event.id, &event.replaces,
                              &event.withdrawn, &event.subjects, &event.actor.id, &event.actor.rank,
                              &event.actor.unit, &event.actor.accreditations}) {
        each->names(to);
    }
    event.attributes.names(to);
    for (const Bound& each : event.merged) each.names(to);
}

/// The columns that a feed reads; of parts of a structure ("actor.rank") the structure too.
void names_of(const Feed& feed, std::vector<std::string>& to) {
    for (const Bound* each : {&feed.case_id, &feed.id, &feed.kind, &feed.born, &feed.roles, &feed.from,
                              &feed.until, &feed.rank, &feed.unit, &feed.accreditations}) {
        each->names(to);
    }
    names_of(feed.event, to);
    for (const BoundEvent& event : feed.events) names_of(event, to);
    feed.attributes.names(to);
    for (const Bound& each : feed.merged) each.names(to);
    for (std::size_t i = 0, size = to.size(); i < size; ++i) {
        const std::size_t dot = to[i].find('.');
        if (dot != std::string::npos) to.push_back(to[i].substr(0, dot));
    }
}

}  // namespace

void Import::Impl::bind_attributes(const std::vector<AttributeSource>& sources, const Table& table,
                                   Node& to) {
    for (const AttributeSource& each : sources) {
        Node* node = &to;
        for (const std::string& key : each.path) node = &node->child(key);
        node->leaves.push_back(bind(each.source, table, false));
    }
}

void Import::Impl::bind_event(const EventSource& source, const Table& table, bool is_plain, BoundEvent& to) {
    to.type = bind(source.type, table, false);
    to.occurred = bind(source.occurred, table, false);
    to.recorded = bind(source.recorded, table, is_plain);
    to.id = bind(source.id, table, is_plain);
    to.replaces = bind(source.replaces, table, is_plain);
    to.withdrawn = bind(source.withdrawn, table, is_plain);
    to.subjects = bind(source.subjects, table, is_plain);
    to.actor.rank = bind(source.rank, table, false);
    to.actor.unit = bind(source.unit, table, false);
    to.actor.accreditations = bind(source.accreditations, table, false);
    bind_attributes(source.attributes, table, to.attributes);
    const auto column = find_column(table, source.actor.column);
    const bool is_structure = column && source.actor.is_given() && column->path.size() == 1 &&
                              table.schema.children[column->path[0]].type == Type::structure;
    if (!is_structure) {
        to.actor.id = bind(source.actor, table, is_plain);
        return;
    }
    const auto part = [&](const char* name, const Source& given) {
        if (given.is_given()) return bind(given, table, false);
        derived.push_back(std::make_unique<Source>());
        derived.back()->column = source.actor.column + "." + name;
        return bind(*derived.back(), table, true);
    };
    to.actor.id = part("id", {});
    to.actor.rank = part("rank", source.rank);
    to.actor.unit = part("unit", source.unit);
    to.actor.accreditations = part("accreditations", source.accreditations);
}

/// Columns that nothing names, as attributes: "home.town" is `town` in the object `home`; the columns of a
/// structure and the entries of a map called "attributes" are attributes themselves.
void Import::Impl::bind_others(Feed& feed) {
    std::vector<std::string> used;
    names_of(feed, used);
    const bool is_events = feed.section->role == Role::events;
    Node& to = is_events ? feed.event.attributes : feed.attributes;
    std::vector<Bound>& merged = is_events ? feed.event.merged : feed.merged;
    const auto bound_to = [&](std::vector<std::size_t> path, const std::string& name) {
        derived.push_back(std::make_unique<Source>());
        derived.back()->column = name;
        return Bound(*derived.back(), mapping, *feed.table, ColumnPath{name, std::move(path)});
    };
    const auto add = [&](const std::string& name, Bound bound) {
        Node* node = &to;
        std::string_view rest(name);
        for (;;) {
            const std::size_t dot = rest.find('.');
            node = &node->child(std::string(rest.substr(0, dot)));
            if (dot == std::string_view::npos) break;
            rest.remove_prefix(dot + 1);
        }
        node->leaves.push_back(std::move(bound));
    };
    const std::vector<Field>& columns = feed.table->schema.children;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Field& column = columns[i];
        if (std::find(used.begin(), used.end(), column.name) != used.end()) continue;
        if (column.name != "attributes") {
            add(column.name, bound_to({i}, column.name));
        } else if (column.type == Type::structure) {
            for (std::size_t k = 0; k < column.children.size(); ++k) {
                to.child(column.children[k].name)
                    .leaves.push_back(bound_to({i, k}, "attributes." + column.children[k].name));
            }
        } else {
            merged.push_back(bound_to({i}, column.name));
        }
    }
}

void Import::Impl::bind_feed(const Section& section, const Table& table) {
    auto made = std::make_unique<Feed>();
    Feed& feed = *made;
    feed.section = &section;
    feed.table = &table;
    const bool is_plain = section.others_are_attributes || section.role == Role::staff;
    feed.case_id = bind(section.case_id, table, false);
    feed.id = bind(section.id, table, false);
    feed.kind = bind(section.kind, table, is_plain);
    feed.born = bind(section.born, table, is_plain);
    feed.roles = bind(section.roles, table, is_plain);
    feed.from = bind(section.from, table, false);
    feed.until = bind(section.until, table, is_plain);
    feed.rank = bind(section.rank, table, is_plain);
    feed.unit = bind(section.unit, table, is_plain);
    feed.accreditations = bind(section.accreditations, table, is_plain);
    bind_attributes(section.attributes, table, feed.attributes);
    if (section.role == Role::events) bind_event(section.event, table, is_plain, feed.event);
    for (const EventSource& each : section.events) bind_event(each, table, false, feed.events.emplace_back());
    if (section.others_are_attributes) bind_others(feed);
    std::int64_t start = 0;
    for (const Batch& batch : table.batches) {
        feed.starts.push_back(start);
        start += batch.array().length;
    }
    if (start >= k_none)
        throw Error(Status::limit, "The table \"" + table.name + "\" has more than 2^32 - 1 rows.");
    feeds.push_back(std::move(made));
}

void Import::Impl::note_unused(const Table& table, std::size_t first_feed) {
    std::vector<std::string> used;
    for (std::size_t i = first_feed; i < feeds.size(); ++i) names_of(*feeds[i], used);
    for (const Field& column : table.schema.children) {
        const auto is_used = [&](const std::string& name) {
            return name == column.name || name.starts_with(column.name + ".");
        };
        if (std::none_of(used.begin(), used.end(), is_used))
            report.unused_columns[table.name].insert(column.name);
    }
}

Import::Import(Mapping mapping) : impl_(std::make_unique<Impl>(std::move(mapping))) {}
Import::~Import() = default;

const ImportReport& Import::report() const noexcept {
    return impl_->report;
}

void Import::add(std::string name, ArrowArrayStream& stream) {
    auto table = std::make_unique<Table>(read_table(std::move(name), stream));
    const std::size_t first = impl_->feeds.size();
    std::vector<std::string_view> known;
    for (const Section& section : impl_->mapping.sections) {
        if (section.table.empty() || section.table == table->name) impl_->bind_feed(section, *table);
        known.push_back(section.table);
    }
    if (impl_->feeds.size() == first) {
        throw Error(Status::data, "No section of the mapping is for a table \"" + table->name + "\"." +
                                      suggestion(table->name, known));
    }
    impl_->report.rows += static_cast<std::uint64_t>(table->rows);
    impl_->note_unused(*table, first);
    impl_->tables.push_back(std::move(table));
}

}  // namespace duecare::tables
