#include "sampling/ticket.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::sampling {

namespace {

constexpr std::size_t k_longest_seed = 256;

[[noreturn]] void refuse_ticket(std::string message) {
    throw Error(Status::invalid_argument, message);
}

bool is_seed_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("._:+-").find(c) != std::string_view::npos;
}

std::string named(char c) {
    if (c == ' ') return "a space";
    if (c == ',') return "a comma";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "a control character";
    if (byte >= 0x80) return "a character beyond ASCII";
    return std::string("\"") + c + "\"";
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

/// What is wrong with the characters of a text, or "".
std::string fault(std::string_view text) {
    const auto control = std::find_if(text.begin(), text.end(), is_control);
    if (control != text.end()) {
        return "has a control character (a tab, a line end) at position " +
               std::to_string(control - text.begin() + 1);
    }
    return is_valid_utf8(text) ? std::string() : std::string("is not UTF-8");
}

std::string shown(std::string_view text) {
    std::string out;
    if (is_valid_utf8(text)) append_json_string(out, text);
    return out;
}

}  // namespace

void require_seed(std::string_view seed) {
    const std::string expected =
        " A seed is 1 to 256 characters of 0-9 A-Z a-z . _ : + -, so that two people cannot differ in what "
        "they typed; best are at least 20 digits of public dice.";
    if (seed.empty()) refuse_ticket("The seed is empty." + expected);
    if (seed.size() > k_longest_seed)
        refuse_ticket("The seed has " + std::to_string(seed.size()) + " characters." + expected);
    const auto bad = std::find_if_not(seed.begin(), seed.end(), is_seed_character);
    if (bad == seed.end()) return;
    refuse_ticket("The seed has " + named(*bad) + " at position " + std::to_string(bad - seed.begin() + 1) +
                  "." + expected);
}

bool is_id(std::string_view id) noexcept {
    return !id.empty() && id.front() != '#' && std::none_of(id.begin(), id.end(), is_control) &&
           is_valid_utf8(id);
}

void require_id(std::string_view id, std::string_view where) {
    const std::string at = std::string(where) + ": the id ";
    if (id.empty()) refuse_ticket(at + "is empty; every unit needs one.");
    if (id.front() == '#') {
        refuse_ticket(at + shown(id) +
                      " begins with #, which is reserved for the labels of the draw (#start).");
    }
    const std::string wrong = fault(id);
    if (!wrong.empty()) refuse_ticket(at + shown(id) + (is_valid_utf8(id) ? " " : "") + wrong + ".");
}

void require_name(std::string_view name, std::string_view what) {
    const std::string wrong = fault(name);
    if (!wrong.empty()) refuse_ticket(std::string(what) + " " + wrong + ".");
}

TicketMaker::TicketMaker(std::string_view seed) : seed_(seed) {
    require_seed(seed);
    begun_.update(seed);
    begun_.update(",");
}

Ticket TicketMaker::of(std::string_view id) const {
    Sha256 hash = begun_;
    hash.update(id);
    return hash.finish();
}

std::uint64_t top64(const Ticket& ticket) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8U | ticket[i];
    return value;
}

std::uint64_t top53(const Ticket& ticket) noexcept {
    return top64(ticket) >> 11U;
}

double prn(const Ticket& ticket) noexcept {
    return static_cast<double>(top53(ticket)) * 0x1p-53;
}

Ticket shifted(const Ticket& ticket, const Fraction& start) {
    const Integer all = all_tickets<Integer>();
    Integer moved = to_number<Integer>(ticket) + all - all * start.num / start.den;
    if (moved >= all) moved -= all;
    Ticket out{};
    for (std::size_t i = out.size(); i-- > 0; moved >>= 8U) out[i] = static_cast<std::uint8_t>(moved & 0xFFU);
    return out;
}

std::vector<Integer> rivest_sampler(std::string_view seed, std::uint64_t n, const Integer& total) {
    if (total < 1) refuse_ticket("The total is less than 1; there is nothing to draw from.");
    std::vector<Integer> out;
    Sha256 hash;
    for (std::uint64_t i = 1; i <= n; ++i) {
        hash.update(seed);
        hash.update(",");
        hash.update(std::to_string(i));
        out.push_back(1 + to_number<Integer>(hash.finish()) % total);
    }
    return out;
}

}  // namespace duecare::sampling
