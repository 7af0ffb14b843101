#ifndef LANDWAITER_AGENT_EXTRACT_OS_DPKG_STANZA_H_
#define LANDWAITER_AGENT_EXTRACT_OS_DPKG_STANZA_H_

#include <string>
#include <string_view>

#include "core/model/package.h"

namespace landwaiter::agent::extract::os {

// The fields of one stanza that make a package; the others are not kept.
struct DpkgStanza {
  std::string package;
  std::string status;
  std::string version;
  std::string architecture;
  std::string source;
  std::string maintainer;
  std::string license;  // opkg's; Debian's own status has none
  // Whether the stanza has any field, kept or not.
  bool any = false;

  // Takes a field; names are compared without case, as dpkg does.
  void Set(std::string_view field, std::string_view value);

  // Whether the package's code is on disk (dpkg.h).
  bool Installed() const;

  // Without a type. "Source: glibc (2.36-9)" gives both; without a version, or
  // without the field, they are the package's own.
  model::Package ToPackage() const;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_DPKG_STANZA_H_
