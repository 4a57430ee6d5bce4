#include "tables/import.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "tables/feed.hpp"

namespace duecare::tables {

namespace {

/// Text that two rows agree in exactly when they say the same.
void append_cell(std::string& to, const Cell& cell) {
    to.push_back(static_cast<char>('0' + static_cast<int>(cell.kind)));
    if (cell.kind == Cell::Kind::text) {
        append_json_string(to, cell.text);
    } else if (cell.kind == Cell::Kind::decimal) {
        append_decimal(to, cell.decimal);
    } else {
        append_integer(to, cell.integer);
    }
}

void append_cells(std::string& to, const Node& node, const Row& row) {
    for (const Bound& leaf : node.leaves) append_cell(to, leaf.cell(row));
    for (const Node& each : node.children) append_cells(to, each, row);
}

/// The index behind "/events/" or "/persons/".
std::optional<std::size_t> index_in(std::string_view pointer, std::string_view list) {
    if (!pointer.starts_with(list)) return std::nullopt;
    pointer.remove_prefix(list.size());
    std::size_t index = 0;
    const auto read = std::from_chars(pointer.data(), pointer.data() + pointer.size(), index);
    return read.ec == std::errc() ? std::optional(index) : std::nullopt;
}

}  // namespace

void Import::Impl::assign_rows(records::Reader& to, Feed& feed) {
    const bool is_staff = feed.section->role == Role::staff;
    Bound& id = is_staff ? feed.id : feed.case_id;
    Ids& ids = is_staff ? staff : cases;
    const auto count = static_cast<std::uint32_t>(feed.table->rows);
    feed.owner.assign(count, k_none);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Row row = feed.row(i);
        try {
            if (feed.section->role == Role::events && feed.event.type.drops(row)) {
                ++report.dropped_rows;
                continue;
            }
            const auto name = id.text(row);
            if (!name || name->empty()) id.fail("it is empty, so that nobody knows whose row it is.");
            feed.owner[i] = ids.index(*name);
        } catch (const Bad& bad) {
            reject(to, {&feed, i}, {}, bad);
        }
    }
}

/// Sorts the rows by owner without changing the order of those of one owner.
void Import::Impl::sort_rows(Feed& feed) {
    const std::size_t owners = (feed.section->role == Role::staff ? staff : cases).size();
    feed.row_begin.assign(owners + 1, 0);
    for (const std::uint32_t who : feed.owner) {
        if (who != k_none) ++feed.row_begin[who + 1];
    }
    std::partial_sum(feed.row_begin.begin(), feed.row_begin.end(), feed.row_begin.begin());
    feed.rows.resize(feed.row_begin.back());
    std::vector<std::uint32_t> next(feed.row_begin.begin(), feed.row_begin.end() - 1);
    for (std::uint32_t i = 0; i < feed.owner.size(); ++i) {
        if (feed.owner[i] != k_none) feed.rows[next[feed.owner[i]]++] = i;
    }
    feed.owner = {};
}

void Import::Impl::reject(records::Reader& to, const Origin& at, std::string id, const Bad& bad) {
    std::string reason = "Data row " + std::to_string(at.row + std::uint64_t{1});
    if (!bad.column.empty()) reason += ", column \"" + bad.column + "\"";
    to.reject({at.feed->table->name, at.row + std::uint64_t{1}, 0, std::move(id)},
              reason + ": " + bad.reason);
}

/// Commits the document; the reject, if it is one, gets the row that its pointer is about.
void Import::Impl::add(records::Reader& to, const std::string& id) {
    const auto position = static_cast<std::uint32_t>(to.report().cases + 1);
    const records::Tape& tape = builder.finish();
    const auto locate = [&](const std::string& pointer) {
        const auto event = index_in(pointer, "/events/");
        if (event && *event < event_origin.size()) return event_origin[*event];
        const auto person = index_in(pointer, "/persons/");
        if (person && *person < person_origin.size()) return person_origin[*person];
        return here;
    };
    to.add(tape, {here.feed->table->name, here.row + std::uint64_t{1}, position, id},
           [&](records::Reject& rejected) {
               const Origin at = locate(rejected.pointer);
               rejected.source = at.feed->table->name;
               rejected.line = at.row + std::uint64_t{1};
               rejected.reason = "Data row " + std::to_string(rejected.line) + ": " + rejected.reason;
           });
}

