#include "agent/extract/lang/maven/pom.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agent/extract/lang/formats.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/xml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Of properties, dependencies and managed versions each. More are a problem.
constexpr size_t kMaxEntries = 10'000;

struct Dependency {
  std::string group;
  std::string artifact;
  std::string version;
  std::string scope;
};

// Collects what interpolation needs: properties may come last.
class PomHandler : public text::TreeHandler {
 public:
  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.back() != "#" || path.size() < 3 || path[0] != "project") {
      return absl::OkStatus();
    }
    // The text of project/key, of .../dependency/key or properties/key.
    const std::string_view key = path[path.size() - 2];
    if (path.size() == 3) {
      Define(base::StrCat("project.", key), text);
    } else if (path.Is({"project", "parent", "*", "#"})) {
      Define(base::StrCat("project.parent.", key), text);
    } else if (path.Is({"project", "properties", "*", "#"})) {
      Define(key, text);
    } else if (IsDependency(path, path.size() - 2)) {
      if (key == "groupId") dependency_.group = text;
      if (key == "artifactId") dependency_.artifact = text;
      if (key == "version") dependency_.version = text;
      if (key == "scope") dependency_.scope = text;
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!IsDependency(path, path.size())) return absl::OkStatus();
    auto& list = path.size() == 3 ? dependencies : managed;
    if (list.size() < kMaxEntries) {
      list.push_back(std::move(dependency_));
    } else {
      too_many = true;
    }
    dependency_ = {};
    return absl::OkStatus();
  }

  std::map<std::string, std::string, std::less<>> properties;
  std::vector<Dependency> dependencies;
  std::vector<Dependency> managed;
  bool too_many = false;

 private:
  static bool IsDependency(const text::Path& path, size_t size) {
    return (size == 3 &&
            path.StartsWith({"project", "dependencies", "dependency"})) ||
           (size == 4 && path.StartsWith({"project", "dependencyManagement",
                                          "dependencies", "dependency"}));
  }

  void Define(std::string_view name, std::string_view value) {
    if (value.size() > PackageList::kMaxIdentity ||
        name.size() > PackageList::kMaxIdentity) {
      return;
    }
    if (properties.size() < kMaxEntries) {
      properties.insert_or_assign(std::string(name), std::string(value));
    } else {
      too_many = true;
    }
  }

  Dependency dependency_;
};

class Resolver {
 public:
  explicit Resolver(const PomHandler& pom) : pom_(pom) {
    for (const Dependency& managed : pom.managed) {
      versions_.emplace(NameOf(managed), Interpolate(managed.version));
    }
  }

  std::string NameOf(const Dependency& dependency) const {
    return base::StrCat(Interpolate(dependency.group), ":",
                        Interpolate(dependency.artifact));
  }

  std::string VersionOf(const Dependency& dependency,
                        const std::string& name) const {
    if (!dependency.version.empty()) return Interpolate(dependency.version);
    const auto managed = versions_.find(name);
    return managed == versions_.end() ? std::string() : managed->second;
  }

  // With ${properties} replaced, as far as they are known.
  std::string Interpolate(std::string_view text) const {
    std::string result(text);
    // A value may name properties again, but not without end.
    for (int step = 0; step < 16; ++step) {
      const size_t open = result.find("${");
      const size_t close = result.find('}', open);
      if (open == result.npos || close == result.npos) break;
      const std::string* value =
          Find(std::string_view(result).substr(open + 2, close - open - 2));
      if (value == nullptr) break;
      result.replace(open, close + 1 - open, *value);
      if (result.size() > PackageList::kMaxIdentity) break;
    }
    return result;
  }

 private:
  const std::string* Find(std::string_view name) const {
    if (const auto* value = Get(name)) return value;
    // "pom.x" and plain "version" are old names; a project has the group and
    // version of its parent where it says none.
    if (name == "version" || name == "groupId") {
      return Find(base::StrCat("project.", name));
    }
    if (name.starts_with("pom.")) {
      return Find(base::StrCat("project.", name.substr(4)));
    }
    if (name == "project.version") return Get("project.parent.version");
    if (name == "project.groupId") return Get("project.parent.groupId");
    return nullptr;
  }

  const std::string* Get(std::string_view name) const {
    const auto found = pom_.properties.find(name);
    return found == pom_.properties.end() ? nullptr : &found->second;
  }

  const PomHandler& pom_;
  std::map<std::string, std::string> versions_;
};

// Not a range ("[1,2)"), nor something that only other files tell.
bool IsVersion(std::string_view version) {
  return version.find_first_of("${}[(,") == version.npos;
}

}  // namespace

absl::Status ReadPom(std::string_view, File& file, PackageList& packages) {
  PomHandler pom;
  LANDWAITER_RETURN_IF_ERROR(Conclude(text::ReadXml(file, pom), packages));
  if (pom.too_many) packages.problems().Add("too many entries");
  const Resolver resolver(pom);
  for (const Dependency& dependency : pom.dependencies) {
    model::Package package = Declared("maven");
    package.name = resolver.NameOf(dependency);
    package.version = resolver.VersionOf(dependency, package.name);
    package.development = dependency.scope == "test";
    if (!IsVersion(package.version) || !IsVersion(package.name) ||
        package.name.starts_with(':') || package.name.ends_with(':')) {
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::agent::extract::lang
