#include "agent/extract/lang/java/jar_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr std::string_view kEndings[] = {".jar", ".war", ".ear",
                                         ".par", ".hpi", ".jpi"};
constexpr size_t kEnding = 4;

// Words within a version that may have a number behind them: "1.0-beta-2".
constexpr std::string_view kQualifiers[] = {
    "alpha",   "b",  "beta", "build",    "cr",     "ga", "m",         "pre",
    "preview", "rc", "rev",  "snapshot", "redhat", "sp", "incubating"};
// Words behind a version that tell which of its files this is.
constexpr std::string_view kClassifiers[] = {
    "-all",     "-javadoc", "-linux", "-osx",  "-shaded",
    "-sources", "-tests",   "-uber",  "-with", "-windows"};

bool IsDigit(char c) { return absl::ascii_isdigit(c); }

bool IsQualifier(std::string_view word) {
  return std::any_of(std::begin(kQualifiers), std::end(kQualifiers),
                     [&](std::string_view qualifier) {
                       return base::EqualsIgnoreCase(word, qualifier);
                     });
}

// Whether another name's part comes later: of "1.2-api-2.14.1", "api".
bool GoesOnAsName(std::string_view version) {
  bool name = false;
  for (std::string_view part : base::Split(version, '-')) {
    if (part.empty()) continue;
    if (IsDigit(part[0]) && name) return true;
    name = !IsDigit(part[0]) && !IsQualifier(part);
  }
  return false;
}

std::string_view WithoutClassifier(std::string_view version) {
  for (std::string_view classifier : kClassifiers) {
    const size_t at = version.find(classifier);
    if (at != version.npos) version = version.substr(0, at);
  }
  return version;
}

}  // namespace

bool IsJavaArchive(std::string_view path) {
  if (path.size() <= kEnding || path[path.size() - kEnding] != '.') {
    return false;
  }
  const std::string_view ending = path.substr(path.size() - kEnding);
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view known) {
                       return base::EqualsIgnoreCase(ending, known);
                     });
}

JarName ParseJarName(std::string_view path) {
  const size_t slash = path.rfind('/');
  std::string_view stem = slash == path.npos ? path : path.substr(slash + 1);
  if (IsJavaArchive(stem)) stem.remove_suffix(kEnding);
  for (size_t dash = stem.find('-'); dash != stem.npos;
       dash = stem.find('-', dash + 1)) {
    const std::string_view version = stem.substr(dash + 1);
    if (dash == 0 || version.empty() || !IsDigit(version[0])) continue;
    if (GoesOnAsName(WithoutClassifier(version))) continue;
    return {stem, stem.substr(0, dash), WithoutClassifier(version)};
  }
  return {stem, stem, {}};
}

}  // namespace landwaiter::agent::extract::lang
