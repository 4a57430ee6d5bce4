#include "sampling/plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

constexpr std::string_view k_plan_format = "duecare.sample-plan/1";
const std::vector<std::string_view> k_designs{
    "srs",    "stratified",     "systematic", "poisson", "sequential_poisson",
    "pareto", "pps_systematic", "sampford"};
const std::vector<std::string_view> k_keys{
    "format",     "title",         "design",    "n",     "n_h",          "others",
    "start",      "decision_rule", "seed_rule", "query", "software",     "extension_rule",
    "allocation", "power",         "period",    "notes", "frame_digest", "sentences"};

[[noreturn]] void refuse_plan(std::string_view at, const std::string& message) {
    throw Error(Status::invalid_argument, message, std::string(at), "plan");
}

std::string child(std::string_view at, std::string_view key) {
    std::string out(at);
    append_pointer(out, key);
    return out;
}

std::string in_quotes(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

void check_keys(const json::object& object, const std::vector<std::string_view>& known, std::string_view at) {
    for (const auto& [key, value] : object) {
        const std::string_view name(key);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        refuse_plan(child(at, name),
                    "There is no key " + in_quotes(name) + " here." + suggestion(name, known));
    }
}

std::uint64_t read_count(const json::value& value, std::string_view at) {
    if (const auto* number = value.if_int64(); number != nullptr && *number >= 0)
        return static_cast<std::uint64_t>(*number);
    refuse_plan(at, "Expected is a whole number from 0 on.");
}

Fraction read_fraction(const json::value& value, std::string_view at) {
    if (const auto* text = value.if_string()) return parse_decimal(*text, at);
    if (const auto* number = value.if_int64(); number != nullptr && *number >= 0) return {*number, 1};
    if (const auto* number = value.if_double()) {
        std::array<char, 64> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), *number, std::chars_format::fixed);
        if (end.ec == std::errc()) return parse_decimal({digits.data(), end.ptr}, at);
    }
    refuse_plan(at, "Expected is a decimal from 0 on, such as \"0.1\".");
}

Take read_take(const json::value& value, std::string_view at) {
    Take out;
    if (const auto* text = value.if_string(); text != nullptr && *text == "all") {
        out.kind = Take::Kind::all;
    } else if (const auto* object = value.if_object()) {
        check_keys(*object, {"fraction", "at_least"}, at);
        const json::value* fraction = object->if_contains("fraction");
        if (fraction == nullptr) refuse_plan(at, "The key \"fraction\" is missing.");
        out.kind = Take::Kind::fraction;
        out.fraction = read_fraction(*fraction, child(at, "fraction"));
        if (out.fraction.num > out.fraction.den)
            refuse_plan(child(at, "fraction"), "A fraction is at most 1.");
        if (const auto* least = object->if_contains("at_least"))
            out.at_least = read_count(*least, child(at, "at_least"));
    } else if (value.is_number()) {
        out.count = read_count(value, at);
    } else {
        refuse_plan(at, "Expected is a whole number, \"all\", or an object like {\"fraction\": \"0.1\"}.");
    }
    return out;
}

std::uint64_t amount(const Take& take, std::size_t units) {
    switch (take.kind) {
        case Take::Kind::all:
            return units;
        case Take::Kind::count:
            return take.count;
        case Take::Kind::fraction:
            break;
    }
    const Integer share = (take.fraction.num * units + take.fraction.den - 1) / take.fraction.den;
    return std::min<std::uint64_t>(units, std::max(share.convert_to<std::uint64_t>(), take.at_least));
}

void check_amount(std::uint64_t n, std::size_t units, std::string_view where) {
    if (n <= units) return;
    refuse_plan("", "The plan draws " + std::to_string(n) + " units from " + std::string(where) +
                        ", which has " + std::to_string(units) + ".");
}

void check_named(const Frame& frame, const Takes& takes) {
    std::vector<std::string_view> there;
    for (const Stratum& stratum : frame.strata()) there.push_back(stratum.name);
    for (const auto& [name, take] : takes.strata) {
        if (frame.find_stratum(name)) continue;
        std::string message = "The plan names the stratum " + in_quotes(name) + ", which the frame lacks.";
        const std::string near = suggestion(name, there);
        if (near.empty()) {
            message += " The frame has";
            for (std::size_t i = 0; i < there.size() && i < 10; ++i)
                message += (i == 0 ? " " : ", ") + in_quotes(there[i]);
            message += there.size() > 10 ? ", ..." : ".";
        }
        refuse_plan(child("/n_h", name), message + near);
    }
}

const Take* take_of(const Takes& takes, std::string_view stratum) {
    const auto at = std::find_if(takes.strata.begin(), takes.strata.end(),
                                 [&](const auto& entry) { return entry.first == stratum; });
    if (at != takes.strata.end()) return &at->second;
    return takes.others ? &*takes.others : nullptr;
}

}  // namespace

std::string_view name_of(Design design) noexcept {
    return k_designs[static_cast<std::size_t>(design)];
}

bool needs_sizes(Design design) noexcept {
    return design == Design::sequential_poisson || design == Design::pareto ||
           design == Design::pps_systematic || design == Design::sampford;
}

