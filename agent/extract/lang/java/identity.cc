#include "agent/extract/lang/java/identity.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "agent/extract/lang/java/published_groups.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";
constexpr std::string_view kMaven = "META-INF/maven/";
constexpr size_t kMaxId = 256;

// An id of Maven: no blanks, no variables that the build left unresolved.
bool LooksLikeId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxId &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
         });
}

bool LooksLikeVersion(std::string_view text) {
  return !text.empty() && text.size() <= kMaxId &&
         std::any_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) ||
                  base::Contains("._-+~", std::string_view(&c, 1));
         });
}

// A title can be a name for people; an artifact's has no capitals or blanks.
bool LooksLikeArtifact(std::string_view text) {
  return LooksLikeId(text) &&
         std::none_of(text.begin(), text.end(), absl::ascii_isupper);
}

// "org.apache.tomcat-coyote;singleton:=true" without its directives.
std::string_view SymbolicName(const Manifest& manifest) {
  const std::string_view name = manifest.Get("bundle-symbolicname");
  return base::Strip(name.substr(0, name.find(';')));
}

std::string_view AfterLastDot(std::string_view text) {
  const size_t dot = text.rfind('.');
  return dot == text.npos ? text : text.substr(dot + 1);
}

std::string_view Artifact(const JarName& name, const Manifest& manifest) {
  if (!name.version.empty()) return name.artifact;
  for (const std::string_view title :
       {manifest.Get("short-name"), manifest.Get("implementation-title"),
        manifest.Get("bundle-name")}) {
    if (LooksLikeArtifact(title)) return title;
  }
  const std::string_view symbolic = AfterLastDot(SymbolicName(manifest));
  if (LooksLikeArtifact(symbolic) && base::Contains(symbolic, "-")) {
    return symbolic;
  }
  return name.artifact;
}

std::string_view Version(const JarName& name, const Manifest& manifest) {
  for (const std::string_view version :
       {manifest.Get("implementation-version"), name.version,
        manifest.Get("plugin-version"), manifest.Get("specification-version"),
        manifest.Get("bundle-version")}) {
    if (LooksLikeVersion(version)) return version;
  }
  return {};
}

// The bundle's name is made of the group and the artifact, less what both
// have: org.apache.felix + org.apache.felix.main, org.foo + bar.
std::string_view GroupOfBundle(std::string_view symbolic,
                               std::string_view artifact) {
  const std::string_view last = AfterLastDot(symbolic);
  if (last.size() == symbolic.size() || !LooksLikeId(symbolic)) return {};
  if (symbolic == artifact || last == artifact) {
    return symbolic.substr(0, symbolic.size() - last.size() - 1);
  }
  if (artifact.starts_with(last) && artifact.size() > last.size() &&
      artifact[last.size()] == '-') {
    return symbolic;
  }
  return {};
}

std::string_view Group(std::string_view artifact, std::string_view version,
                       const Manifest& manifest) {
  const std::string_view published = PublishedGroup(artifact, version);
  if (!published.empty()) return published;
  for (const std::string_view group :
       {manifest.Get("group-id"), manifest.Get("implementation-vendor-id")}) {
    if (LooksLikeId(group)) return group;
  }
  return GroupOfBundle(SymbolicName(manifest), artifact);
}

// "com.netflix.hystrix#hystrix-core;1.5.18", as Gradle's nebula titles it.
std::optional<Coordinate> FromNebulaTitle(std::string_view title) {
  const auto parts = base::SplitOnce(title, '#');
  if (!parts.has_value()) return std::nullopt;
  const auto rest = base::SplitOnce(parts->second, ';');
  if (!rest.has_value() || !LooksLikeId(parts->first) ||
      !LooksLikeId(rest->first) || !LooksLikeVersion(rest->second)) {
    return std::nullopt;
  }
  return Coordinate{std::string(parts->first), std::string(rest->first),
                    std::string(rest->second), std::string(kManifest)};
}

}  // namespace

std::string Coordinate::Name() const {
  return group.empty() ? artifact : base::StrCat(group, ":", artifact);
}

Coordinate ParsePomProperties(std::string_view text) {
  Coordinate coordinate;
  for (std::string_view line : base::Split(text, '\n')) {
    line = base::Strip(line);
    if (line.empty() || line[0] == '#' || line[0] == '!') continue;
    const size_t parting = line.find_first_of("=:");
    if (parting == line.npos) continue;
    const std::string_view key = base::Strip(line.substr(0, parting));
    const std::string_view value = base::Strip(line.substr(parting + 1));
    if (base::Contains(value, "${")) continue;
    if (key == "groupId") coordinate.group = value;
    if (key == "artifactId") coordinate.artifact = value;
    if (key == "version") coordinate.version = value;
  }
  return coordinate;
}

std::optional<Coordinate> CoordinateOfPath(std::string_view path) {
  const size_t at = path.find(kMaven);
  if (at == path.npos || (at > 0 && path[at - 1] != '/')) return std::nullopt;
  const auto parts = base::Split(path.substr(at + kMaven.size()), '/');
  if (parts.size() != 3 || !LooksLikeId(parts[0]) || !LooksLikeId(parts[1])) {
    return std::nullopt;
  }
  return Coordinate{.group = std::string(parts[0]),
                    .artifact = std::string(parts[1]),
                    .member = std::string(path)};
}

bool IsOwn(const Coordinate& coordinate, const JarName& name) {
  std::string_view stem = name.stem;
  if (stem.starts_with(coordinate.group + ".")) {
    stem.remove_prefix(coordinate.group.size() + 1);
  }
  if (!stem.starts_with(coordinate.artifact)) return false;
  stem.remove_prefix(coordinate.artifact.size());
  return stem.empty() || stem[0] == '-' || stem[0] == '.';
}

std::optional<Coordinate> OwnCoordinate(const JarName& name,
                                        const Manifest& manifest,
                                        const std::vector<Coordinate>& poms) {
  if (auto nebula = FromNebulaTitle(manifest.Get("implementation-title"))) {
    return nebula;
  }
  Coordinate own;
  own.version = Version(name, manifest);
  if (own.version.empty()) return std::nullopt;
  own.member = own.version == name.version ? "" : kManifest;
  for (const Coordinate& pom : poms) {
    if (poms.size() > 1 && !IsOwn(pom, name)) continue;
    own.group = pom.group;
    own.artifact = pom.artifact;
    own.member = pom.member;
    return own;
  }
  own.artifact = Artifact(name, manifest);
  own.group = Group(own.artifact, own.version, manifest);
  if (own.artifact.empty()) return std::nullopt;
  if (own.group.empty() && name.version.empty()) return std::nullopt;
  return own;
}

std::vector<std::string> LicensesOf(const Manifest& manifest) {
  std::vector<std::string> licenses;
  for (const std::string_view name :
       {"bundle-license", "plugin-license-name", "plugin-license-name-2",
        "plugin-license-name-3"}) {
    std::string_view license = manifest.Get(name);
    license = base::Strip(license.substr(0, license.find(';')));
    if (!license.empty()) licenses.emplace_back(license);
  }
  return licenses;
}

}  // namespace landwaiter::agent::extract::lang
