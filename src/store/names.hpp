// Ids of cases, persons and staff as they are written: as they are, or as pseudonyms.
#pragma once

#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace duecare::store {

/// Replaces an id by the first 128 bits of its HMAC-SHA256 as hex digits, where there is a key: equal ids
/// stay equal, and nobody without the key finds out whose they are by trying ids.
class Names {
  public:
    explicit Names(std::string key) : key_(std::move(key)) {}
    [[nodiscard]] bool are_hidden() const noexcept { return !key_.empty(); }
    [[nodiscard]] std::string operator()(std::string_view id) const {
        return key_.empty() ? std::string(id) : to_hex(hmac_sha256(key_, id)).substr(0, 32);
    }
    /// "CASE/EVENT", as an event of another case is called: its case is hidden, its event is not.
    [[nodiscard]] std::string event(std::string_view name, bool is_of_another_case,
                                    std::string_view case_id) const {
        if (key_.empty() || !is_of_another_case) return std::string(name);
        return (*this)(case_id) + std::string(name.substr(case_id.size()));
    }
    /// What a file notes of its key, to know it again; empty without one.
    [[nodiscard]] std::string check() const {
        return key_.empty() ? std::string() : to_hex(hmac_sha256(key_, "duecare.store/1 pseudonyms"));
    }

  private:
    std::string key_;
};

}  // namespace duecare::store
