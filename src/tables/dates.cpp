// Dates in the forms that a mapping states, and codes without regard to case.
#include "tables/values.hpp"

namespace duecare::tables {

namespace {

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool read(std::string_view format) {
        for (std::size_t i = 0; i < format.size(); ++i) {
            if (format[i] == ' ') {
                if (!blanks()) return false;
            } else if (format[i] != '%') {
                if (!literal(format[i])) return false;
            } else if (++i == format.size() || !field(format[i])) {
                return false;
            }
        }
        while (!text_.empty() && text_.back() == ' ') text_.remove_suffix(1);
        return text_.empty();
    }

    std::optional<time::Stamp> stamp() const {
        if (!time::is_valid(date_)) return std::nullopt;
        const std::int64_t midnight = time::day_of(date_) * time::k_micros_per_day;
        if (!has_hour_) return time::Stamp{midnight, time::Precision::day};
        const std::int64_t local = midnight + hour_ * time::k_micros_per_hour +
                                   minute_ * time::k_micros_per_minute + second_ * time::k_micros_per_second +
                                   micros_;
        if (!has_offset_) return time::Stamp{local, time::Precision::local};
        return time::Stamp{local - offset_, time::Precision::exact};
    }

  private:
    bool literal(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool blanks() {
        if (!literal(' ')) return false;
        while (literal(' ')) {
        }
        return true;
    }
    bool number(std::size_t least, std::size_t most, int lowest, int highest, int& to) {
        std::size_t digits = 0;
        int value = 0;
        while (digits < most && digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') {
            value = value * 10 + (text_[digits++] - '0');
        }
        if (digits < least || value < lowest || value > highest) return false;
        text_.remove_prefix(digits);
        to = value;
        return true;
    }
    bool fraction() {
        std::int64_t unit = time::k_micros_per_second / 10;
        if (text_.empty() || text_.front() < '0' || text_.front() > '9') return false;
        for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; text_.remove_prefix(1)) {
            micros_ += (text_.front() - '0') * unit;
            unit /= 10;
        }
        return true;
    }
    bool zone() {
        has_offset_ = true;
        if (literal('Z') || literal('z')) return true;
        const bool is_west = literal('-');
        if (!is_west && !literal('+')) return false;
        int hours = 0;
        int minutes = 0;
        if (!number(2, 2, 0, 23, hours)) return false;
        static_cast<void>(literal(':'));
        if (!number(2, 2, 0, 59, minutes)) return false;
        offset_ = hours * time::k_micros_per_hour + minutes * time::k_micros_per_minute;
        if (is_west) offset_ = -offset_;
        return true;
    }
    bool field(char which) {
        switch (which) {
            case 'Y':
                return number(4, 4, 1, 9999, date_.year);
            case 'm':
                return number(1, 2, 1, 12, date_.month);
            case 'd':
                return number(1, 2, 1, 31, date_.day);
            case 'H':
                has_hour_ = true;
                return number(1, 2, 0, 23, hour_);
            case 'M':
                return number(1, 2, 0, 59, minute_);
            case 'S':
                return number(1, 2, 0, 60, second_);
            case 'T':
                return field('H') && literal(':') && field('M') && literal(':') && field('S');
            case 'f':
                return fraction();
            case 'z':
                return zone();
            default:
                return literal(which);
        }
    }

    std::string_view text_;
    time::CivilDate date_{1970, 1, 1};
    int hour_ = 0;
    int minute_ = 0;
    int second_ = 0;
    std::int64_t micros_ = 0;
    std::int64_t offset_ = 0;
    bool has_hour_ = false;
    bool has_offset_ = false;
};

}  // namespace

std::optional<time::Stamp> parse_by_format(std::string_view text, std::string_view format) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    Reader reader(text);
    return reader.read(format) ? reader.stamp() : std::nullopt;
}

std::string folded(std::string_view text) {
    constexpr unsigned char k_latin = 0xC3;  // first byte of U+00C0 to U+00FF in UTF-8
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        const auto before = i == 0 ? 0U : static_cast<unsigned>(static_cast<unsigned char>(out[i - 1]));
        const bool is_capital =
            (c >= 'A' && c <= 'Z') || (before == k_latin && c >= 0x80 && c <= 0x9E && c != 0x97);
        if (is_capital) out[i] = static_cast<char>(c + 0x20);
    }
    return out;
}

}  // namespace duecare::tables
