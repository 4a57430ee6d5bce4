// Exact arithmetic for draws. A ticket has 256 bits, a size 64, the sum of all sizes of a frame at most 96.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

#include "base/digest.hpp"

namespace duecare::sampling {

namespace detail {
template <unsigned Bits>
using Unsigned = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<Bits, Bits, boost::multiprecision::unsigned_magnitude,
                                           boost::multiprecision::unchecked, void>,
    boost::multiprecision::et_off>;
}  // namespace detail

using U128 = detail::Unsigned<128>;
using U512 = detail::Unsigned<512>;    // ticket * sum of sizes * number of units
using U1024 = detail::Unsigned<1024>;  // two tickets * sum of sizes * size
using Integer = boost::multiprecision::cpp_int;

/// A number of [0, infinity) as it was meant: 0.07 is 7/100.
struct Fraction {
    Integer num = 0;
    Integer den = 1;  // > 0
};

/// The ticket as an integer, most significant byte first.
template <typename Number>
[[nodiscard]] Number to_number(const Digest& ticket) {
    Number out = 0;
    for (std::size_t word = 0; word < 4; ++word) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i) value = value << 8U | ticket[8 * word + i];
        out = (out << 64U) | value;
    }
    return out;
}

/// 2^256, the number of tickets.
template <typename Number>
[[nodiscard]] Number all_tickets() {
    return Number(1) << 256U;
}

}  // namespace duecare::sampling
