#include "agent/extract/lang/graph.h"

#include <algorithm>

namespace landwaiter::agent::extract::lang {

// FNV-1a.
Graph::Node Graph::Of(std::string_view key) {
  Node node = 0xCBF29CE484222325u;
  for (const char c : key) {
    node = (node ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  }
  return node;
}

void Graph::AddEdge(Node from, Node to) {
  if (edges_.size() >= kMaxEdges) {
    full_ = true;
    return;
  }
  edges_.emplace_back(from, to);
}

void Graph::Walk() {
  if (!full_) {
    std::sort(edges_.begin(), edges_.end());
    production_ = Reached(std::move(roots_));
    development_ = Reached(std::move(development_roots_));
  }
  edges_ = {};
}

absl::flat_hash_set<Graph::Node> Graph::Reached(std::vector<Node> roots) const {
  absl::flat_hash_set<Node> reached(roots.begin(), roots.end());
  while (!roots.empty()) {
    const Node node = roots.back();
    roots.pop_back();
    for (auto edge = std::lower_bound(edges_.begin(), edges_.end(),
                                      std::pair<Node, Node>(node, 0));
         edge != edges_.end() && edge->first == node; ++edge) {
      if (reached.insert(edge->second).second) roots.push_back(edge->second);
    }
  }
  return reached;
}

}  // namespace landwaiter::agent::extract::lang
