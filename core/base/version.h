#ifndef LANDWAITER_CORE_BASE_VERSION_H_
#define LANDWAITER_CORE_BASE_VERSION_H_

#include <string_view>

namespace landwaiter::base {

// Of the release that this program was built from: "0.1.0", as the top
// CMakeLists.txt has it.
std::string_view Version();

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_VERSION_H_
