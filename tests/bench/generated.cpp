#include "generated.hpp"

#include <array>
#include <string_view>

#include "base/text.hpp"
#include "time/instant.hpp"

namespace duecare::bench {

namespace {

constexpr std::size_t k_officers = 400;

/// Knuth's MMIX generator; the high bits are the good ones.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t bound) {
        state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return static_cast<std::size_t>((state_ >> 33U) % bound);
    }
    template <std::size_t N>
    std::string_view pick(const std::array<std::string_view, N>& from) {
        return from[below(N)];
    }

  private:
    std::uint64_t state_;
};

constexpr std::array<std::string_view, 4> k_units = {"CAIT", "Response", "MASH", "Neighbourhood"};
constexpr std::array<std::string_view, 4> k_offences = {"neglect", "assault", "exploitation", "missing"};
constexpr std::array<std::string_view, 4> k_sources = {"school", "health visitor", "relative", "999 call"};
constexpr std::array<std::string_view, 3> k_grades = {"high", "medium", "standard"};
constexpr std::array<std::string_view, 3> k_ranks = {"constable", "sergeant", "inspector"};
constexpr std::array<std::string_view, 4> k_notes = {
    "Spoke with the duty worker; the strategy discussion is arranged and the family has been told.",
    "No reply at the address. Neighbour says that the family is away until the weekend; a further visit is "
    "due.",
    "Child seen alone and well, wishes recorded. Home conditions are as described in the last visit.",
    "Reviewed the plan: two actions are late and have been given to the officer in the case with new dates."};

class Writer {
  public:
    Writer(std::string& out, Random& random) : out_(out), random_(random) {}

    void staff() {
        out_ += R"({"format": "duecare.staff/1", "staff": [)";
        for (std::size_t i = 0; i < k_officers; ++i) {
            out_ += i == 0 ? R"({"id": ")" : R"(, {"id": ")";
            officer(i);
            out_ +=
                R"(", "service": [{"from": "2015-04-01", "until": "2021-06-01", "rank": "constable", "unit": ")";
            out_ += random_.pick(k_units);
            out_ += R"("}, {"from": "2021-06-01", "rank": ")";
            out_ += random_.pick(k_ranks);
            out_ += R"(", "unit": "CAIT", "accreditations": ["PIP1", "SCAIDP"]}]})";
        }
        out_ += "]}\n";
    }

    void history(std::size_t number) {
        at_ = 1'600'000'000 * time::k_micros_per_second +
              static_cast<std::int64_t>(random_.below(90'000'000)) * time::k_micros_per_second;
        events_ = 0;
        number_ = number;
        out_ += R"({"format": "duecare.case/1", "id": "WP-)";
        append_integer(out_, static_cast<std::int64_t>(number));
        out_ += R"(", "attributes": {"unit": ")";
        out_ += random_.pick(k_units);
        out_ += R"(", "offence": ")";
        out_ += random_.pick(k_offences);
        out_ += R"("}, "persons": [)";
        persons(number);
        out_ += R"(], "events": [)";
        story();
        out_ += "]}\n";
    }

  private:
    void officer(std::size_t i) {
        out_ += "pc-";
        append_integer(out_, static_cast<std::int64_t>(1000 + i));
    }

    void persons(std::size_t number) {
        person_count_ = 1 + random_.below(3);
        for (std::size_t i = 0; i < person_count_; ++i) {
            out_ += i == 0 ? R"({"id": "N)" : R"(, {"id": "N)";
            append_integer(out_, static_cast<std::int64_t>(number * 3 + i));
            out_ += i == 0 ? R"(", "roles": ["child", "victim"], "born": "20)"
                           : R"(", "roles": ["parent"], "born": "19)";
            append_integer(
                out_, static_cast<std::int64_t>(10 + (i == 0 ? random_.below(10) : 70 + random_.below(20))));
            out_ += "-0";
            append_integer(out_, static_cast<std::int64_t>(1 + random_.below(9)));
            out_ += R"(-15"})";
        }
    }

    void story() {
        event("report.received");
        field("source", random_.pick(k_sources));
        close();
        event("case.allocated");
        close();
        const std::size_t rounds = 2 + random_.below(3);
        for (std::size_t i = 0; i < rounds; ++i) {
            event("risk.assessed");
            field("grade", random_.pick(k_grades));
            close();
            event("child.seen");
            field("alone", random_.below(4) != 0);
            field("note", random_.pick(k_notes));
            close();
            event("review.supervisor");
            field("note", random_.pick(k_notes));
            close();
        }
        event("case.closed");
        field("outcome", std::string_view("no further action"));
        close();
    }

    void event(std::string_view type) {
        out_ += events_++ == 0 ? R"({"id": "e)" : R"(, {"id": "e)";
        append_integer(out_, static_cast<std::int64_t>(events_));
        out_ += R"(", "type": ")";
        out_ += type;
        out_ += R"(", "occurred_at": ")";
        at_ += static_cast<std::int64_t>(1 + random_.below(400'000)) * time::k_micros_per_second;
        time::append_instant(out_, at_);
        out_ += R"(", "recorded_at": ")";
        time::append_instant(
            out_, at_ + static_cast<std::int64_t>(random_.below(7200)) * time::k_micros_per_second);
        out_ += R"(", "actor": ")";
        officer(random_.below(k_officers));
        out_ += '"';
        if (random_.below(3) == 0) {
            out_ += R"(, "subjects": ["N)";
            append_integer(out_, static_cast<std::int64_t>(number_ * 3));
            out_ += R"("])";
        }
        fields_ = 0;
    }

    void key(std::string_view name) {
        out_ += fields_++ == 0 ? R"(, "attributes": {")" : R"(, ")";
        out_ += name;
        out_ += R"(": )";
    }
    void field(std::string_view name, std::string_view value) {
        key(name);
        append_json_string(out_, value);
    }
    void field(std::string_view name, bool value) {
        key(name);
        out_ += value ? "true" : "false";
    }
    void close() { out_ += fields_ == 0 ? "}" : "}}"; }

    std::string& out_;
    Random& random_;
    std::int64_t at_ = 0;
    std::size_t events_ = 0;
    std::size_t fields_ = 0;
    std::size_t person_count_ = 0;
    std::size_t number_ = 0;
};

}  // namespace

std::string generate_caseload(std::size_t cases, std::uint64_t seed) {
    std::string out;
    Random random(seed);
    Writer writer(out, random);
    writer.staff();
    for (std::size_t i = 0; i < cases; ++i) writer.history(i);
    return out;
}

}  // namespace duecare::bench
