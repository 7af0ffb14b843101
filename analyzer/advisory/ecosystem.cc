#include "analyzer/advisory/ecosystem.h"

#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kUbuntu = "Ubuntu:";
constexpr std::string_view kLts = ":LTS";
constexpr std::string_view kRedHat = "Red Hat:";

std::string CanonicalRedHat(std::string_view cpe_suffix) {
  const std::vector<std::string_view> parts = base::Split(cpe_suffix, ':');
  if (parts.size() < 2) return base::StrCat(kRedHat, cpe_suffix);
  if (parts[0] != "enterprise_linux") {
    return base::StrCat(kRedHat, parts[0], ":", parts[1]);
  }
  // "10.0" is the release 10 at its first minor version.
  return base::StrCat(kRedHat, base::Split(parts[1], '.').front());
}

}  // namespace

std::string CanonicalEcosystem(std::string_view ecosystem) {
  if (ecosystem.starts_with(kRedHat)) {
    return CanonicalRedHat(ecosystem.substr(kRedHat.size()));
  }
  if (ecosystem.starts_with(kUbuntu) && ecosystem.ends_with(kLts)) {
    ecosystem.remove_suffix(kLts.size());
  }
  return std::string(ecosystem);
}

}  // namespace landwaiter::analyzer::advisory
