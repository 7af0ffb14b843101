#include "agent/extract/lang/node/pnpm_lock.h"

#include <string>
#include <utility>
#include <vector>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/graph.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "packages" has an entry for each package, whose key tells name and version:
//   version 5: "/name/1.2.3", "/@scope/name/1.2.3_peer@4.5.6"
//   version 6: "/name@1.2.3(peer@4.5.6)"
//   version 9: "name@1.2.3"
// An entry with a name and version of its own is from an address. pnpm 11 puts
// a document before the project's that tells pnpm itself.
//
// Until version 6 an entry says whether it is development's. Version 9 has
// "importers" with what each project asks for, and "snapshots" with what each
// package does, by keys with the peers behind.
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Enter(const text::Path& path) override {
    if (path.size() == 0) of_tool_ = false;
    if (path.Is({"importers", "*", "packageManagerDependencies"})) {
      of_tool_ = true;
    }
    if (path.Is({"snapshots", "*"})) {
      // So that what a package is reached by does not matter.
      graph_.AddEdge(Graph::Of(path[1]), Graph::Of(WithoutPeers(path[1])));
    }
    return absl::OkStatus();
  }

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.size() == 3 && path[0] == "packages" && path[2] == "dev") {
      development_ = text == "true";
    }
    if (path.size() == 5 && path[0] == "importers" && path[4] == "version") {
      AddRoot(path[2], KeyOf(path[3], text));
    }
    if (path.size() == 4 && path[0] == "snapshots" &&
        (path[2] == "dependencies" || path[2] == "optionalDependencies")) {
      graph_.AddEdge(Graph::Of(path[1]), Graph::Of(KeyOf(path[3], text)));
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "*"}) || of_tool_) return absl::OkStatus();
    model::Package package = Declared("npm");
    package.development = std::exchange(development_, false);
    Name(path[1], package);
    if (package.name.empty()) return absl::OkStatus();
    found_.push_back({std::move(package), Graph::Of(WithoutPeers(path[1]))});
    return absl::OkStatus();
  }

  // After the reading.
  absl::Status Finish() {
    graph_.Walk();
    for (auto& [package, node] : found_) {
      if (graph_.IsDevelopment(node)) package.development = true;
      LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages_));
    }
    return absl::OkStatus();
  }

 private:
  static std::string_view WithoutPeers(std::string_view key) {
    return key.substr(0, key.find('('));
  }

  // The snapshot's key of a dependency: its version, or for another name's
  // all of it ("real@1.2.3").
  static std::string KeyOf(std::string_view name, std::string_view version) {
    const bool plain = !version.empty() && IsDigit(version.front());
    return plain ? base::StrCat(name, "@", version) : std::string(version);
  }

  void AddRoot(std::string_view kind, const std::string& key) {
    if (kind == "devDependencies") {
      graph_.AddDevelopmentRoot(Graph::Of(key));
    } else {
      graph_.AddRoot(Graph::Of(key));
    }
  }

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
  std::vector<std::pair<model::Package, Graph::Node>> found_;
  Graph graph_;
  bool development_ = false;
  bool of_tool_ = false;
};

}  // namespace

absl::Status ReadPnpmLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  LANDWAITER_RETURN_IF_ERROR(Conclude(text::ReadYaml(file, handler), packages));
  return handler.Finish();
}

}  // namespace landwaiter::agent::extract::lang
