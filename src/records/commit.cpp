// The second half of the handler: what only a whole document shows (subjects, corrections, ids given twice),
// and taking it into the caseload.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "records/handler.hpp"

namespace duecare::records {

namespace {

/// Up to here a look through all ids is faster than sorting them.
constexpr std::size_t k_few = 16;

std::string place(std::string_view list, std::size_t index, std::string_view key) {
    std::string pointer;
    append_pointer(pointer, list);
    append_pointer(pointer, index);
    if (!key.empty()) append_pointer(pointer, key);
    return pointer;
}

}  // namespace

void Handler::check_sizes() const {
    constexpr std::size_t k_most = k_no_string - 1;
    if (into_.event_count() < k_most && into_.attributes.size() < k_most &&
        into_.list_items.size() < k_most && into_.subjects.size() < k_most && into_.persons.size() < k_most &&
        into_.actors.size() < k_most && into_.person_roles.size() < k_most &&
        into_.actor_accreditations.size() < k_most) {
        return;
    }
    throw Error(Status::limit,
                "The caseload is full (2^32 events, attributes or persons). Read it in parts.");
}

bool Handler::commit(std::uint32_t document, ReadReport& report, const std::string& source,
                     std::uint64_t line) {
    check_sizes();
    into_.make_room();
    const bool is_staff = kind_ == DocumentKind::staff;
    if (!(is_staff ? commit_staff() : commit_case(document))) return false;
    report.events += into_.event_count() - marks_.events;
    ++(is_staff ? report.staff_documents : report.cases);
    if (unknown_pending_) commit_unknown_keys(report, source, line);
    return true;
}

void Handler::commit_unknown_keys(ReadReport& report, const std::string& source, std::uint64_t line) {
    for (UnknownEntry& entry : unknown_) {
        if (entry.pending == 0) continue;
        const std::string_view key = into_.strings.view(entry.key);
        if (entry.reported == nullptr) {
            const std::string path =
                std::string(record_name(entry.record, entry.kind)) + "." + std::string(key);
            entry.reported = &report.unknown_keys[path];
            entry.reported->source = source;
            entry.reported->line = line;
            entry.reported->pointer = std::move(entry.pointer);
            entry.reported->near_name = nearest_name(key, known_keys(entry.record, entry.kind));
        }
        entry.reported->count += entry.pending;
        entry.pending = 0;
    }
    unknown_pending_ = false;
}

std::optional<std::uint32_t> Handler::index_ids() {
    if (index_.size() <= k_few) {
        for (std::size_t i = 1; i < index_.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (index_[j].id == index_[i].id) return index_[i].index;
            }
        }
        return std::nullopt;
    }
    std::sort(index_.begin(), index_.end(), [](const Indexed& a, const Indexed& b) {
        return a.id != b.id ? a.id < b.id : a.index < b.index;
    });
    std::optional<std::uint32_t> first;
    for (std::size_t i = 1; i < index_.size(); ++i) {
        if (index_[i - 1].id == index_[i].id && (!first || index_[i].index < *first)) first = index_[i].index;
    }
    return first;
}

std::uint32_t Handler::indexed(StringId id) const noexcept {
    if (index_.size() <= k_few) {
        for (const Indexed& entry : index_) {
            if (entry.id == id) return entry.index;
        }
        return k_no_string;
    }
    const auto at = std::lower_bound(index_.begin(), index_.end(), id,
                                     [](const Indexed& entry, StringId wanted) { return entry.id < wanted; });
    return at != index_.end() && at->id == id ? at->index : k_no_string;
}

bool Handler::commit_case(std::uint32_t document) {
    Case made = case_;
    made.document = document;
    made.persons = {size32(marks_.persons), size32(into_.persons.size())};
    made.events = {size32(marks_.events), size32(into_.event_count())};
    if (made.kind == k_no_string) made.kind = into_.strings.intern("investigation");
    if (!case_id_is_new_ && into_.find_case(made.id)) {
        return refuse("/id", "The case id \"" + std::string(into_.strings.view(made.id)) +
                                 "\" is that of a case read before; every case needs its own.");
    }
    if (!check_persons(made) || !resolve_subjects(made) || !check_events(made) ||
        !resolve_replacements(made)) {
        return false;
    }
    made.corrections = {size32(marks_.corrections), size32(into_.corrections.size())};
    judge_order(made);
    into_.cases.push_back(made);  // before the index, which a roll back does not reach
    into_.index_case(made.id, size32(into_.cases.size() - 1));
    return true;
}

bool Handler::check_persons(const Case& made) {
    index_.clear();
    for (std::uint32_t i = 0; i < made.persons.size(); ++i) {
        index_.push_back({into_.persons[made.persons.begin + i].id, i});
    }
    const auto twice = index_ids();
    if (!twice) return true;
    const StringId id = into_.persons[made.persons.begin + *twice].id;
    return refuse(place("persons", *twice, "id"),
                  "The person id \"" + std::string(into_.strings.view(id)) + "\" stands twice in this case.");
}

