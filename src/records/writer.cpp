#include "records/writer.hpp"

#include "base/text.hpp"

namespace duecare::records {

namespace {

void append_stamp(std::string& out, const time::Stamp& stamp) {
    std::string text = time::format_instant(stamp.micros);
    constexpr std::size_t k_date = 10;
    if (stamp.precision == time::Precision::day) text.resize(k_date);
    if (stamp.precision == time::Precision::local) text.pop_back();  // the Z
    append_json_string(out, text);
}

void append_two_digits(std::string& out, int number) {
    out.push_back('-');
    if (number < 10) out.push_back('0');
    append_integer(out, number);
}

void append_born(std::string& out, const time::PartialDate& born) {
    std::string text = std::to_string(born.year);
    constexpr std::size_t k_year = 4;
    text.insert(0, k_year - text.size(), '0');
    if (born.month != 0) append_two_digits(text, born.month);
    if (born.day != 0) append_two_digits(text, born.day);
    append_json_string(out, text);
}

class Writer {
  public:
    Writer(std::string& out, const Caseload& caseload, const Case& of)
        : out_(out), caseload_(caseload), case_(of) {}

    void write() {
        out_.append("{\"format\":\"duecare.case/1\"");
        string("id", case_.id);
        string("kind", case_.kind);
        attributes(case_.attributes);
        out_.append(",\"persons\":[");
        for (std::uint32_t i = case_.persons.begin; i < case_.persons.end; ++i) {
            if (i != case_.persons.begin) out_.push_back(',');
            person(caseload_.persons[i]);
        }
        out_.append("],\"events\":[");
        for (std::uint32_t i = case_.events.begin; i < case_.events.end; ++i) {
            if (i != case_.events.begin) out_.push_back(',');
            event(i);
        }
        out_.append("]}");
    }

  private:
    void key(std::string_view name) {
        if (out_.back() != '{') out_.push_back(',');
        append_json_string(out_, name);
        out_.push_back(':');
    }
    /// A key with its value, unless there is none.
    void string(std::string_view name, StringId id) {
        if (id == k_no_string) return;
        key(name);
        text(id);
    }
    void text(StringId id) { append_json_string(out_, caseload_.strings.view(id)); }
    void strings(std::string_view name, const Column<StringId>& of, const Range& range) {
        key(name);
        out_.push_back('[');
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            if (i != range.begin) out_.push_back(',');
            text(of[i]);
        }
        out_.push_back(']');
    }

    void value(const Value& given) {
        switch (given.kind) {
            case ValueKind::boolean:
                out_.append(given.boolean ? "true" : "false");
                return;
            case ValueKind::integer:
                append_integer(out_, given.integer);
                return;
            case ValueKind::decimal:
                append_decimal(out_, given.decimal);
                return;
            case ValueKind::string:
                text(given.string);
                return;
            case ValueKind::list:
                out_.push_back('[');
                for (std::uint32_t i = 0; i < given.list.count; ++i) {
                    if (i != 0) out_.push_back(',');
                    value(caseload_.list_items[given.list.begin + i]);
                }
                out_.push_back(']');
                return;
            case ValueKind::null:
            case ValueKind::object:
                out_.append("null");
                return;
        }
    }

    void attributes(const Range& range) {
        if (range.size() == 0) return;
        key("attributes");
        object(range, k_root_path);
    }
    /// What stands right under `path`; depth is bounded by the reader's limit of nesting.
    void object(const Range& range, PathId path) {
        out_.push_back('{');
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            const Attribute& one = caseload_.attributes[i];
            if (one.path == k_root_path || caseload_.paths.parent(one.path) != path) continue;
            key(caseload_.strings.view(caseload_.paths.key(one.path)));
            if (one.kind == ValueKind::object) {
                object(range, one.path);
            } else {
                value(one.value());
            }
        }
        out_.push_back('}');
    }

    void person(const Person& one) {
        out_.push_back('{');
        string("id", one.id);
        if (one.roles.size() != 0) strings("roles", caseload_.person_roles, one.roles);
        if (one.born.year != 0) {
            key("born");
            append_born(out_, one.born);
        }
        attributes(one.attributes);
        out_.push_back('}');
    }

