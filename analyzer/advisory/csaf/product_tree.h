#ifndef LANDWAITER_ANALYZER_ADVISORY_CSAF_PRODUCT_TREE_H_
#define LANDWAITER_ANALYZER_ADVISORY_CSAF_PRODUCT_TREE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::analyzer::advisory {

// A product of a tree's branch.
struct CsafLeaf {
  std::string name;
  std::string cpe, purl;  // where it has them
};

// What a product id stands for: a package as a component of a system, maybe by
// way of a module. Pointers are the tree's.
struct CsafProduct {
  const CsafLeaf* platform = nullptr;
  const CsafLeaf* component = nullptr;
  const CsafLeaf* module = nullptr;
};

// The product_tree of a CSAF 2.0 document (section 3.2.2).
class CsafProductTree {
 public:
  // Throws BrokenRecord if it is none (json_fields.h).
  explicit CsafProductTree(const nlohmann::json& product_tree);

  // nullopt for what is not there, and for what is no component of anything.
  std::optional<CsafProduct> Find(const std::string& product_id) const;

 private:
  struct Relation {
    std::string component, platform;  // product ids
  };
  void AddBranches(const nlohmann::json& parent);
  const CsafLeaf* LeafOf(const std::string& product_id) const;

  absl::flat_hash_map<std::string, CsafLeaf> leaves_;
  absl::flat_hash_map<std::string, Relation> relations_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CSAF_PRODUCT_TREE_H_
