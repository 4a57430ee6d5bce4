// What most files of src/ and capi/ include; dll.cmake has the compiler read it once for all of them. No file
// may count on it: other builds do without.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>
