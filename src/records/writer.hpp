// Case histories as they are written: what the reader took, as a document that it would take again.
#pragma once

#include <cstdint>
#include <string>

#include "records/model.hpp"

namespace duecare::records {

/// Appends case `index` as one `duecare.case/1` object without line end. Every event is there, also those
/// that others replace or withdraw, in the order of the document; events without an id have their place as
/// one
/// ("#3"). Instants are in UTC where they had an offset, otherwise as they stood; `recorded_at` only where it
/// says something else than `occurred_at`. Keys that are not known were not kept.
void append_case_json(std::string& out, const Caseload& caseload, std::uint32_t index);

/// Appends the whole register as one `duecare.staff/1` object, by id, without line end.
void append_staff_json(std::string& out, const Caseload& caseload);

}  // namespace duecare::records
