// SHA-256 (FIPS 180-4) by Nettle: a plain function, without the configuration files, environment variables
// and exit handlers that a larger cryptography library brings into its host's process.
#pragma once

#include <string>
#include <string_view>

namespace duecare {

/// The digest as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace duecare
