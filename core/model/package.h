#ifndef LANDWAITER_CORE_MODEL_PACKAGE_H_
#define LANDWAITER_CORE_MODEL_PACKAGE_H_

#include <compare>
#include <string>
#include <vector>

namespace landwaiter::model {

// One package as its own database, metadata or lock file tells it. Strings are
// UTF-8 (what was not is replaced), empty when the source does not say.
struct Package {
  // The purl type: "deb", "apk", "rpm", "pypi", "npm", "maven", "golang".
  std::string type;
  // As its ecosystem's advisories spell it: a purl's namespace and name in one.
  // npm "@scope/name", maven "group:artifact", golang and composer
  // "vendor/path", pypi normalised (PEP 503: lower case, "-" for runs of
  // "-_.").
  std::string name;
  // The whole version in the form its package manager compares: dpkg
  // "1:2.3-4", rpm "[epoch:]version-release" (an epoch of 0 is left out), apk
  // "1.2.3-r4", golang with its "v", except "stdlib", which has "1.22.1".
  std::string version;
  std::string architecture;  // as the database has it: "amd64", "x86_64", "all"
  // The source package that advisories name (dpkg Source, apk origin, the
  // name part of an rpm's SOURCERPM). Equal to name and version where the
  // database leaves them out, so a matcher never has to fall back; empty for
  // an rpm without SOURCERPM (gpg-pubkey).
  std::string source_name;
  std::string source_version;
  std::string module;  // rpm MODULARITYLABEL, "nodejs:14:8030020...:..."
  std::string vendor;  // rpm VENDOR, dpkg and apk maintainer
  std::vector<std::string> licenses;  // as declared; SPDX or not
  // Where in the file, if that is an archive: the path of the innermost member
  // that tells it, members of members parted by "!/"
  // ("BOOT-INF/lib/a.jar!/META-INF/MANIFEST.MF").
  std::string location;
  // Asked for by a lock file or a manifest; nothing shows that it is installed.
  bool declared = false;
  // Asked for by development alone (npm's dev, a Pipfile's develop).
  bool development = false;

  friend auto operator<=>(const Package&, const Package&) = default;
};

// What os-release, or one of its predecessors, says of the system.
struct OsRelease {
  std::string id;           // "debian", "rhel", "alpine": lower case
  std::string id_like;      // "rhel fedora"
  std::string version_id;   // "12", "3.18.4", "8.6"; "" for a rolling system
  std::string codename;     // "bookworm"; Debian sid has only this
  std::string pretty_name;  // "Debian GNU/Linux 12 (bookworm)"
  std::string cpe_name;     // "cpe:/o:redhat:enterprise_linux:8::baseos"

  bool empty() const { return id.empty(); }
  friend auto operator<=>(const OsRelease&, const OsRelease&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_PACKAGE_H_
