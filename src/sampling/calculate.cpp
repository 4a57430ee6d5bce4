#include "sampling/calculate.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/methods.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

std::vector<Method> all_methods() {
    std::vector<Method> out;
    for (const auto methods : {
             draw_methods(),
             allocation_methods(),
             planning_methods(),
             interval_methods(),
             estimator_methods(),
             accuracy_methods(),
             agreement_methods(),
             funnel_methods(),
             chart_methods(),
             survival_methods(),
         })
        out.insert(out.end(), methods.begin(), methods.end());
    return out;
}

/// JSON whose doubles are the nearest to what is written: those of Boost's own reader may be one off.
class ExactHandler {
  public:
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return true; }
    bool on_object_end(std::size_t n, json::error_code&) { return stack.push_object(n), true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t n, json::error_code&) { return stack.push_array(n), true; }
    bool on_key_part(std::string_view s, std::size_t, json::error_code&) { return stack.push_chars(s), true; }
    bool on_key(std::string_view s, std::size_t, json::error_code&) { return stack.push_key(s), true; }
    bool on_string_part(std::string_view s, std::size_t, json::error_code&) {
        return stack.push_chars(s), true;
    }
    bool on_string(std::string_view s, std::size_t, json::error_code&) { return stack.push_string(s), true; }
    bool on_number_part(std::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t i, std::string_view, json::error_code&) { return stack.push_int64(i), true; }
    bool on_uint64(std::uint64_t u, std::string_view, json::error_code&) {
        return stack.push_uint64(u), true;
    }
    bool on_double(double d, std::string_view text, json::error_code&) {
        // A whole number beyond 64 bits keeps its digits, as if it were given as a text.
        if (text.size() > 18 && text.find_first_of(".eE") == std::string_view::npos)
            return stack.push_string(text), true;
        std::from_chars(text.data(), text.data() + text.size(), d);
        return stack.push_double(d), true;
    }
    bool on_bool(bool b, json::error_code&) { return stack.push_bool(b), true; }
    bool on_null(json::error_code&) { return stack.push_null(), true; }
    bool on_comment_part(std::string_view, json::error_code&) { return true; }
    bool on_comment(std::string_view, json::error_code&) { return true; }

    json::value_stack stack;
};

json::value parse(std::string_view text) {
    json::basic_parser<ExactHandler> parser{json::parse_options{}};
    parser.handler().stack.reset();
    json::error_code code;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
    if (code || !parser.done() || read != text.size())
        throw Error(Status::invalid_argument, "The parameters are no JSON object.");
    json::value out = parser.handler().stack.release();
    if (!out.is_object()) throw Error(Status::invalid_argument, "The parameters are no JSON object.");
    return out;
}

/// JSON in which texts of digits stand as numbers: those beyond 64 bits, which a value of the library cannot
/// hold.
void write_numbers(std::string& out, const json::value& value) {
    const auto list = [&](const auto& items, char open, char close, const auto& write) {
        out += open;
        for (const auto& item : items) {
            if (out.back() != open) out += ',';
            write(item);
        }
        out += close;
    };
    if (const auto* array = value.if_array()) {
        list(*array, '[', ']', [&](const json::value& item) { write_numbers(out, item); });
    } else if (const auto* object = value.if_object()) {
        list(*object, '{', '}', [&](const auto& item) {
            out += json::serialize(json::value(item.key())) + ":";
            write_numbers(out, item.value());
        });
    } else if (const auto* text = value.if_string(); text != nullptr && is_digits(*text)) {
        out.append(text->data(), text->size());
    } else {
        out += json::serialize(value);
    }
}

void check_parameters(const Method& method, const json::object& inputs) {
    if (method.parameters.empty()) return;
    std::vector<std::string_view> known;
    for (std::string_view rest = method.parameters; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        known.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    for (const auto& [key, value] : inputs) {
        if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
        std::string message = std::string(method.name) + " has no parameter ";
        append_json_string(message, key);
        message += "." + suggestion(key, known) + " It takes: " + std::string(method.parameters) + ".";
        Inputs::refuse(key, message);
    }
}

}  // namespace

std::vector<std::string_view> method_names() {
    std::vector<std::string_view> out;
    for (const Method& method : all_methods()) out.push_back(method.name);
    std::sort(out.begin(), out.end());
    return out;
}

std::string describe_method(std::size_t index) {
    std::vector<Method> methods = all_methods();
    if (index >= methods.size()) throw Error(Status::not_found, "There is no method of that index.");
    std::sort(methods.begin(), methods.end(),
              [](const Method& a, const Method& b) { return a.name < b.name; });
    json::array parameters;
    std::string_view rest = methods[index].parameters;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        parameters.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return json::serialize(json::object{{"name", methods[index].name}, {"parameters", parameters}});
}

std::string calculate(std::string_view method, std::string_view inputs) {
    const std::vector<Method> methods = all_methods();
    const auto at = std::find_if(methods.begin(), methods.end(),
                                 [method](const Method& one) { return one.name == method; });
    if (at == methods.end()) {
        std::string message = "There is no method ";
        append_json_string(message, method);
        throw Error(Status::not_found, message + "." + suggestion(method, method_names()));
    }
    const json::value value = parse(inputs);
    check_parameters(*at, value.get_object());
    json::object result = at->call(Inputs(value.get_object()));
    // An estimate says by what method it came about; where one has variants, it names its own.
    if (method.starts_with("estimate_") && !result.contains("method")) result["method"] = method;
    if (!at->texts_are_numbers) return json::serialize(result);
    std::string out;
    write_numbers(out, result);
    return out;
}

}  // namespace duecare::sampling
