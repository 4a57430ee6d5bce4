#include "sampling/calculate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/draw_methods.hpp"

namespace duecare::sampling {

namespace json = boost::json;

std::vector<std::string_view> method_names() {
    std::vector<std::string_view> out;
    for (const DrawMethod& method : draw_methods()) out.push_back(method.name);
    std::sort(out.begin(), out.end());
    return out;
}

std::string calculate(std::string_view method, std::string_view inputs) {
    const auto methods = draw_methods();
    const auto at = std::find_if(methods.begin(), methods.end(),
                                 [method](const DrawMethod& one) { return one.name == method; });
    if (at == methods.end()) {
        std::string message = "There is no method ";
        append_json_string(message, method);
        throw Error(Status::not_found, message + "." + suggestion(method, method_names()));
    }
    json::error_code code;
    const json::value value = json::parse(inputs, code);
    if (code || !value.is_object())
        throw Error(Status::invalid_argument, "The parameters are no JSON object.");
    return json::serialize(at->call(value.get_object()));
}

}  // namespace duecare::sampling