bool Handler::resolve_subjects(const Case& made) {
    // index_ holds the persons of the case. Until here `subjects` holds their ids instead of indices.
    if (into_.subjects.size() == marks_.subjects) return true;
    person_event_.assign(made.persons.size(), k_no_string);
    std::uint32_t to = size32(marks_.subjects);
    for (std::uint32_t event = made.events.begin; event < made.events.end; ++event) {
        // event_subjects[event] has been moved already, to the end of the event before.
        const std::uint32_t begin = event == made.events.begin ? to : subjects_read_;
        const std::uint32_t end = into_.event_subjects[event + 1];
        subjects_read_ = end;
        for (std::uint32_t i = begin; i < end; ++i) {
            const std::uint32_t person = indexed(into_.subjects[i]);
            if (person == k_no_string) {
                std::string pointer = place("events", event - made.events.begin, "subjects");
                append_pointer(pointer, i - std::size_t{begin});
                return refuse(std::move(pointer), "The subject \"" +
                                                      std::string(into_.strings.view(into_.subjects[i])) +
                                                      "\" is no person of this case.");
            }
            if (person_event_[person] == event) continue;  // named twice: concerned once
            person_event_[person] = event;
            into_.subjects[to++] = person;
        }
        into_.event_subjects[event + 1] = to;
    }
    into_.subjects.resize(to);
    return true;
}

bool Handler::check_events(const Case& made) {
    index_.clear();
    for (std::uint32_t i = 0; i < made.events.size(); ++i) {
        index_.push_back({into_.event_id[made.events.begin + i], i});
    }
    const auto twice = index_ids();
    if (!twice) return true;
    const std::string id(into_.strings.view(into_.event_id[made.events.begin + *twice]));
    const bool by_position = id == positional_name(*twice);
    return refuse(
        place("events", *twice, by_position ? "" : "id"),
        "The event id \"" + id + "\" stands twice in this case" +
            (id.starts_with('#') ? " (an event without id is called \"#\" and its position)." : "."));
}

bool Handler::resolve_replacements(const Case& made) {
    for (const Replacement& entry : replacements_) {
        const std::uint32_t replaced = indexed(entry.replaced);
        if (replaced == k_no_string && options_.open_corrections) {
            into_.open_corrections.push_back({made.events.begin + entry.by, entry.replaced});
            continue;
        }
        if (replaced == k_no_string || replaced == entry.by) {
            const std::string id(into_.strings.view(entry.replaced));
            return refuse(place("events", entry.by, "replaces"),
                          replaced == entry.by
                              ? "The event \"" + id + "\" says that it replaces itself."
                              : "\"replaces\" names \"" + id + "\", which is no event of this case.");
        }
        into_.corrections.push_back({made.events.begin + entry.by, made.events.begin + replaced});
    }
    return true;
}

void Handler::judge_order(Case& made) const {
    constexpr unsigned k_precisions = unsigned{k_occurred_precision} | k_recorded_precision;
    for (std::uint32_t i = made.events.begin; i < made.events.end; ++i) {
        if ((into_.event_flags[i] & k_precisions) != 0) {
            made.all_exact = made.in_order = false;
            return;
        }
    }
    for (std::uint32_t i = made.events.begin + 1; i < made.events.end; ++i) {
        const std::uint32_t before = i - 1;
        if (into_.event_occurred[before] != into_.event_occurred[i]) {
            if (into_.event_occurred[before] < into_.event_occurred[i]) continue;
        } else if (into_.event_recorded[before] != into_.event_recorded[i]) {
            if (into_.event_recorded[before] < into_.event_recorded[i]) continue;
        } else if (into_.strings.view(into_.event_id[before]) < into_.strings.view(into_.event_id[i])) {
            continue;
        }
        made.in_order = false;
        return;
    }
}

bool Handler::commit_staff() {
    index_.clear();
    for (std::size_t i = 0; i < members_.size(); ++i) index_.push_back({members_[i].id, size32(i)});
    const auto twice = index_ids();
    if (twice) {
        return refuse(place("staff", *twice, "id"),
                      "The staff id \"" + std::string(into_.strings.view(members_[*twice].id)) +
                          "\" stands twice in this register; put all service into one entry.");
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (into_.has_staff(members_[i].id)) {
            return refuse(place("staff", i, "id"),
                          "The staff id \"" + std::string(into_.strings.view(members_[i].id)) +
                              "\" was given by a register read before; one entry a person was expected.");
        }
        if (!check_services(i)) return false;
    }
    for (const Member& member : members_) into_.add_staff(member.id, member.services);
    return true;
}

bool Handler::check_services(std::size_t member) {
    const Range range = members_[member].services;
    index_.clear();
    for (std::uint32_t i = 0; i < range.size(); ++i) index_.push_back({0, i});
    const auto service = [&](std::uint32_t i) -> const Service& { return into_.services[range.begin + i]; };
    std::sort(index_.begin(), index_.end(), [&](const Indexed& a, const Indexed& b) {
        return service(a.index).from != service(b.index).from ? service(a.index).from < service(b.index).from
                                                              : a.index < b.index;
    });
    std::uint32_t latest = k_no_string;  // the entry so far that holds longest
    for (const Indexed& entry : index_) {
        const Service& here = service(entry.index);
        if (here.from == here.until) continue;  // holds on no day
        if (latest != k_no_string && here.from < service(latest).until) {
            std::string pointer = place("staff", member, "service");
            append_pointer(pointer, std::size_t{std::max(entry.index, latest)});
            return refuse(std::move(pointer), "Two entries of service of \"" +
                                                  std::string(into_.strings.view(members_[member].id)) +
                                                  "\" hold on " + time::format_date(here.from) +
                                                  "; what the person was then must be one thing.");
        }
        latest = entry.index;
    }
    return true;
}

}  // namespace duecare::records
