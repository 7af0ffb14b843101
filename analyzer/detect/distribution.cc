#include "analyzer/detect/distribution.h"

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

// Headers to compile against are built with every kernel and are in every
// image that has a compiler; no kernel ever runs from an image.
bool Distribution::WithoutCode(const model::Package& package) const {
  const std::string& name = package.name;
  const std::string& source = package.source_name;
  const bool of_kernel = source == "kernel" || source.starts_with("linux") ||
                         source.starts_with("kernel-");
  if (!of_kernel || name == source) return false;
  return base::Contains(name, "-headers") || name == "linux-libc-dev" ||
         name.starts_with("linux-libc-dev-") || name.starts_with("linux-doc") ||
         name == "linux-source" || name.starts_with("linux-source-");
}

}  // namespace landwaiter::analyzer::detect
