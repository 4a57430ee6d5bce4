#include "sampling/methods.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/inputs.hpp"
#include "sampling/sampford.hpp"
#include "sampling/sample.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

const std::vector<std::string_view> k_ops{
    "ticket",         "srs",      "stratified", "systematic", "poisson",     "pareto", "sequential_poisson",
    "pps_systematic", "sampford", "extend",     "replace",    "frame_digest"};

/// A number beyond 64 bits is a text here, which calculate() writes as a number.
json::value whole(const Integer& number) {
    if (number <= std::numeric_limits<std::uint64_t>::max()) return number.convert_to<std::uint64_t>();
    return json::value(number.str());
}

template <typename Numbers>
json::array indices(const Numbers& numbers) {
    json::array out;
    for (const auto number : numbers) out.push_back(static_cast<std::int64_t>(number));
    return out;
}

json::array doubles(const std::vector<double>& numbers) {
    return json::array(numbers.begin(), numbers.end());
}

void refuse(std::string_view key, const std::string& message) {
    Inputs::refuse(key, message);
}

// ---- ticket_draw -----------------------------------------------------------------------------------------

json::object ticket(const Inputs& in) {
    const TicketMaker maker(in.text("seed"));
    const std::string id = in.text("id");
    require_id(id, "The ticket");
    const Ticket made = maker.of(id);
    return {{"ticket_hex", to_hex(made)},
            {"prn_top53", static_cast<std::int64_t>(top53(made))},
            {"prn", prn(made)}};
}

void push(Frame& frame, const json::value& value, std::string_view at) {
    if (!value.is_object()) refuse(at, "A unit of a frame is an object with an id.");
    const Inputs unit(value.get_object());
    std::optional<std::int64_t> size;
    if (unit.has("size")) {
        const json::value& given = unit.at("size");
        size = given.is_int64() ? given.get_int64() : scale({unit.decimal("size")}, at).numbers[0];
        if (!given.is_int64() && unit.decimal("size").num % unit.decimal("size").den != 0)
            refuse(at, "Sizes are whole numbers; scale money to its smallest coin.");
    }
    frame.push(unit.text("id"), unit.text_or("stratum", ""), size);
}

json::object frame_digest(const Inputs& in) {
    Frame frame;
    const json::value& units = in.at("frame");
    if (!units.is_array()) refuse("frame", "Expected is a list of units.");
    for (const json::value& unit : units.get_array()) push(frame, unit, "frame");
    frame.finish();
    return {{"digest", frame.digest()},
            {"order_digest", frame.order_digest()},
            {"N", static_cast<std::int64_t>(frame.count())}};
}

/// Units with their strata: a list of ids, or an object of lists by stratum.
std::shared_ptr<const Frame> read_frame(const Inputs& in) {
    auto frame = std::make_shared<Frame>();
    if (in.has("strata") && in.at("strata").is_object()) {
        const json::object& strata = in.at("strata").get_object();
        for (const auto& [name, ids] : strata) {
            const std::string_view stratum(name);
            for (const std::string& id : Inputs(strata).texts(stratum)) frame->push(id, stratum, {});
        }
    } else {
        const std::vector<std::string> ids = in.texts("ids");
        std::vector<std::string> strata(ids.size());
        if (in.has("strata")) strata = in.texts("strata");
        std::vector<std::uint64_t> sizes;
        if (in.has("sizes")) sizes = scale(in.decimals("sizes"), "/sizes").numbers;
        if (strata.size() != ids.size()) refuse("strata", "There are not as many strata as ids.");
        if (in.has("sizes") && sizes.size() != ids.size())
            refuse("sizes", "There are not as many sizes as ids.");
        for (std::size_t i = 0; i < ids.size(); ++i) {
            frame->push(ids[i], strata[i],
                        sizes.empty() ? std::nullopt : std::optional(static_cast<std::int64_t>(sizes[i])));
        }
    }
    frame->finish();
    return frame;
}

Takes read_takes(const Inputs& in, std::string_view key) {
    Takes out;
    const json::value& value = in.at(key);
    if (!value.is_object()) {
        out.whole = Take{Take::Kind::count, in.count(key), {}, 0};
        return out;
    }
    const Inputs numbers(value.get_object());
    for (const auto& [name, number] : value.get_object())
        out.strata.emplace_back(name, Take{Take::Kind::count, numbers.count(name), {}, 0});
    return out;
}

std::string as_json(const Inputs& in, std::string_view key) {
    json::object out;
    out[in.at(key).is_object() ? "n_h" : "n"] = in.at(key);
    return json::serialize(out);
}

