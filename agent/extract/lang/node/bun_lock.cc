#include "agent/extract/lang/node/bun_lock.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/graph.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Whether the key of a project or a package holds what it asks for; peers are
// installed too.
bool AsksFor(std::string_view key) {
  return key == "dependencies" || key == "optionalDependencies" ||
         key == "peerDependencies";
}

// "packages" has a list for each package, which begins with "name@version",
// then, in no fixed place, a map with what it asks for. Its key is where it
// is: "a/b" is the b that a finds, "b" the one that all others do.
// "workspaces" has the projects and what they ask for.
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"packages", "*", "0"})) TakePackage(path[1], text);
    if (path.size() == 5 && path[0] == "packages" && AsksFor(path[3])) {
      Ask(path[1], path[4], false);
    }
    if (path.Is({"workspaces", "*", "name"})) project_ = text;
    if (path.size() == 4 && path[0] == "workspaces") {
      const bool development = path[2] == "devDependencies";
      if (development || AsksFor(path[2])) {
        Ask("", path[3], development);
        // A name of a project comes first in it.
        asked_.back().project = project_;
      }
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (path.Is({"workspaces", "*"})) project_.clear();
    return absl::OkStatus();
  }

  // After the reading.
  absl::Status Finish() {
    if (asked_.size() <= Graph::kMaxEdges) {
      for (const Asked& asked : asked_) AddToGraph(asked);
      graph_.Walk();
    }
    for (auto& [package, node] : found_) {
      package.development = graph_.IsDevelopment(node);
      LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages_));
    }
    return absl::OkStatus();
  }

 private:
  struct Asked {
    std::string by;       // a package's key; empty: a project
    std::string project;  // its name, if it has one
    std::string name;
    bool development = false;
  };

  void Ask(std::string_view by, std::string_view name, bool development) {
    if (asked_.size() > Graph::kMaxEdges) asked_.pop_back();
    asked_.push_back({.by = std::string(by),
                      .name = std::string(name),
                      .development = development});
  }

  void TakePackage(std::string_view key, std::string_view text) {
    const Graph::Node node = Graph::Of(key);
    keys_.insert(node);
    const size_t at = text.find('@', 1);
    if (at == text.npos) return;
    const std::string_view version = text.substr(at + 1);
    // Others are "workspace:", "github:", "file:", an address.
    if (version.empty() || version.front() < '0' || version.front() > '9') {
      return;
    }
    model::Package package = Declared("npm");
    package.name = text.substr(0, at);
    package.version = version;
    found_.push_back({std::move(package), node});
  }

  // The one that is found from `folder`: the nearest above.
  Graph::Node Find(std::string_view folder, std::string_view name) const {
    while (!folder.empty()) {
      const Graph::Node node = Graph::Of(base::StrCat(folder, "/", name));
      if (keys_.contains(node)) return node;
      const size_t slash = folder.rfind('/');
      folder = folder.substr(0, slash == folder.npos ? 0 : slash);
    }
    return Graph::Of(name);
  }

  void AddToGraph(const Asked& asked) {
    const Graph::Node wanted =
        Find(asked.by.empty() ? asked.project : asked.by, asked.name);
    if (!asked.by.empty()) {
      graph_.AddEdge(Graph::Of(asked.by), wanted);
    } else if (asked.development) {
      graph_.AddDevelopmentRoot(wanted);
    } else {
      graph_.AddRoot(wanted);
    }
  }

  PackageList& packages_;
  std::string project_;
  std::vector<Asked> asked_;
  std::vector<std::pair<model::Package, Graph::Node>> found_;
  absl::flat_hash_set<Graph::Node> keys_;
  Graph graph_;
};

}  // namespace

absl::Status ReadBunLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  LANDWAITER_RETURN_IF_ERROR(Conclude(
      text::ReadJson(file, handler, text::JsonDialect::kRelaxed), packages));
  return handler.Finish();
}

}  // namespace landwaiter::agent::extract::lang