void Import::Impl::write_event(const Feed& feed, BoundEvent& event, std::uint32_t at) {
    const Row row = feed.row(at);
    here = {&feed, at};
    const auto type = event.type.text(row);
    if (!type) event.type.fail("it is empty; an event needs a type.");
    const std::string word(*type);
    const auto occurred = event.occurred.stamp(row);
    if (!occurred) event.occurred.fail("it is empty; an event needs an instant.");
    builder.add_event(word, *occurred);
    event_origin.push_back(here);
    if (const auto id = event.id.text(row)) builder.set_event_id(*id);
    if (const auto recorded = event.recorded.stamp(row)) builder.set_recorded(*recorded);
    if (const auto id = event.actor.id.text(row)) builder.set_actor(*id);
    if (const auto rank = event.actor.rank.text(row)) builder.set_rank(*rank);
    if (const auto unit = event.actor.unit.text(row)) builder.set_unit(*unit);
    if (event.actor.accreditations.cell(row).kind != Cell::Kind::null) {
        builder.no_accreditations();
        event.actor.accreditations.each_text(row,
                                             [&](std::string_view each) { builder.add_accreditation(each); });
    }
    event.subjects.each_text(row, [&](std::string_view each) {
        builder.add_subject(each);
        if (collects_persons && std::find(persons.begin(), persons.end(), each) == persons.end())
            persons.emplace_back(each);
    });
    if (const auto replaces = event.replaces.text(row)) builder.set_replaces(*replaces);
    if (const auto withdrawn = event.withdrawn.truth(row)) builder.set_withdrawn(*withdrawn);
    write_attributes(event.attributes, event.merged, row);
}

/// What the rows of one case say of it must be the same in all of them.
void Import::Impl::write_case_row(Feed& feed, std::span<const std::uint32_t> rows) {
    std::string first;
    for (const std::uint32_t at : rows) {
        const Row row = feed.row(at);
        here = {&feed, at};
        std::string said;
        append_cell(said, feed.kind.cell(row));
        append_cells(said, feed.attributes, row);
        if (at == rows.front()) {
            first = said;
            if (const auto kind = feed.kind.text(row)) builder.set_kind(*kind);
            write_attributes(feed.attributes, feed.merged, row);
        } else if (said != first) {
            throw Bad{
                {},
                "it says something else of this case than row " + std::to_string(rows.front() + 1U) + "."};
        }
    }
}

void Import::Impl::write_persons(Feed& feed, std::span<const std::uint32_t> rows) {
    std::map<std::string, std::pair<std::string, std::uint32_t>, std::less<>> seen;
    for (const std::uint32_t at : rows) {
        const Row row = feed.row(at);
        here = {&feed, at};
        const auto id = feed.id.text(row);
        if (!id && feed.section->is_shared) continue;  // a row of events that concerns nobody
        if (!id) feed.id.fail("it is empty; a person needs an id.");
        const std::string name(*id);
        std::string said;
        append_cell(said, feed.born.cell(row));
        feed.roles.each_text(row, [&](std::string_view role) { append_json_string(said, role); });
        append_cells(said, feed.attributes, row);
        const auto [found, added] = seen.try_emplace(name, said, at);
        if (!added && found->second.first == said) continue;
        if (!added) {
            throw Bad{feed.id.name(), "it says something else of this person than row " +
                                          std::to_string(found->second.second + 1U) + "."};
        }
        builder.add_person(name);
        person_origin.push_back(here);
        if (const auto born = feed.born.born(row)) builder.set_born(*born);
        feed.roles.each_text(row, [&](std::string_view role) { builder.add_role(role); });
        write_attributes(feed.attributes, feed.merged, row);
    }
}