std::set<std::string, std::less<>> listed_out_of_scope(const Inputs& in) {
    if (!in.has("out_of_scope")) return {};
    const std::vector<std::string> ids = in.texts("out_of_scope");
    return {ids.begin(), ids.end()};
}

/// A draw as the parameters say, with what is out of scope left out.
class Drawing {
  public:
    Drawing(const Inputs& in, Design design, std::string_view n)
        : out_of_scope_(listed_out_of_scope(in)),
          sample_(read_frame(in), plan(in, design, n), in.text("seed"), "") {
        skip();
    }

    void extend(const std::string& takes) {
        sample_.extend(takes, "-");
        skip();
    }

    /// Ids by stratum, or of the whole frame, that `wanted` is true of.
    template <typename Wanted>
    [[nodiscard]] json::value ids(Wanted wanted) const {
        json::object by_stratum;
        json::array all;
        for (const GroupSample& group : sample_.groups()) {
            json::array here;
            for (const Drawn& drawn : group.drawn)
                if (wanted(drawn)) here.emplace_back(sample_.frame().id(drawn.unit));
            if (sample_.plan().takes.whole) {
                all = std::move(here);
            } else {
                by_stratum[group.group.name] = std::move(here);
            }
        }
        if (sample_.plan().takes.whole) return all;
        return by_stratum;
    }

    [[nodiscard]] json::array not_covered() const {
        json::array out;
        for (const GroupSample& group : sample_.groups())
            for (const Unit unit : group.not_covered) out.emplace_back(sample_.frame().id(unit));
        return out;
    }

    [[nodiscard]] const Sample& sample() const noexcept { return sample_; }

  private:
    static Plan plan(const Inputs& in, Design design, std::string_view n) {
        Plan out;
        out.design = design;
        out.takes = read_takes(in, n);
        if (in.has("start")) out.start = in.decimal("start");
        if (out.start.num >= out.start.den) refuse("start", "A start is from 0 to below 1.");
        return out;
    }

    void skip() {
        for (bool found = true; found;) {
            found = false;
            for (const GroupSample& group : sample_.groups()) {
                const auto at = std::find_if(group.drawn.begin(), group.drawn.end(), [&](const Drawn& drawn) {
                    return drawn.in_scope && out_of_scope_.contains(sample_.frame().id(drawn.unit));
                });
                if (at == group.drawn.end()) continue;
                sample_.mark_out_of_scope(sample_.frame().id(at->unit), "out of scope");
                found = true;
                break;
            }
        }
    }

    std::set<std::string, std::less<>> out_of_scope_;
    Sample sample_;
};

Design design_of(std::string_view name, std::string_view key) {
    for (int i = 0; i <= static_cast<int>(Design::sampford); ++i)
        if (name_of(static_cast<Design>(i)) == name) return static_cast<Design>(i);
    Inputs::refuse(key, "There is no design \"" + std::string(name) + "\".");
}

json::object drawn(const Inputs& in, Design design) {
    const std::string_view n = in.has("n_h") ? "n_h" : "n";
    const Drawing drawing(in, design, n);
    json::object out;
    out["selected"] = drawing.ids([](const Drawn& unit) { return unit.in_scope; });
    if (in.has("out_of_scope"))
        out["skipped"] = drawing.ids([](const Drawn& unit) { return !unit.in_scope; });
    if (needs_sizes(design) || design == Design::poisson) {
        out["certainty"] = drawing.ids([](const Drawn& unit) { return unit.certainty; });
        out["not_covered"] = drawing.not_covered();
    }
    if (design == Design::systematic || design == Design::pps_systematic)
        out["start_hex"] = to_hex(drawing.sample().start());
    if (design == Design::sampford)
        out["tries"] = static_cast<std::int64_t>(drawing.sample().groups()[0].tries);
    return out;
}

json::object extended(const Inputs& in) {
    const std::string design = in.text_or("design", in.has("sizes")    ? "sequential_poisson"
                                                    : in.has("strata") ? "stratified"
                                                                       : "srs");
    Drawing drawing(in, design_of(design, "design"), "n_old");
    const auto in_scope = [](const Drawn& unit) { return unit.in_scope; };
    std::set<Unit> before;
    static_cast<void>(
        drawing.ids([&](const Drawn& unit) { return unit.in_scope && before.insert(unit.unit).second; }));
    if (in.at("n_old") != in.at("n_new")) drawing.extend(as_json(in, "n_new"));
    json::object out;
    out["selected"] = drawing.ids(in_scope);
    out["additional"] =
        drawing.ids([&](const Drawn& unit) { return unit.in_scope && !before.contains(unit.unit); });
    return out;
}

