#include "agent/extract/lang/dotnet/dotnet.h"

#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "core/base/strings.h"
#include "core/text/json.h"
#include "core/text/xml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// "targets" tells which files each library brings, "libraries", behind it,
// what kind of library it is. Both key by "name/version".
class DepsHandler : public text::TreeHandler {
 public:
  explicit DepsHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"libraries", "*", "type"})) type_ = text;
    return absl::OkStatus();
  }

  absl::Status Enter(const text::Path& path) override {
    if (path.size() == 5 && path[0] == "targets" && IsFiles(path[3])) {
      brings_files_ = true;
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (path.Is({"targets", "*", "*"})) {
      // Beyond the limit a library counts as one with files.
      if (!std::exchange(brings_files_, false) && empty_.size() < kMaxEmpty &&
          path[2].size() <= PackageList::kMaxIdentity) {
        empty_.emplace(path[2]);
      }
    }
    if (!path.Is({"libraries", "*"})) return absl::OkStatus();
    const std::string type = std::exchange(type_, {});
    const bool package = type == "package" && !empty_.contains(path[1]);
    if (!package && type != "runtimepack") return absl::OkStatus();
    return Take(path[1]);
  }

 private:
  static constexpr size_t kMaxEmpty = 20'000;

  static bool IsFiles(std::string_view key) {
    return key == "runtime" || key == "runtimeTargets" || key == "native";
  }

  absl::Status Take(std::string_view key) {
    constexpr std::string_view kPack = "runtimepack.";
    if (key.starts_with(kPack)) key.remove_prefix(kPack.size());
    const auto parts = base::SplitOnce(key, '/');
    if (!parts.has_value()) return absl::OkStatus();
    model::Package package;
    package.type = "nuget";
    package.name = parts->first;
    package.version = parts->second;
    return Keep(std::move(package), packages_);
  }

  PackageList& packages_;
  std::set<std::string, std::less<>> empty_;  // libraries without files
  bool brings_files_ = false;
  std::string type_;
};

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  // dependencies, framework, name, field
  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"dependencies", "*", "*", "resolved"})) version_ = text;
    if (path.Is({"dependencies", "*", "*", "type"})) {
      project_ = base::EqualsIgnoreCase(text, "project");
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"dependencies", "*", "*"})) return absl::OkStatus();
    model::Package package = Declared("nuget");
    package.name = path[2];
    package.version = std::exchange(version_, {});
    if (std::exchange(project_, false)) return absl::OkStatus();
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
  std::string version_;
  bool project_ = false;
};

class ConfigHandler : public text::TreeHandler {
 public:
  explicit ConfigHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"packages", "package", "@id"})) package_.name = text;
    if (path.Is({"packages", "package", "@version"})) package_.version = text;
    if (path.Is({"packages", "package", "@developmentDependency"})) {
      package_.development = base::EqualsIgnoreCase(text, "true");
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "package"})) return absl::OkStatus();
    return Keep(std::exchange(package_, Declared("nuget")), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("nuget");
};

// Directory.Packages.props: versions that the projects below it share.
class PropsHandler : public text::TreeHandler {
 public:
  explicit PropsHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!IsPackage(path, 1)) return absl::OkStatus();
    text = base::Strip(text);
    if (path.back() == "@Include" || path.back() == "@Update") {
      package_.name = text;
    }
    if (path.back() == "@Version") package_.version = text;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!IsPackage(path, 0)) return absl::OkStatus();
    model::Package package = std::exchange(package_, Declared("nuget"));
    // A variable, or a range.
    if (package.name.find('$') != package.name.npos ||
        package.version.find_first_of("$[(*,") != package.version.npos) {
      return absl::OkStatus();
    }
    return Keep(std::move(package), packages_);
  }

 private:
  // Whether the path is an element's for a package, `below` levels above.
  static bool IsPackage(const text::Path& path, size_t below) {
    if (path.size() < below + 2) return false;
    const std::string_view name = path[path.size() - 1 - below];
    return (name == "PackageVersion" || name == "PackageReference") &&
           path[path.size() - 2 - below] == "ItemGroup";
  }

  PackageList& packages_;
  model::Package package_ = Declared("nuget");
};

absl::Status ReadDeps(std::string_view, File& file, PackageList& packages) {
  DepsHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

absl::Status ReadConfig(std::string_view, File& file, PackageList& packages) {
  ConfigHandler handler(packages);
  return Conclude(text::ReadXml(file, handler), packages);
}

absl::Status ReadProps(std::string_view, File& file, PackageList& packages) {
  PropsHandler handler(packages);
  return Conclude(text::ReadXml(file, handler), packages);
}

constexpr std::array<Format, 4> kFormats = {{
    {[](std::string_view path) { return path.ends_with(".deps.json"); },
     ReadDeps},
    {[](std::string_view path) { return Named(path, "packages.lock.json"); },
     ReadLock},
    {[](std::string_view path) { return Named(path, "packages.config"); },
     ReadConfig},
    {[](std::string_view path) {
       return path.ends_with("Packages.props") || Named(path, "packages.props");
     },
     ReadProps},
}};

}  // namespace

Dotnet::Dotnet() : Formats("lang/dotnet", 2, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
