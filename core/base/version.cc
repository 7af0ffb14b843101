#include "core/base/version.h"

namespace landwaiter::base {

std::string_view Version() { return LANDWAITER_VERSION; }

}  // namespace landwaiter::base
