// Warnings for a policy that compiles: what can have no effect, what can never happen, what nothing reads.
// None of them changes a verdict.
#pragma once

#include "policy/layers.hpp"
#include "policy/parse.hpp"

namespace duecare::policy {

/// Adds warnings about the compiled policy to the diagnostics of `layered`. What stands in a lower layer
/// and is merely unused is passed over: a force that extends a policy need not use all of it.
void analyse(Layered& layered, const Program& program, const ExpressionParser& parser);

}  // namespace duecare::policy
