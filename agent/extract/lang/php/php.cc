#include "agent/extract/lang/php/php.h"

#include <array>
#include <set>
#include <string>
#include <utility>

#include "core/base/failure.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

// `key` of the object that tells a package.
void Set(std::string_view key, std::string_view text, model::Package& package) {
  if (key == "name") package.name = text;
  if (key == "version") package.version = text;
}

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!IsList(path)) return absl::OkStatus();
    if (path.size() == 3) Set(path[2], text, package_);
    if (path.Is({"*", "*", "license", "*"})) {
      package_.licenses.emplace_back(text);
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (path.size() != 2 || !IsList(path)) return absl::OkStatus();
    package_.development = path[0] == "packages-dev";
    return Keep(std::exchange(package_, Declared("composer")), packages_);
  }

 private:
  static bool IsList(const text::Path& path) {
    return path.StartsWith({"packages"}) || path.StartsWith({"packages-dev"});
  }

  PackageList& packages_;
  model::Package package_ = Declared("composer");
};

// The names of development packages come after the packages themselves.
class DevelopmentHandler : public text::TreeHandler {
 public:
  // As many as a list of packages has at most.
  static constexpr size_t kMaxNames = 200'000;

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"dev-package-names", "*"}) && names.size() < kMaxNames &&
        text.size() <= PackageList::kMaxIdentity) {
      names.emplace(text);
    }
    return absl::OkStatus();
  }

  std::set<std::string> names;
};

class InstalledHandler : public text::TreeHandler {
 public:
  InstalledHandler(std::set<std::string> development, PackageList& packages)
      : development_(std::move(development)), packages_(packages) {}

  // Below the packages, which are the root itself or in "packages".
  absl::Status Value(const text::Path& path, std::string_view text) override {
    const size_t base = path.StartsWith({"packages"}) ? 1 : 0;
    if (path.size() == base + 2) Set(path[base + 1], text, package_);
    if (path.size() == base + 3 && path[base + 1] == "license") {
      package_.licenses.emplace_back(text);
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    const size_t base = path.StartsWith({"packages"}) ? 1 : 0;
    if (path.size() != base + 1) return absl::OkStatus();
    model::Package package = std::exchange(package_, {});
    package.type = "composer";
    package.development = development_.contains(package.name);
    return Keep(std::move(package), packages_);
  }

 private:
  std::set<std::string> development_;
  PackageList& packages_;
  model::Package package_;
};

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

absl::Status ReadInstalled(std::string_view, File& file,
                           PackageList& packages) {
  DevelopmentHandler development;
  LANDWAITER_RETURN_IF_ERROR(text::ReadJson(file, development).status());
  InstalledHandler handler(std::move(development.names), packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

constexpr std::array<Format, 2> kFormats = {{
    {[](std::string_view path) {
       return Named(path, "composer/installed.json");
     },
     ReadInstalled},
    {[](std::string_view path) {
       return Named(path, "composer.lock") && !Below(path, "vendor");
     },
     ReadLock},
}};

}  // namespace

Php::Php() : Formats("lang/php", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
