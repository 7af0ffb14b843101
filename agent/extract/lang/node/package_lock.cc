#include "agent/extract/lang/node/package_lock.h"

#include <string>
#include <utility>
#include <vector>

#include "agent/extract/lang/formats.h"
#include "core/base/failure.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr std::string_view kModules = "node_modules/";

// A dependency of a lock's entry, while its members come.
struct Entry {
  std::string name;  // if the entry tells one of its own (an alias)
  std::string version;
  std::string resolved;
  std::vector<std::string> licenses;
  bool development = false;
  bool link = false;
};

void Set(std::string_view key, std::string_view text, Entry& entry) {
  if (key == "name") entry.name = text;
  if (key == "version") entry.version = text;
  if (key == "resolved") entry.resolved = text;
  if (key == "license" && !text.empty()) entry.licenses.emplace_back(text);
  if (key == "dev") entry.development = text == "true";
  if (key == "link") entry.link = text == "true";
}

// A version of a registry begins with a digit: others are addresses, files
// and branches.
bool IsVersion(std::string_view version) {
  return !version.empty() && version.front() >= '0' && version.front() <= '9';
}

bool IsElsewhere(std::string_view resolved) {
  return resolved.starts_with("file:") || resolved.starts_with("git");
}

absl::Status Take(std::string_view name, Entry entry, PackageList& packages) {
  // Version 1 writes an alias as "npm:name@version".
  if (std::string_view alias = entry.version; alias.starts_with("npm:")) {
    alias.remove_prefix(4);
    const size_t at = alias.rfind('@');
    if (at == alias.npos || at == 0) return absl::OkStatus();
    const std::string version(alias.substr(at + 1));
    entry.name = alias.substr(0, at);
    entry.version = version;
  }
  if (entry.link || !IsVersion(entry.version) || IsElsewhere(entry.resolved)) {
    return absl::OkStatus();
  }
  model::Package package = Declared("npm");
  package.name = entry.name.empty() ? std::string(name) : entry.name;
  package.version = std::move(entry.version);
  package.licenses = std::move(entry.licenses);
  package.development = entry.development;
  return Keep(std::move(package), packages);
}

// Versions 2 and 3: "packages" has an entry for each folder.
// Version 1: "dependencies" has an entry for each name, nested where the
// folders are. Version 2 has both, "packages" first.
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.StartsWith({"packages"})) {
      if (path.size() == 3) Set(path[2], text, entry_);
      // Licences of old packages are lists.
      if (path.Is({"packages", "*", "license", "*"})) {
        Set("license", text, entry_);
      }
    } else if (InDependency(path, path.size() - 1)) {
      Set(path.back(), text, open_.back());
    }
    return absl::OkStatus();
  }

  absl::Status Enter(const text::Path& path) override {
    if (path.Is({"packages", "*"})) has_packages_ = true;
    if (InDependency(path, path.size())) open_.emplace_back();
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (path.Is({"packages", "*"})) {
      Entry entry = std::exchange(entry_, {});
      // What is not below node_modules is the project and its workspaces.
      const size_t modules = path[1].rfind(kModules);
      if (modules == std::string_view::npos) return absl::OkStatus();
      return Take(path[1].substr(modules + kModules.size()), std::move(entry),
                  packages_);
    }
    if (!InDependency(path, path.size())) return absl::OkStatus();
    Entry entry = std::move(open_.back());
    open_.pop_back();
    return Take(path.back(), std::move(entry), packages_);
  }

 private:
  // Whether the first `size` keys are dependencies/name, again and again.
  bool InDependency(const text::Path& path, size_t size) const {
    if (has_packages_ || size == 0 || size % 2 != 0) return false;
    for (size_t i = 0; i < size; i += 2) {
      if (path[i] != "dependencies") return false;
    }
    return true;
  }

  PackageList& packages_;
  bool has_packages_ = false;
  Entry entry_;              // of "packages"
  std::vector<Entry> open_;  // of "dependencies", within each other
};

}  // namespace

absl::Status ReadPackageLock(std::string_view, File& file,
                             PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
