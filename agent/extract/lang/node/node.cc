#include "agent/extract/lang/node/node.h"

#include <array>

#include "agent/extract/lang/node/bun_lock.h"
#include "agent/extract/lang/node/package_json.h"
#include "agent/extract/lang/node/package_lock.h"
#include "agent/extract/lang/node/pnpm_lock.h"
#include "agent/extract/lang/node/yarn_lock.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr std::string_view kModules = "node_modules";

bool IsLock(std::string_view path, std::string_view name) {
  return Named(path, name) && !Below(path, kModules);
}

// node_modules/NAME/package.json and node_modules/@SCOPE/NAME/package.json.
// Deeper ones only tell the kind of module that a folder has, or are tests; but
// for those of packages that a package brings along in a folder for that.
// Outside of node_modules it is an application's own.
bool IsInstalled(std::string_view path) {
  if (!Named(path, "package.json")) return false;
  if (!Below(path, kModules)) return true;
  const std::string_view package = DirectoryOf(path);
  const std::string_view above = DirectoryOf(package);
  if (Named(above, kModules) || Named(above, "vendor")) return true;
  return BaseName(above).starts_with('@') &&
         Named(DirectoryOf(above), kModules);
}

constexpr std::array<Format, 6> kFormats = {{
    {IsInstalled, ReadPackageJson},
    {[](std::string_view path) { return IsLock(path, "package-lock.json"); },
     ReadPackageLock},
    {[](std::string_view path) { return IsLock(path, "npm-shrinkwrap.json"); },
     ReadPackageLock},
    {[](std::string_view path) { return IsLock(path, "yarn.lock"); },
     ReadYarnLock},
    {[](std::string_view path) { return IsLock(path, "pnpm-lock.yaml"); },
     ReadPnpmLock},
    {[](std::string_view path) { return IsLock(path, "bun.lock"); },
     ReadBunLock},
}};

}  // namespace

Node::Node() : Formats("lang/node", 2, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
