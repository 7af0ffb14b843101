#include "core/model/platform.h"

#include "core/base/strings.h"

namespace landwaiter::model {

std::string Platform::ToString() const {
  std::string text = os;
  if (!architecture.empty()) base::StrAppend(&text, "/", architecture);
  if (!variant.empty()) base::StrAppend(&text, "/", variant);
  return text;
}

Platform Platform::Parse(std::string_view text) {
  Platform platform;
  const auto first = base::SplitOnce(text, '/');
  platform.os = first ? first->first : text;
  if (!first) return platform;
  const auto second = base::SplitOnce(first->second, '/');
  platform.architecture = second ? second->first : first->second;
  if (second) platform.variant = second->second;
  return platform;
}

Platform Platform::Host() {
#if defined(__x86_64__)
  return {"linux", "amd64", ""};
#elif defined(__aarch64__)
  return {"linux", "arm64", "v8"};
#elif defined(__s390x__)
  return {"linux", "s390x", ""};
#elif defined(__powerpc64__)
  return {"linux", "ppc64le", ""};
#elif defined(__riscv)
  return {"linux", "riscv64", ""};
#else
#error "say which GOARCH this machine is"
#endif
}

}  // namespace landwaiter::model
