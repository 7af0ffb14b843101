#include "agent/inspect/purl.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

// purl-spec, "Character encoding": everything but these is encoded; a colon is
// not, wherever it stands.
std::string Encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                       c == '_' || c == '~' || c == ':';
    if (plain) {
      result += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      result += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return result;
}

// The vendor, where the spec names it otherwise than os-release does.
std::string Namespace(const model::OsRelease& os) {
  if (os.id == "rhel") return "redhat";
  if (os.id.starts_with("opensuse")) return "opensuse";
  return os.id;
}

std::string Distro(const model::OsRelease& os) {
  const std::string& version =
      os.version_id.empty() ? os.codename : os.version_id;
  return version.empty() ? os.id : base::StrCat(os.id, "-", version);
}

bool IsSystemPackage(const model::Package& package) {
  constexpr std::array<std::string_view, 5> kTypes = {"alpm", "apk", "deb",
                                                      "opkg", "rpm"};
  return std::find(kTypes.begin(), kTypes.end(), package.type) != kTypes.end();
}

using Qualifiers = std::map<std::string_view, std::string>;

// Sorted by key; those without a value are left out, as the spec has it.
void AppendQualifiers(const Qualifiers& qualifiers, std::string& url) {
  char separator = '?';
  for (const auto& [key, value] : qualifiers) {
    if (value.empty()) continue;
    url += separator;
    base::StrAppend(&url, key, "=", Encode(value));
    separator = '&';
  }
}

void AppendVersion(std::string_view version, std::string& url) {
  if (!version.empty()) base::StrAppend(&url, "@", Encode(version));
}

// The package that it was built from, if it is called otherwise or has another
// version: as syft tells it, and as its readers understand it.
std::string Upstream(const model::Package& package) {
  if (package.source_name.empty()) return {};
  if (package.type == "rpm") {
    return base::StrCat(package.source_name, "-", package.source_version,
                        ".src.rpm");
  }
  if (package.source_version != package.version &&
      !package.source_version.empty()) {
    return base::StrCat(package.source_name, "@", package.source_version);
  }
  return package.source_name == package.name ? std::string()
                                             : package.source_name;
}

std::string SystemPackageUrl(const model::Package& package,
                             const model::OsRelease& os) {
  Qualifiers qualifiers = {{"arch", package.architecture},
                           {"distro", Distro(os)},
                           {"upstream", Upstream(package)}};
  std::string_view version = package.version;
  const bool rpm = package.type == "rpm";
  if (rpm) {
    if (const auto epoch = base::SplitOnce(version, ':')) {
      qualifiers["epoch"] = epoch->first;
      version = epoch->second;
    }
  }
  std::string url = base::StrCat("pkg:", Encode(package.type), "/");
  if (!os.id.empty()) base::StrAppend(&url, Encode(Namespace(os)), "/");
  // An rpm's name alone is told apart by capitals.
  base::StrAppend(&url,
                  Encode(rpm ? package.name : base::ToLower(package.name)));
  AppendVersion(version, url);
  AppendQualifiers(qualifiers, url);
  return url;
}

// Whether the spec has names of the type in lower case.
bool IsLowerCase(std::string_view type) {
  constexpr std::array<std::string_view, 8> kTypes = {
      "bitnami", "composer", "conda", "golang", "hex", "npm", "pub", "pypi"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

// What parts namespace and name, if the ecosystem has namespaces; else a slash
// is a part of the name.
char SeparatorOf(std::string_view type) {
  if (type == "maven") return ':';
  constexpr std::array<std::string_view, 6> kTypes = {
      "composer", "conan", "ebuild", "golang", "npm", "swift"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end() ? '/'
                                                                       : '\0';
}

std::string LanguagePackageUrl(const model::Package& package) {
  std::string_view type = package.type;
  std::string name =
      IsLowerCase(type) ? base::ToLower(package.name) : package.name;
  std::string subpath;
  if (type == "cocoapods") {
    // "ShareKit/Twitter": a part of a pod.
    if (const auto parts = base::SplitOnce(package.name, '/')) {
      name = parts->first;
      subpath = base::StrCat("#", Encode(parts->second));
    }
  }
  // Maven's must have a group; without, it is not known to be of Maven.
  if (type == "maven" && name.find(':') == name.npos) type = "generic";
  std::string url = base::StrCat("pkg:", Encode(type));
  for (std::string_view part : base::Split(name, SeparatorOf(type))) {
    if (!part.empty()) base::StrAppend(&url, "/", Encode(part));
  }
  AppendVersion(package.version, url);
  if (type == "conda") {
    AppendQualifiers({{"subdir", package.architecture}}, url);
  }
  return url + subpath;
}

}  // namespace

std::string PackageUrl(const model::Package& package,
                       const model::OsRelease& os) {
  return IsSystemPackage(package) ? SystemPackageUrl(package, os)
                                  : LanguagePackageUrl(package);
}

}  // namespace landwaiter::agent::inspect
