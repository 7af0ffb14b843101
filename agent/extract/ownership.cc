#include "agent/extract/ownership.h"

#include <algorithm>
#include <iterator>

#include "core/base/strings.h"

namespace landwaiter::agent::extract {
namespace {

// Sorted: it is searched for each file of each package.
constexpr std::string_view kNames[] = {
    "Cargo.lock",        "DESCRIPTION",      "Directory.Packages.props",
    "Gemfile.lock",      "METADATA",         "Manifest.toml",
    "PKG-INFO",          "Package.resolved", "Pipfile.lock",
    "Podfile.lock",      "Project.toml",     "build.sbt.lock",
    "bun.lock",          "composer.json",    "composer.lock",
    "conan.lock",        "conanfile.txt",    "environment.yaml",
    "environment.yml",   "go.mod",           "gradle.lockfile",
    "installed.json",    "mix.lock",         "npm-shrinkwrap.json",
    "package-lock.json", "package.json",     "packages.lock.json",
    "pdm.lock",          "pnpm-lock.yaml",   "poetry.lock",
    "pom.properties",    "pom.xml",          "pubspec.lock",
    "pylock.toml",       "rebar.lock",       "release",
    "renv.lock",         "stack.yaml.lock",  "uv.lock",
    "yarn.lock",
};

constexpr std::string_view kEndings[] = {
    ".jar", ".war", ".ear",      ".par",     ".jmod",      ".hpi",
    ".egg", ".whl", ".egg-info", ".gemspec", ".deps.json", ".conda",
    ".apk", ".exe", ".dll",      ".node",    ".cabal",     ".lockfile",
};

// Beginnings of the names of shared libraries ("libssl.so.3").
constexpr std::string_view kLibraries[] = {
    "libcrypto", "libcurl", "libjli",    "libjvm",  "libmysqlclient", "libnode",
    "libphp",    "libpq",   "libpython", "libruby", "libssl",
};

constexpr std::string_view kProgramFolders[] = {"bin", "sbin", "libexec"};

bool IsInProgramFolder(std::string_view path) {
  while (true) {
    const size_t slash = path.find('/');
    if (slash == path.npos) return false;
    const std::string_view part = path.substr(0, slash);
    if (std::find(std::begin(kProgramFolders), std::end(kProgramFolders),
                  part) != std::end(kProgramFolders)) {
      return true;
    }
    path.remove_prefix(slash + 1);
  }
}

bool IsLibrary(std::string_view name) {
  if (!base::Contains(name, ".so")) return false;
  return std::any_of(
      std::begin(kLibraries), std::end(kLibraries),
      [name](std::string_view start) { return name.starts_with(start); });
}

}  // namespace

bool MayTellOfSoftware(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string_view name =
      slash == path.npos ? path : path.substr(slash + 1);
  if (std::binary_search(std::begin(kNames), std::end(kNames), name) ||
      std::any_of(
          std::begin(kEndings), std::end(kEndings),
          [name](std::string_view end) { return name.ends_with(end); })) {
    return true;
  }
  return IsInProgramFolder(path) || IsLibrary(name);
}

}  // namespace landwaiter::agent::extract
