#include "capi/guard.hpp"
#include "sampling/calculate.hpp"
#include "sampling/intervals.hpp"

using namespace duecare::capi;
namespace ds = duecare::sampling;

static_assert(DUECARE_SIDE_TWO == static_cast<int>(ds::Side::two) &&
              DUECARE_SIDE_UPPER == static_cast<int>(ds::Side::upper) &&
              DUECARE_SIDE_LOWER == static_cast<int>(ds::Side::lower));

uint64_t duecare_estimate_count_methods(void) noexcept {
    try {
        return ds::method_names().size();
    } catch (...) {
        return 0;  // no memory for the list
    }
}

duecare_status duecare_estimate_export_method(uint64_t index, duecare_text* into,
                                              duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) { text = ds::describe_method(index); });
}

duecare_status duecare_estimate_proportion_bounds(const uint64_t* x, const uint64_t* n, uint64_t count,
                                                  double conf, duecare_side side, double* out_low,
                                                  double* out_high, duecare_error** error) noexcept {
    return guard(error, [&] {
        if (count > SIZE_MAX / sizeof(double)) refuse("count is more than memory has room for.");
        const auto size = static_cast<std::size_t>(count);
        if (size > 0 && (x == nullptr || n == nullptr || out_low == nullptr || out_high == nullptr))
            refuse("An array is NULL.");
        if (!(conf > 0 && conf < 1)) refuse("conf is not between 0 and 1, such as 0.95.");
        if (side < DUECARE_SIDE_TWO || side > DUECARE_SIDE_LOWER) refuse("side is no DUECARE_SIDE_....");
        for (std::size_t i = 0; i < size; ++i) {
            if (x[i] > n[i])
                refuse("x[" + std::to_string(i) + "] is " + std::to_string(x[i]) + ", more than n[" +
                       std::to_string(i) + "], which is " + std::to_string(n[i]) + ".");
        }
        ds::clopper_pearson_bounds({x, size}, {n, size}, 1 - conf, static_cast<ds::Side>(side),
                                   {out_low, size}, {out_high, size});
    });
}

duecare_status duecare_estimate_calculate(const char* method, size_t method_length, const char* inputs,
                                          size_t inputs_length, duecare_text* into,
                                          duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = ds::calculate(need_text(method, method_length, "method"),
                             need_text(inputs, inputs_length, "inputs"));
    });
}
