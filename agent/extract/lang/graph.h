#ifndef LANDWAITER_AGENT_EXTRACT_LANG_GRAPH_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace landwaiter::agent::extract::lang {

// Who asks for whom in a lock file, for those formats that tell development
// packages through that alone. A node is a number made of a key, so that a
// large lock costs 16 bytes an edge and no text. Not thread-safe.
class Graph {
 public:
  // More edges than any real lock has; a graph that has more tells nothing.
  static constexpr size_t kMaxEdges = 1'000'000;
  using Node = uint64_t;

  // The same for the same key, on every machine.
  static Node Of(std::string_view key);

  void AddEdge(Node from, Node to);
  // What the project itself asks for.
  void AddRoot(Node node) { roots_.push_back(node); }
  void AddDevelopmentRoot(Node node) { development_roots_.push_back(node); }

  // Works out what the roots reach. Edges and roots are spent.
  void Walk();
  // After Walk: whether development roots reach the node and others do not.
  // What nothing reaches is not known to be development's.
  bool IsDevelopment(Node node) const {
    return development_.contains(node) && !production_.contains(node);
  }

 private:
  absl::flat_hash_set<Node> Reached(std::vector<Node> roots) const;

  std::vector<std::pair<Node, Node>> edges_;
  std::vector<Node> roots_;
  std::vector<Node> development_roots_;
  bool full_ = false;
  absl::flat_hash_set<Node> production_;
  absl::flat_hash_set<Node> development_;
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_GRAPH_H_
