#include "analyzer/advisory/ecosystem.h"

#include <algorithm>
#include <vector>

#include "analyzer/advisory/suse_oval/product.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kUbuntu = "Ubuntu:";
constexpr std::string_view kLts = ":LTS";
constexpr std::string_view kRedHat = "Red Hat:";

// As the OSV schema spells them; feeds do not always.
constexpr std::string_view kNames[] = {
    "AlmaLinux",   "Alpine",         "Azure Linux", "Bioconductor", "Bitnami",
    "CRAN",        "Chainguard",     "ConanCenter", "crates.io",    "Debian",
    "GHC",         "GitHub Actions", "Go",          "Hackage",      "Hex",
    "Julia",       "Kubernetes",     "Mageia",      "Maven",        "MinimOS",
    "npm",         "NuGet",          "openEuler",   "openSUSE",     "OSS-Fuzz",
    "Packagist",   "Photon OS",      "Pub",         "PyPI",         "Red Hat",
    "Rocky Linux", "RubyGems",       "SUSE",        "SwiftURL",     "Ubuntu",
    "Wolfi"};

// The part before the first ":" as it is spelt officially.
std::string WithOfficialName(std::string_view ecosystem) {
  const size_t end = std::min(ecosystem.find(':'), ecosystem.size());
  for (const std::string_view name : kNames) {
    if (base::EqualsIgnoreCase(name, ecosystem.substr(0, end))) {
      return base::StrCat(name, ecosystem.substr(end));
    }
  }
  return std::string(ecosystem);
}

std::string CanonicalRedHat(std::string_view cpe_suffix) {
  const std::vector<std::string_view> parts = base::Split(cpe_suffix, ':');
  if (parts.size() < 2) return base::StrCat(kRedHat, cpe_suffix);
  if (parts[0] != "enterprise_linux") {
    return base::StrCat(kRedHat, parts[0], ":", parts[1]);
  }
  // "10.0" is the release 10 at its first minor version.
  return base::StrCat(kRedHat, base::Split(parts[1], '.').front());
}

// PEP 503: lower case, "-" for runs of "-", "_" and ".".
std::string NormalizedPypi(std::string_view name) {
  std::string normalized;
  for (const char c : base::ToLower(name)) {
    const bool mark = c == '-' || c == '_' || c == '.';
    if (!mark) {
      normalized.push_back(c);
    } else if (!normalized.ends_with('-')) {
      normalized.push_back('-');
    }
  }
  return normalized;
}

// "https://github.com/Apple/swift-nio.git" is "github.com/apple/swift-nio".
std::string NormalizedSwift(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != url.npos) {
    url.remove_prefix(scheme + 3);
  }
  std::string name = base::ToLower(url);
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  return name;
}

}  // namespace

std::string CanonicalEcosystem(std::string_view ecosystem) {
  const std::string named = WithOfficialName(ecosystem);
  std::string_view rest = named;
  if (rest.starts_with(kRedHat)) {
    return CanonicalRedHat(rest.substr(kRedHat.size()));
  }
  if (rest.starts_with("SUSE:")) {
    std::string key =
        SuseEcosystem(base::StrCat("SUSE ", rest.substr(rest.find(':') + 1)));
    return key.empty() ? std::string(rest) : key;
  }
  // Behind these is the registry.
  for (const std::string_view language : {"Maven:", "Packagist:"}) {
    if (rest.starts_with(language)) {
      return std::string(language.substr(0, language.size() - 1));
    }
  }
  if (rest.starts_with(kUbuntu) && rest.ends_with(kLts)) {
    rest.remove_suffix(kLts.size());
  }
  return std::string(rest);
}

std::string CanonicalPackage(std::string_view ecosystem,
                             std::string_view name) {
  if (ecosystem == "PyPI") return NormalizedPypi(name);
  if (ecosystem == "SwiftURL") return NormalizedSwift(name);
  for (const std::string_view lower :
       {"NuGet", "Packagist", "GitHub Actions"}) {
    if (ecosystem == lower) return base::ToLower(name);
  }
  return std::string(name);
}

}  // namespace landwaiter::analyzer::advisory