/// Each unit by a probability of its own.
json::object poisson(const Inputs& in) {
    if (!in.has("pi")) return drawn(in, Design::poisson);
    const std::shared_ptr<const Frame> frame = read_frame(in);
    const TicketMaker maker(in.text("seed"));
    const std::vector<Fraction> pi = in.decimals("pi");
    if (pi.size() != frame->count()) refuse("pi", "There are not as many probabilities as ids.");
    const std::set<std::string, std::less<>> out_of_scope = listed_out_of_scope(in);
    json::array selected;
    json::array skipped;
    json::array certain;
    json::array none;
    for (Unit unit = 0; unit < frame->count(); ++unit) {
        const std::string_view id = frame->id(unit);
        if (pi[unit].num > pi[unit].den) refuse("pi", "A probability is above 1.");
        if (pi[unit].num == 0) none.emplace_back(id);
        if (!is_below(maker.of(id), pi[unit])) continue;
        // Draws are independent: nobody else comes for a unit that is out of scope.
        (out_of_scope.contains(id) ? skipped : selected).emplace_back(id);
        if (pi[unit].num == pi[unit].den) certain.emplace_back(id);
    }
    json::object out{{"selected", selected}, {"certainty", certain}, {"not_covered", none}};
    if (in.has("out_of_scope")) out["skipped"] = skipped;
    return out;
}

json::object ticket_draw(const Inputs& in) {
    std::string op = in.text("op");
    if (op.starts_with("draw_")) op.erase(0, 5);
    if (op == "extend_sample") op = "extend";
    if (std::find(k_ops.begin(), k_ops.end(), op) == k_ops.end()) {
        std::string message = "There is no op ";
        append_json_string(message, op);
        refuse("op", message + "." + suggestion(op, k_ops));
    }
    if (op == "ticket") return ticket(in);
    if (op == "frame_digest") return frame_digest(in);
    if (op == "extend") return extended(in);
    if (op == "poisson") return poisson(in);
    if (op == "replace")
        op = in.has("strata") ? "stratified" : in.has("sizes") ? "sequential_poisson" : "srs";
    return drawn(in, design_of(op, "op"));
}

// ---- Selection by positions ------------------------------------------------------------------------------

json::object rivest(const Inputs& in) {
    json::array out;
    for (const Integer& number : rivest_sampler(in.text("seed"), in.count("n"), in.integer("total")))
        out.push_back(whole(number));
    return {{"selected", out}};
}

json::object systematic_select(const Inputs& in) {
    return {{"selected", indices(systematic_positions(in.count("N"), in.count("n"), in.decimal("start")))}};
}

json::object pps_systematic_select(const Inputs& in) {
    const Scaled sizes = scale(in.decimals("sizes"), "/sizes");
    Fraction start = in.decimal("start");
    start.num *= sizes.factor;
    return {{"selected", indices(systematic_hits(sizes.numbers, in.count("n"), start))}};
}

json::object probabilities(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = scale(in.decimals("sizes"), "/sizes").numbers;
    const Covered covered = find_certain(sizes, in.count("n"));
    json::array pi;
    for (const Fraction& one : inclusion_probabilities(sizes, covered)) pi.emplace_back(to_double(one));
    return {{"pi", pi}, {"certainty", indices(covered.certain)}, {"not_covered", indices(covered.none)}};
}

template <std::vector<double> (*Joint)(Sizes, std::uint64_t)>
json::object joint(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = scale(in.decimals("sizes"), "/sizes").numbers;
    const std::vector<double> triangle = Joint(sizes, in.count("n"));
    return {{"joint", doubles(triangle)},
            {"zero_pairs", std::count(triangle.begin(), triangle.end(), 0.0)},
            {"pi", probabilities(in).at("pi")}};
}

constexpr std::array<Method, 7> k_draw_methods{{
    {"ticket_draw", &ticket_draw, {}},
    {"rivest_sampler", &rivest, {}, true},
    {"systematic_select", &systematic_select, {}},
    {"pps_systematic_select", &pps_systematic_select, {}},
    {"inclusion_probabilities", &probabilities, {}},
    {"pps_systematic_joint", &joint<&systematic_joint>, {}},
    {"sampford_joint", &joint<&sampford_joint>, {}},
}};

}  // namespace

std::span<const Method> draw_methods() noexcept {
    return k_draw_methods;
}

}  // namespace duecare::sampling
