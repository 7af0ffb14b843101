#include "agent/extract/lang/python/toml_lock.h"

#include <string>
#include <utility>
#include <vector>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/graph.h"
#include "agent/extract/lang/python/name.h"
#include "core/base/failure.h"
#include "core/text/toml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// PDM names groups of development as one likes; these are what people like.
bool IsDevelopmentGroup(std::string_view name) {
  return name == "dev" || name == "test" || name == "tests" || name == "lint" ||
         name == "doc" || name == "docs";
}

// The three have a [[package]] for each, with small differences. What is
// development's, Poetry and PDM say of each package by its groups; uv has what
// each asks for, and what the project asks for in development.
class LockHandler : public text::TreeHandler {
 public:
  LockHandler(bool poetry, PackageList& packages)
      : poetry_(poetry), packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.StartsWith({"package", "*"})) return absl::OkStatus();
    if (path.size() == 3) SetField(path[2], text);
    if (path.size() == 4) SetMember(path, text);
    if (!poetry_ && path.size() > 4 && path.back() == "name") Ask(path, text);
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"package", "*"})) return absl::OkStatus();
    const Entry entry = std::exchange(entry_, {});
    AddToGraph(entry);
    if (entry.local || entry.name.empty() || entry.version.empty()) {
      return absl::OkStatus();
    }
    model::Package package = Declared("pypi");
    package.name = NormalizedPythonName(entry.name);
    package.version = entry.version;
    package.development =
        entry.category_dev || (entry.has_groups && !entry.in_main &&
                               (poetry_ || entry.in_development_alone));
    found_.push_back({std::move(package), Graph::Of(entry.name)});
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
  struct Entry {
    std::string name;
    std::string version;
    bool local = false;
    bool category_dev = false;
    bool has_groups = false;
    bool in_main = false;
    bool in_development_alone = true;
    // uv's, by name.
    std::vector<Graph::Node> asks_for;
    std::vector<Graph::Node> asks_for_in_development;
  };

  void AddToGraph(const Entry& entry) {
    const Graph::Node node = Graph::Of(entry.name);
    for (const Graph::Node to : entry.asks_for) graph_.AddEdge(node, to);
    if (!entry.local) return;
    graph_.AddRoot(node);
    for (const Graph::Node to : entry.asks_for_in_development) {
      graph_.AddDevelopmentRoot(to);
    }
  }

  void SetField(std::string_view key, std::string_view text) {
    if (key == "name") entry_.name = text;
    if (key == "version") entry_.version = text;
    // Poetry before 1.5.
    if (key == "category") entry_.category_dev = text == "dev";
    // PDM's for a project in a folder.
    if (key == "path" || (key == "editable" && text == "true")) {
      entry_.local = true;
    }
  }

  // package.N.dependencies.N.name,
  // package.N.optional-dependencies.EXTRA.N.name,
  // package.N.dev-dependencies.GROUP.N.name
  void Ask(const text::Path& path, std::string_view name) {
    const bool grouped = path.size() == 6;
    if ((path.size() == 5 && path[2] == "dependencies") ||
        (grouped && path[2] == "optional-dependencies")) {
      entry_.asks_for.push_back(Graph::Of(name));
    }
    if (grouped && path[2] == "dev-dependencies") {
      entry_.asks_for_in_development.push_back(Graph::Of(name));
    }
  }

  void SetMember(const text::Path& path, std::string_view text) {
    // Poetry since 2, and PDM, whose groups may be extras, too.
    if (path[2] == "groups") {
      entry_.has_groups = true;
      if (text == (poetry_ ? "main" : "default")) entry_.in_main = true;
      if (!IsDevelopmentGroup(text)) entry_.in_development_alone = false;
    }
    if (path[2] != "source") return;
    const std::string_view key = path[3];
    // uv has the kind as key, Poetry as "type".
    if (key == "editable" || key == "virtual" || key == "directory" ||
        (key == "path" && !poetry_) ||
        (key == "type" && (text == "directory" || text == "file"))) {
      entry_.local = true;
    }
  }

  const bool poetry_;
  PackageList& packages_;
  Entry entry_;
  std::vector<std::pair<model::Package, Graph::Node>> found_;
  Graph graph_;
};

}  // namespace

absl::Status ReadTomlLock(std::string_view path, File& file,
                          PackageList& packages) {
  LockHandler handler(Named(path, "poetry.lock"), packages);
  LANDWAITER_RETURN_IF_ERROR(Conclude(text::ReadToml(file, handler), packages));
  return handler.Finish();
}

}  // namespace landwaiter::agent::extract::lang
