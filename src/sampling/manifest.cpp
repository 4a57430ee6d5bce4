#include "sampling/manifest.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

constexpr std::string_view k_manifest_format = "duecare.sample-manifest/1";

class Writer {
  public:
    explicit Writer(const Sample& sample) : sample_(sample), frame_(sample.frame()) {}

    std::string write(std::string_view software) {
        out_ = "{\n";
        field(" ", "format", k_manifest_format);
        out_ += ",\n";
        field(" ", "software", software);
        out_ += ",\n \"frame\": ";
        frame();
        out_ += ",\n \"plan\": {";
        field("", "digest", sample_.plan().digest);
        out_ += ", ";
        field("", "text", sample_.plan().text);
        out_ += "},\n \"seed\": {";
        field("", "value", sample_.seed());
        out_ += ", ";
        field("", "origin", sample_.origin());
        out_ += "},\n";
        field(" ", "design", name_of(sample_.plan().design));
        if (!has_order(sample_.plan().design) && sample_.plan().design != Design::poisson) {
            out_ += ",\n";
            field(" ", "start", to_hex(sample_.start()));
        }
        out_ += ",\n \"history\": ";
        list(sample_.history(), [this](const Step& step) { this->step(step); });
        out_ += ",\n \"groups\": ";
        list(sample_.groups(), [this](const GroupSample& group) { this->group(group); });
        out_ += ",\n \"selected\": ";
        selected();
        out_ += ",\n \"warnings\": ";
        list(sample_.warnings(), [this](const std::string& text) { append_json_string(out_, text); });
        out_ += "\n}\n";
        return std::move(out_);
    }

  private:
    void key(std::string_view before, std::string_view name) {
        out_ += before;
        append_json_string(out_, name);
        out_ += ": ";
    }
    void field(std::string_view before, std::string_view name, std::string_view text) {
        key(before, name);
        append_json_string(out_, text);
    }
    void number(std::string_view before, std::string_view name, std::uint64_t value) {
        key(before, name);
        out_ += std::to_string(value);
    }

    template <typename Items, typename Write>
    void list(const Items& items, Write write) {
        out_ += '[';
        bool first = true;
        for (const auto& item : items) {
            out_ += first ? "\n  " : ",\n  ";
            first = false;
            write(item);
        }
        out_ += first ? "]" : "\n ]";
    }

    void frame() {
        field("{", "digest", frame_.digest());
        field(", ", "order_digest", frame_.order_digest());
        number(", ", "count", frame_.count());
        // A sum of sizes may be beyond what JSON readers hold in a number.
        field(", ", "total_size", frame_.total_size().str());
        out_ += ", \"strata\": ";
        list(frame_.strata(), [this](const Stratum& stratum) {
            field("{", "name", stratum.name);
            number(", ", "count", stratum.units.size());
            field(", ", "total_size", stratum.total_size.str());
            out_ += '}';
        });
        out_ += '}';
    }

    void step(const Step& step) {
        const bool extends = step.kind == Step::Kind::extend;
        field("{", "step", extends ? "extend" : "out_of_scope");
        if (extends) {
            key(", ", "to");
            out_ += step.takes_text;
        } else {
            field(", ", "id", step.id);
        }
        field(", ", "reason", step.reason);
        out_ += '}';
    }

    void group(const GroupSample& group) {
        if (sample_.plan().takes.whole) {
            out_ += "{\"stratum\": null";
        } else {
            field("{", "stratum", group.group.name);
        }
        number(", ", "count", group.group.units.size());
        number(", ", "n", group.group.n);
        number(", ", "drawn", group.drawn.size());
        number(", ", "not_covered", group.not_covered.size());
        if (sample_.plan().design == Design::sampford) number(", ", "tries", group.tries);
        if (has_order(sample_.plan().design)) {
            key(", ", "first_not_selected");
            if (group.next) {
                field("{", "id", frame_.id(*group.next));
                field(", ", "ticket", to_hex(sample_.ticket(*group.next)));
                out_ += '}';
            } else {
                out_ += "null";
            }
        }
        out_ += '}';
    }