void Import::Impl::make_case(records::Reader& to, std::uint32_t who) {
    const std::string& id = cases.name(who);
    event_origin.clear();
    person_origin.clear();
    persons.clear();
    here = {};
    builder.begin_case(id);
    try {
        for (const Role role : {Role::cases, Role::events, Role::persons}) {
            for (const auto& feed : feeds) {
                const auto rows =
                    feed->section->role == role ? feed->rows_of(who) : std::span<const std::uint32_t>();
                if (rows.empty()) continue;
                if (role == Role::cases) write_case_row(*feed, rows);
                if (role == Role::persons) write_persons(*feed, rows);
                if (role == Role::events) {
                    for (const std::uint32_t at : rows) write_event(*feed, feed->event, at);
                }
            }
        }
        for (const auto& feed : feeds) write_columns(*feed, who);
        for (const std::string& person : persons) {
            builder.add_person(person);
            person_origin.push_back(here);
        }
    } catch (const Bad& bad) {
        return reject(to, here, id, bad);
    }
    add(to, id);
}

/// The columns of a row of cases that are events by themselves: "opened", "closed".
void Import::Impl::write_columns(Feed& feed, std::uint32_t who) {
    if (feed.events.empty()) return;
    const auto rows = feed.rows_of(who);
    std::vector<std::string> written;
    for (const std::uint32_t at : rows) {
        for (std::size_t i = 0; i < feed.events.size(); ++i) {
            here = {&feed, at};
            const auto occurred = feed.events[i].occurred.stamp(feed.row(at));
            if (!occurred) continue;
            std::string said = std::to_string(i) + "@" + std::to_string(occurred->micros);
            if (std::find(written.begin(), written.end(), said) != written.end()) continue;
            write_event(feed, feed.events[i], at);
            written.push_back(std::move(said));
        }
    }
}

void Import::Impl::make_member(records::Reader& to, std::uint32_t who) {
    const std::string& id = staff.name(who);
    here = {};
    event_origin.clear();
    person_origin.clear();
    builder.begin_staff();
    builder.add_member(id);
    try {
        for (const auto& feed : feeds) {
            if (feed->section->role != Role::staff) continue;
            for (const std::uint32_t at : feed->rows_of(who)) {
                const Row row = feed->row(at);
                here = {feed.get(), at};
                const auto day = [&](Bound& bound, time::Day otherwise) {
                    const auto stamp = bound.stamp(row);
                    if (!stamp) return otherwise;
                    const std::int64_t past = stamp->micros % time::k_micros_per_day;
                    return static_cast<time::Day>(stamp->micros / time::k_micros_per_day -
                                                  (past < 0 ? 1 : 0));
                };
                builder.add_service(day(feed->from, time::k_first_day),
                                    day(feed->until, time::k_last_day + 1));
                if (const auto rank = feed->rank.text(row)) builder.set_rank(*rank);
                if (const auto unit = feed->unit.text(row)) builder.set_unit(*unit);
                if (feed->accreditations.cell(row).kind == Cell::Kind::null) continue;
                builder.no_accreditations();
                feed->accreditations.each_text(
                    row, [&](std::string_view each) { builder.add_accreditation(each); });
            }
        }
    } catch (const Bad& bad) {
        return reject(to, here, {}, bad);
    }
    add(to, {});
}

void Import::commit(records::Reader& to) {
    Impl& impl = *impl_;
    impl.collects_persons = std::none_of(impl.feeds.begin(), impl.feeds.end(), [](const auto& feed) {
        return feed->section->role == Role::persons;
    });
    for (const Role role : {Role::staff, Role::cases, Role::events, Role::persons}) {
        for (const auto& feed : impl.feeds) {
            if (feed->section->role == role) impl.assign_rows(to, *feed);
        }
    }
    for (const auto& feed : impl.feeds) impl.sort_rows(*feed);
    for (std::uint32_t i = 0; i < impl.staff.size(); ++i) impl.make_member(to, i);
    for (std::uint32_t i = 0; i < impl.cases.size(); ++i) impl.make_case(to, i);
    impl.feeds.clear();
    impl.tables.clear();
}

}  // namespace duecare::tables
