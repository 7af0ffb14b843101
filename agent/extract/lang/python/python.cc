#include "agent/extract/lang/python/python.h"

#include <array>

#include "agent/extract/lang/python/conda_environment.h"
#include "agent/extract/lang/python/conda_meta.h"
#include "agent/extract/lang/python/egg.h"
#include "agent/extract/lang/python/metadata.h"
#include "agent/extract/lang/python/pipfile_lock.h"
#include "agent/extract/lang/python/pylock.h"
#include "agent/extract/lang/python/requirements.h"
#include "agent/extract/lang/python/toml_lock.h"

namespace landwaiter::agent::extract::lang {
namespace {

bool IsMetadata(std::string_view path) {
  return path.ends_with(".dist-info/METADATA") ||
         path.ends_with(".egg-info/PKG-INFO") ||
         path.ends_with("EGG-INFO/PKG-INFO") || path.ends_with(".egg-info");
}

// requirements.txt, requirements-dev.txt, my-requirements.txt; not those that
// packages bring along.
bool IsRequirements(std::string_view path) {
  if (!path.ends_with(".txt")) return false;
  const std::string_view name = BaseName(path);
  return (name.starts_with("requirements") ||
          name.ends_with("requirements.txt")) &&
         !Below(path, "site-packages") && !Below(path, "dist-packages");
}

bool IsTomlLock(std::string_view path) {
  return path.ends_with(".lock") &&
         (Named(path, "poetry.lock") || Named(path, "uv.lock") ||
          Named(path, "pdm.lock"));
}

bool IsCondaMeta(std::string_view path) {
  return path.ends_with(".json") && Named(DirectoryOf(path), "conda-meta");
}

bool IsCondaEnvironment(std::string_view path) {
  return Named(path, "environment.yml") || Named(path, "environment.yaml");
}

// pylock.toml, pylock.production.toml
bool IsPylock(std::string_view path) {
  if (!path.ends_with(".toml")) return false;
  const std::string_view name = BaseName(path);
  return name == "pylock.toml" || name.starts_with("pylock.");
}

constexpr std::array<Format, 8> kFormats = {{
    {IsMetadata, ReadMetadata},
    {IsRequirements, ReadRequirements},
    {IsTomlLock, ReadTomlLock},
    {[](std::string_view path) { return Named(path, "Pipfile.lock"); },
     ReadPipfileLock},
    {IsCondaMeta, ReadCondaMeta},
    {[](std::string_view path) { return path.ends_with(".egg"); }, ReadEgg},
    {IsPylock, ReadPylock},
    {IsCondaEnvironment, ReadCondaEnvironment},
}};

}  // namespace

Python::Python() : Formats("lang/python", 2, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