    void selected() {
        std::vector<const Drawn*> all;
        for (const GroupSample& group : sample_.groups())
            for (const Drawn& drawn : group.drawn) all.push_back(&drawn);
        list(all, [this](const Drawn* drawn) { this->drawn(*drawn); });
    }

    void drawn(const Drawn& drawn) {
        number("{", "rank", drawn.rank);
        field(", ", "id", frame_.id(drawn.unit));
        field(", ", "ticket", to_hex(sample_.ticket(drawn.unit)));
        field(", ", "stratum", frame_.strata()[frame_.stratum_of(drawn.unit)].name);
        if (frame_.has_size(drawn.unit)) number(", ", "size", frame_.size(drawn.unit));
        key(", ", "pi");
        append_decimal(out_, to_double(drawn.pi));
        const boost::multiprecision::cpp_rational exact(drawn.pi.num, drawn.pi.den);
        field(", ", "pi_exact", exact.str());
        out_ += drawn.certainty ? ", \"certainty\": true" : ", \"certainty\": false";
        number(", ", "stage", drawn.stage);
        if (!drawn.in_scope) {
            field(", ", "out_of_scope", drawn.reason);
            if (drawn.replaced_by) field(", ", "replaced_by", frame_.id(*drawn.replaced_by));
        }
        out_ += '}';
    }

    const Sample& sample_;
    const Frame& frame_;
    std::string out_;
};

json::object parse(std::string_view text) {
    json::error_code code;
    json::value value = json::parse(text, code);
    if (code || !value.is_object())
        throw Error(Status::invalid_argument, "The manifest is no JSON object.", {}, "manifest");
    const json::value* format = value.get_object().if_contains("format");
    if (format == nullptr || !format->is_string() || format->get_string() != k_manifest_format) {
        throw Error(Status::invalid_argument,
                    "The format has to be \"" + std::string(k_manifest_format) + "\".", "/format",
                    "manifest");
    }
    return std::move(value.get_object());
}

std::string text_at(const json::object& object, std::string_view key, const std::string& at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) {
        throw Error(Status::invalid_argument, "A text is missing here.", at + "/" + std::string(key),
                    "manifest");
    }
    return std::string(value->get_string());
}

const json::object& object_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_object()) {
        throw Error(Status::invalid_argument, "An object is missing here.", "/" + std::string(key),
                    "manifest");
    }
    return value->get_object();
}

Sample derive_from(const json::object& manifest, std::shared_ptr<const Frame> frame) {
    const json::object& seed = object_at(manifest, "seed");
    Sample sample(std::move(frame), read_plan(text_at(object_at(manifest, "plan"), "text", "/plan")),
                  text_at(seed, "value", "/seed"), text_at(seed, "origin", "/seed"));
    const json::value* history = manifest.if_contains("history");
    if (history == nullptr || !history->is_array())
        throw Error(Status::invalid_argument, "The history is missing.", "/history", "manifest");
    std::size_t index = 0;
    for (const json::value& value : history->get_array()) {
        const std::string at = "/history/" + std::to_string(index++);
        if (!value.is_object()) throw Error(Status::invalid_argument, "A step is an object.", at, "manifest");
        const json::object& step = value.get_object();
        const std::string kind = text_at(step, "step", at);
        const std::string reason = text_at(step, "reason", at);
        if (kind == "extend") {
            const json::value* to = step.if_contains("to");
            sample.extend(to == nullptr ? "null" : json::serialize(*to), reason);
        } else if (kind == "out_of_scope") {
            sample.mark_out_of_scope(text_at(step, "id", at), reason);
        } else {
            throw Error(Status::invalid_argument, "A step is \"extend\" or \"out_of_scope\".", at + "/step",
                        "manifest");
        }
    }
    return sample;
}

class Comparison {
  public:
    std::vector<Difference> found;

