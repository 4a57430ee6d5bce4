// What a run and its findings are known by.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/audit.hpp"
#include "store/names.hpp"

namespace duecare::store {

/// The digest of every case as the record stood, and of all cases and the register together.
struct CaseloadDigest {
    std::vector<Digest> cases;  // by case
    std::string all;            // hex
};
[[nodiscard]] CaseloadDigest digest_of(const records::Caseload& caseload);

/// An obligation is the same in two runs when its case, duty, key, trigger event and opening are the same,
/// and it is the same one (`nth`, from 0) among those that share all these. Its number is the first 64 bits
/// of the SHA-256 of them.
struct Identity {
    std::int64_t number = 0;
    std::uint32_t finding = 0;  // into Result::findings
    std::uint32_t nth = 0;
};
/// Of all findings, by number. Throws Error{limit} should two have the same (of a million, once in 30 million
/// runs).
[[nodiscard]] std::vector<Identity> identities_of(const evaluate::Result& result, const Names& names);

/// The names of a finding, but its owner, as they are written: views into the result, or into `made` where
/// they had to be made. Empty where there is none.
struct FindingNames {
    std::string_view key;
    std::string_view trigger;
    std::string_view ending;
    std::array<std::string, 3> made;
};
void name(const evaluate::Result& result, const evaluate::Finding& finding, const Names& names,
          FindingNames& to);

/// An event as it is written: "e1", or "CASE/e1" for one of another case.
[[nodiscard]] std::string event_as_written(const evaluate::Result& result, const evaluate::Finding& finding,
                                           std::uint32_t event, const Names& names);

}  // namespace duecare::store