    void actor(const Actor& one) {
        key("actor");
        if (one.rank == k_no_string && one.unit == k_no_string && !one.has_accreditations &&
            one.id != k_no_string) {
            text(one.id);
            return;
        }
        out_.push_back('{');
        string("id", one.id);
        string("rank", one.rank);
        string("unit", one.unit);
        if (one.has_accreditations)
            strings("accreditations", caseload_.actor_accreditations, one.accreditations);
        out_.push_back('}');
    }

    void subjects(std::uint32_t event) {
        const Range range = caseload_.subjects_of_event(event);
        if (range.size() == 0) return;
        key("subjects");
        out_.push_back('[');
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            if (i != range.begin) out_.push_back(',');
            text(caseload_.persons[case_.persons.begin + caseload_.subjects[i]].id);
        }
        out_.push_back(']');
    }

    void correction(std::uint32_t event) {
        for (std::uint32_t i = case_.corrections.begin; i < case_.corrections.end; ++i) {
            const Correction& one = caseload_.corrections[i];
            if (one.by == event) string("replaces", caseload_.event_id[one.replaced]);
        }
        for (const OpenCorrection& one : caseload_.open_corrections) {
            if (one.by == event) string("replaces", one.replaced);
        }
        if ((caseload_.event_flags[event] & k_withdrawn) != 0) {
            key("withdrawn");
            out_.append("true");
        }
    }

    void event(std::uint32_t index) {
        out_.push_back('{');
        string("id", caseload_.event_id[index]);
        string("type", caseload_.event_type[index]);
        key("occurred_at");
        append_stamp(out_, caseload_.occurred(index));
        if (caseload_.recorded(index) != caseload_.occurred(index)) {
            key("recorded_at");
            append_stamp(out_, caseload_.recorded(index));
        }
        if (caseload_.event_actor[index] != k_no_actor) actor(caseload_.actors[caseload_.event_actor[index]]);
        subjects(index);
        correction(index);
        attributes(caseload_.attributes_of_event(index));
        out_.push_back('}');
    }

    std::string& out_;
    const Caseload& caseload_;
    const Case& case_;
};

}  // namespace

void append_case_json(std::string& out, const Caseload& caseload, std::uint32_t index) {
    Writer(out, caseload, caseload.cases[index]).write();
}

namespace {

void append_service(std::string& out, const Caseload& caseload, const Service& service) {
    out.append("{\"from\":");
    append_json_string(out, time::format_date(service.from));
    if (service.until <= time::k_last_day) {
        out.append(",\"until\":");
        append_json_string(out, time::format_date(service.until));
    }
    for (const auto& [key, id] :
         {std::pair{",\"rank\":", service.rank}, std::pair{",\"unit\":", service.unit}}) {
        if (id == k_no_string) continue;
        out.append(key);
        append_json_string(out, caseload.strings.view(id));
    }
    if (service.has_accreditations) {
        out.append(",\"accreditations\":[");
        for (std::uint32_t i = service.accreditations.begin; i < service.accreditations.end; ++i) {
            if (i != service.accreditations.begin) out.push_back(',');
            append_json_string(out, caseload.strings.view(caseload.service_accreditations[i]));
        }
        out.push_back(']');
    }
    out.push_back('}');
}

}  // namespace

void append_staff_json(std::string& out, const Caseload& caseload) {
    out.append("{\"format\":\"duecare.staff/1\",\"staff\":[");
    bool first = true;
    for (const auto& [id, services] : caseload.staff()) {
        if (!first) out.push_back(',');
        first = false;
        out.append("{\"id\":");
        append_json_string(out, caseload.strings.view(id));
        out.append(",\"service\":[");
        for (std::uint32_t i = services.begin; i < services.end; ++i) {
            if (i != services.begin) out.push_back(',');
            append_service(out, caseload, caseload.services[i]);
        }
        out.append("]}");
    }
    out.append("]}");
}

}  // namespace duecare::records
