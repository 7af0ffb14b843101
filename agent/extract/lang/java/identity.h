#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JAVA_IDENTITY_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JAVA_IDENTITY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/extract/lang/java/jar_name.h"
#include "agent/extract/lang/java/manifest.h"

namespace landwaiter::agent::extract::lang {

// A Maven coordinate, as far as it is known.
struct Coordinate {
  std::string group;
  std::string artifact;
  std::string version;
  std::string member;  // the archive's member that tells it; empty: its name

  // "group:artifact", or the artifact if no group is known.
  std::string Name() const;
};

// What a pom.properties says.
Coordinate ParsePomProperties(std::string_view text);

// What the path of META-INF/maven/GROUP/ARTIFACT/pom.xml (or pom.properties)
// says; nullopt for other paths.
std::optional<Coordinate> CoordinateOfPath(std::string_view path);

// Whether `coordinate` is the archive's own by the archive's name, not that of
// something packed into it.
bool IsOwn(const Coordinate& coordinate, const JarName& name);

// The coordinate of an archive that no pom.properties tells of, out of (first
// counts):
//   artifact  its name with a version; the manifest's titles, if they look
//             like one; its name
//   version   Implementation-Version; its name; Plugin-, Specification-,
//             Bundle-Version
//   group     a pom.xml's path; the published one of the artifact; the
//             manifest's Group-Id, Implementation-Vendor-Id,
//             Bundle-SymbolicName
// nullopt if nothing tells a version, or if neither its name has a version nor
// anything tells a group: then the name is no artifact's.
std::optional<Coordinate> OwnCoordinate(const JarName& name,
                                        const Manifest& manifest,
                                        const std::vector<Coordinate>& poms);

// Licences that the manifest names.
std::vector<std::string> LicensesOf(const Manifest& manifest);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JAVA_IDENTITY_H_