    void compare(const json::value& stated, const json::value& derived, const std::string& at) {
        if (found.size() >= k_most) return;
        if (stated.is_object() && derived.is_object()) {
            objects(stated.get_object(), derived.get_object(), at);
        } else if (stated.is_array() && derived.is_array()) {
            arrays(stated.get_array(), derived.get_array(), at);
        } else if (stated != derived) {
            add(at, &stated, &derived);
        }
    }

  private:
    static constexpr std::size_t k_most = 200;

    void objects(const json::object& stated, const json::object& derived, const std::string& at) {
        for (const auto& [key, value] : derived) {
            if (at.empty() && key == "software") continue;
            std::string here = at;
            append_pointer(here, key);
            const json::value* other = stated.if_contains(key);
            other == nullptr ? add(here, nullptr, &value) : compare(*other, value, here);
        }
        for (const auto& [key, value] : stated) {
            std::string here = at;
            append_pointer(here, key);
            if (!derived.contains(key)) add(here, &value, nullptr);
        }
    }

    void arrays(const json::array& stated, const json::array& derived, const std::string& at) {
        for (std::size_t i = 0; i < std::max(stated.size(), derived.size()); ++i) {
            const std::string here = at + "/" + std::to_string(i);
            if (i >= stated.size()) {
                add(here, nullptr, &derived[i]);
            } else if (i >= derived.size()) {
                add(here, &stated[i], nullptr);
            } else {
                compare(stated[i], derived[i], here);
            }
        }
    }

    static std::string words(const json::value& value) {
        std::string text = json::serialize(value);
        if (text.size() <= 120) return text;
        std::size_t end = 117;
        while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no half character
        return text.substr(0, end) + "...";
    }

    void add(const std::string& at, const json::value* stated, const json::value* derived) {
        if (found.size() >= k_most) return;
        Difference difference{at,
                              stated == nullptr ? "" : json::serialize(*stated),
                              derived == nullptr ? "" : json::serialize(*derived),
                              {}};
        if (stated == nullptr) {
            difference.message = "The manifest lacks " + words(*derived) + ", which follows from the draw.";
        } else if (derived == nullptr) {
            difference.message =
                "The manifest states " + words(*stated) + ", which does not follow from the draw.";
        } else if (at == "/frame/digest") {
            difference.message = "The frame is another one than that of the manifest.";
        } else if (at == "/frame/order_digest") {
            difference.message =
                "The units of the frame stand in another order than in that of the manifest.";
        } else if (at == "/plan/digest") {
            difference.message = "The text of the plan has another digest than the manifest states.";
        } else {
            difference.message =
                "The manifest states " + words(*stated) + "; the draw gives " + words(*derived) + ".";
        }
        found.push_back(std::move(difference));
    }
};

}  // namespace

std::string write_manifest(const Sample& sample, std::string_view software) {
    return Writer(sample).write(software);
}

Sample derive(std::string_view manifest, std::shared_ptr<const Frame> frame) {
    return derive_from(parse(manifest), std::move(frame));
}

std::vector<Difference> verify(std::string_view manifest, std::shared_ptr<const Frame> frame) {
    const json::object stated = parse(manifest);
    Comparison comparison;
    try {
        const Sample sample = derive_from(stated, frame);
        comparison.compare(stated, json::parse(write_manifest(sample, "")), "");
    } catch (const Error& error) {
        if (error.status() != Status::invalid_argument) throw;
        comparison.found.push_back(
            {error.pointer(), "", "", std::string("The draw cannot be derived again: ") + error.what()});
        const json::value* of_frame = stated.if_contains("frame");
        const json::value* digest = of_frame != nullptr && of_frame->is_object()
                                        ? of_frame->get_object().if_contains("digest")
                                        : nullptr;
        if (digest != nullptr) comparison.compare(*digest, json::value(frame->digest()), "/frame/digest");
    }
    return std::move(comparison.found);
}

}  // namespace duecare::sampling
