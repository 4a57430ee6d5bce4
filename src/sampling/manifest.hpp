// The manifest (duecare.sample-manifest/1): everything that follows from frame, plan, seed and history, for
// anybody to derive again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sampling/sample.hpp"

namespace duecare::sampling {

/// JSON, one unit a line. `software` is the name and version of what drew.
[[nodiscard]] std::string write_manifest(const Sample& sample, std::string_view software);

/// The sample of a manifest, drawn again from the frame: with the plan, the seed and the history that the
/// manifest tells of. What else stands in the manifest is not believed.
/// @throws Error{invalid_argument} if it is no manifest, or the draw is not possible.
[[nodiscard]] Sample derive(std::string_view manifest, std::shared_ptr<const Frame> frame);

struct Difference {
    std::string pointer;  // into the manifest
    std::string stated;   // JSON; "" when it is missing
    std::string derived;  // JSON; "" when there is no such thing
    std::string message;  // for people
};

/// Derives the manifest again and compares everything but the software. None: it is what it says.
/// @throws Error{invalid_argument} if it is no manifest.
[[nodiscard]] std::vector<Difference> verify(std::string_view manifest, std::shared_ptr<const Frame> frame);

}  // namespace duecare::sampling