bool has_order(Design design) noexcept {
    return design == Design::srs || design == Design::stratified || design == Design::sequential_poisson ||
           design == Design::pareto;
}

Fraction parse_decimal(std::string_view text, std::string_view at) {
    Fraction out;
    bool point = false;
    bool digits = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9' && text.size() <= 400) {
            digits = true;
            out.num = out.num * 10 + (c - '0');
            if (point) out.den *= 10;
        } else {
            digits = false;
            break;
        }
    }
    if (!digits) refuse_plan(at, "Expected is a decimal from 0 on, such as \"0.1\".");
    return out;
}

Takes read_takes(const json::object& object, std::string_view at) {
    Takes out;
    if (const auto* whole = object.if_contains("n")) out.whole = read_take(*whole, child(at, "n"));
    if (const auto* strata = object.if_contains("n_h")) {
        const std::string here = child(at, "n_h");
        if (!strata->is_object()) refuse_plan(here, "Expected is an object with a number for each stratum.");
        for (const auto& [name, take] : strata->get_object())
            out.strata.emplace_back(name, read_take(take, child(here, name)));
    }
    if (const auto* others = object.if_contains("others"))
        out.others = read_take(*others, child(at, "others"));
    const bool by_stratum = !out.strata.empty() || out.others;
    if (out.whole && by_stratum)
        refuse_plan(child(at, "n"), "There are both \"n\" and \"n_h\"; give the one or the other.");
    if (!out.whole && !by_stratum)
        refuse_plan(at, "How much to draw is missing: \"n\" for the whole frame, or \"n_h\" by stratum.");
    return out;
}

Plan read_plan(std::string_view text) {
    json::error_code code;
    const json::value value = json::parse(text, code);
    if (code || !value.is_object()) refuse_plan("", "The plan is no JSON object.");
    const json::object& object = value.get_object();
    check_keys(object, k_keys, "");
    const auto* format = object.if_contains("format");
    if (format == nullptr || !format->is_string() || format->get_string() != k_plan_format)
        refuse_plan("/format", "The format has to be \"" + std::string(k_plan_format) + "\".");
    Plan out;
    const auto* design = object.if_contains("design");
    if (design == nullptr || !design->is_string())
        refuse_plan("/design", "The design is missing, such as \"srs\".");
    const std::string_view name = design->get_string();
    const auto at = std::find(k_designs.begin(), k_designs.end(), name);
    if (at == k_designs.end())
        refuse_plan("/design", "There is no design " + in_quotes(name) + "." + suggestion(name, k_designs));
    out.design = static_cast<Design>(at - k_designs.begin());
    out.takes = read_takes(object, "");
    if (out.design == Design::stratified && out.takes.whole)
        refuse_plan("/n", "A stratified draw takes \"n_h\", a number for each stratum, not \"n\".");
    const bool strata_fit = has_order(out.design) || out.design == Design::poisson;
    if (!out.takes.whole && (!strata_fit || out.design == Design::srs)) {
        refuse_plan("/n_h", "The design " + in_quotes(name) +
                                " draws from the whole frame; give \"n\", or use " +
                                (out.design == Design::srs ? "\"stratified\"." : "\"sequential_poisson\"."));
    }
    if (const auto* start = object.if_contains("start")) {
        out.start = read_fraction(*start, "/start");
        if (out.start.num >= out.start.den) refuse_plan("/start", "A start is from 0 to below 1.");
        if (!has_order(out.design) && out.design != Design::poisson)
            refuse_plan("/start", "Only designs in ticket order can begin elsewhere.");
    }
    const auto* rule = object.if_contains("extension_rule");
    out.has_extension_rule =
        rule != nullptr && rule->is_string() && !rule->get_string().empty() && rule->get_string() != "none";
    out.text = text;
    out.digest = sha256_hex(text);
    return out;
}

std::vector<Group> make_groups(const Frame& frame, const Takes& takes) {
    std::vector<Group> out;
    if (takes.whole) {
        Group all;
        for (Unit unit = 0; unit < frame.count(); ++unit) all.units.push_back(unit);
        all.n = amount(*takes.whole, all.units.size());
        check_amount(all.n, all.units.size(), "the frame");
        out.push_back(std::move(all));
        return out;
    }
    check_named(frame, takes);
    for (const Stratum& stratum : frame.strata()) {
        const Take* take = take_of(takes, stratum.name);
        if (take == nullptr) {
            refuse_plan("/n_h", "The frame has the stratum " + in_quotes(stratum.name) +
                                    ", for which the plan gives no number. Give 0 to leave it out openly, or "
                                    "\"others\".");
        }
        const std::uint64_t n = amount(*take, stratum.units.size());
        check_amount(n, stratum.units.size(), "the stratum " + in_quotes(stratum.name));
        out.push_back({stratum.name, stratum.units, n});
    }
    return out;
}

std::vector<std::uint64_t> resolve(const Frame& frame, const Takes& takes) {
    std::vector<std::uint64_t> out;
    for (const Group& group : make_groups(frame, takes)) out.push_back(group.n);
    return out;
}

}  // namespace duecare::sampling
