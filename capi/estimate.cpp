#include "capi/guard.hpp"
#include "sampling/calculate.hpp"

using namespace duecare::capi;

duecare_status duecare_estimate_calculate(const char* method, size_t method_length, const char* inputs,
                                          size_t inputs_length, duecare_text* into,
                                          duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = duecare::sampling::calculate(need_text(method, method_length, "method"),
                                            need_text(inputs, inputs_length, "inputs"));
    });
}
