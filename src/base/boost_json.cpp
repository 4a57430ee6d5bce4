// The one place where Boost.JSON is compiled: the library links no libboost_json, so that it cannot meet
// another version of it in the process that loads it.
#include <boost/json/src.hpp>
