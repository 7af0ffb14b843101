#include "analyzer/detect/source_package.h"

#include <algorithm>

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

bool IsNumberOrDot(char c) { return (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

std::string AptCommand(const model::Package& package,
                       std::string_view fixed_version) {
  const bool alike = SourceOf(package).version == package.version;
  return base::StrCat("apt-get install --only-upgrade ", package.name,
                      alike ? "=" : "", alike ? fixed_version : "");
}

std::string_view MajorVersion(std::string_view version) {
  return version.substr(0, version.find('.'));
}

std::string_view MinorVersion(std::string_view version) {
  const auto* end =
      std::find_if_not(version.begin(), version.end(), IsNumberOrDot);
  version = version.substr(0, static_cast<size_t>(end - version.begin()));
  const size_t dot = version.find('.');
  return dot == version.npos ? version
                             : version.substr(0, version.find('.', dot + 1));
}

}  // namespace landwaiter::analyzer::detect
