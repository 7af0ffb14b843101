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

// The namespace and the name are parted by what the ecosystem parts them by.
std::string LanguagePackageUrl(const model::Package& package) {
  const char separator = package.type == "maven" ? ':' : '/';
  std::string url = base::StrCat("pkg:", Encode(package.type));
  for (std::string_view part : base::Split(package.name, separator)) {
    base::StrAppend(&url, "/", Encode(part));
  }
  if (!package.version.empty()) {
    base::StrAppend(&url, "@", Encode(package.version));
  }
  return url;
}

}  // namespace

std::string PackageUrl(const model::Package& package,
                       const model::OsRelease& os) {
  if (!IsSystemPackage(package)) return LanguagePackageUrl(package);
  std::map<std::string_view, std::string> qualifiers;
  std::string_view version = package.version;
  if (package.type == "rpm") {
    if (const auto epoch = base::SplitOnce(version, ':')) {
      qualifiers["epoch"] = epoch->first;
      version = epoch->second;
    }
  }
  qualifiers["arch"] = package.architecture;
  qualifiers["distro"] = Distro(os);
  const bool lower = package.type == "deb" || package.type == "apk";
  std::string url = base::StrCat("pkg:", Encode(package.type), "/");
  if (!os.id.empty()) base::StrAppend(&url, Encode(Namespace(os)), "/");
  base::StrAppend(&url,
                  Encode(lower ? base::ToLower(package.name) : package.name));
  if (!version.empty()) base::StrAppend(&url, "@", Encode(version));
  char separator = '?';
  for (const auto& [key, value] : qualifiers) {
    if (value.empty()) continue;
    url += separator;
    base::StrAppend(&url, key, "=", Encode(value));
    separator = '&';
  }
  return url;
}

}  // namespace landwaiter::agent::inspect
