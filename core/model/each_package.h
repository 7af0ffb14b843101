#ifndef LANDWAITER_CORE_MODEL_EACH_PACKAGE_H_
#define LANDWAITER_CORE_MODEL_EACH_PACKAGE_H_

#include "absl/functional/function_ref.h"
#include "core/model/image.h"

namespace landwaiter::model {

// Calls what it is given with each package of an image, in the order of
// Inventory::packages; the same each time. So that who looks at one after the
// other does not need them all in memory.
using PackageVisitor = absl::FunctionRef<void(const InstalledPackage&)>;
using EachPackage = absl::FunctionRef<void(PackageVisitor)>;

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_EACH_PACKAGE_H_
