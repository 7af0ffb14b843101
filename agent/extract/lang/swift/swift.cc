#include "agent/extract/lang/swift/swift.h"

#include <array>
#include <utility>

#include "core/text/json.h"
#include "core/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// "https://github.com/a/b.git" and "git@github.com:a/b.git" are
// "github.com/a/b".
std::string NameOf(std::string_view address) {
  if (const size_t scheme = address.find("://"); scheme != address.npos) {
    address.remove_prefix(scheme + 3);
  }
  if (const size_t user = address.find('@'); user < address.find('/')) {
    address.remove_prefix(user + 1);
  }
  while (address.ends_with('/')) address.remove_suffix(1);
  if (address.ends_with(".git")) address.remove_suffix(4);
  std::string name(address);
  if (const size_t colon = name.find(':'); colon < name.find('/')) {
    name[colon] = '/';
  }
  return name;
}

class ResolvedHandler : public text::TreeHandler {
 public:
  explicit ResolvedHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"pins", "*", "location"}) ||
        path.Is({"object", "pins", "*", "repositoryURL"})) {
      package_.name = NameOf(text);
    }
    if (path.Is({"pins", "*", "state", "version"}) ||
        path.Is({"object", "pins", "*", "state", "version"})) {
      package_.version = text;
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"pins", "*"}) && !path.Is({"object", "pins", "*"})) {
      return absl::OkStatus();
    }
    return Keep(std::exchange(package_, Declared("swift")), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("swift");
};

// "PODS" lists "Name (1.2.3)", alone or as the key of what it needs.
class PodfileHandler : public text::TreeHandler {
 public:
  explicit PodfileHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.Is({"PODS", "*"})) return absl::OkStatus();
    return Take(text);
  }
  absl::Status Enter(const text::Path& path) override {
    if (!path.Is({"PODS", "*", "*"})) return absl::OkStatus();
    return Take(path.back());
  }

 private:
  absl::Status Take(std::string_view text) {
    const size_t open = text.find(" (");
    if (open == text.npos || !text.ends_with(')')) return absl::OkStatus();
    model::Package package = Declared("cocoapods");
    package.name = text.substr(0, open);
    package.version = text.substr(open + 2, text.size() - open - 3);
    return Keep(std::move(package), packages_);
  }

  PackageList& packages_;
};

absl::Status ReadResolved(std::string_view, File& file, PackageList& packages) {
  ResolvedHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

absl::Status ReadPodfile(std::string_view, File& file, PackageList& packages) {
  PodfileHandler handler(packages);
  return Conclude(text::ReadYaml(file, handler), packages);
}

constexpr std::array<Format, 2> kFormats = {{
    {[](std::string_view path) { return Named(path, "Package.resolved"); },
     ReadResolved},
    {[](std::string_view path) { return Named(path, "Podfile.lock"); },
     ReadPodfile},
}};

}  // namespace

Swift::Swift() : Formats("lang/swift", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
