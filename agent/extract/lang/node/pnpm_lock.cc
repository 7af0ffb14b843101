#include "agent/extract/lang/node/pnpm_lock.h"

#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "packages" has an entry for each package, whose key tells name and version:
//   version 5: "/name/1.2.3", "/@scope/name/1.2.3_peer@4.5.6"
//   version 6: "/name@1.2.3(peer@4.5.6)"
//   version 9: "name@1.2.3"
// An entry with a name and version of its own is from an address. pnpm 11 puts
// a document before the project's that tells pnpm itself.
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Enter(const text::Path& path) override {
    if (path.size() == 0) of_tool_ = false;
    if (path.Is({"importers", "*", "packageManagerDependencies"})) {
      of_tool_ = true;
    }
    return absl::OkStatus();
  }

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.size() != 3 || path[0] != "packages") return absl::OkStatus();
    if (path[2] == "dev") development_ = text == "true";
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "*"}) || of_tool_) return absl::OkStatus();
    model::Package package = Declared("npm");
    package.development = std::exchange(development_, false);
    Name(path[1], package);
    return Keep(std::move(package), packages_);
  }

 private:
  static void Name(std::string_view key, model::Package& package) {
    key = key.substr(0, key.find('('));
    const bool rooted = key.starts_with('/');
    if (rooted) key.remove_prefix(1);
    size_t at = key.find('@', 1);
    const size_t slash =
        key.find('/', key.starts_with('@') ? key.find('/') + 1 : 0);
    // In version 5 an "@" comes later, with the peers.
    if (rooted && slash < at) at = slash;
    if (at == key.npos) return;
    std::string_view version = key.substr(at + 1);
    if (version.empty() || !IsDigit(version.front())) return;
    if (rooted) version = version.substr(0, version.find('_'));
    package.name = key.substr(0, at);
    package.version = version;
  }

  PackageList& packages_;
  bool development_ = false;
  bool of_tool_ = false;
};

}  // namespace

absl::Status ReadPnpmLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadYaml(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
