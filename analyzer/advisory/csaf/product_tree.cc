#include "analyzer/advisory/csaf/product_tree.h"

#include <utility>

#include "analyzer/advisory/json_fields.h"

namespace landwaiter::analyzer::advisory {
namespace {

CsafLeaf LeafOfProduct(const Json& product) {
  CsafLeaf leaf{TextIn(product, "name"), "", ""};
  if (const Json* helper = ObjectIn(product, "product_identification_helper")) {
    leaf.cpe = WordIn(helper, "cpe");
    leaf.purl = WordIn(helper, "purl");
  }
  return leaf;
}

}  // namespace

CsafProductTree::CsafProductTree(const Json& product_tree) {
  AddBranches(product_tree);
  for (const Json& relation : ArrayIn(product_tree, "relationships")) {
    if (!relation.is_object()) FailField("relationships", "has no objects");
    const Json* whole = ObjectIn(relation, "full_product_name");
    if (whole == nullptr) FailField("relationships", "has an unnamed product");
    relations_.try_emplace(
        TextIn(*whole, "product_id"),
        Relation{TextIn(relation, "product_reference"),
                 TextIn(relation, "relates_to_product_reference")});
  }
}

// The depth is that of the JSON, which is limited.
void CsafProductTree::AddBranches(const Json& parent) {
  for (const Json& branch : ArrayIn(parent, "branches")) {
    if (!branch.is_object()) FailField("branches", "has no objects");
    if (const Json* product = ObjectIn(branch, "product")) {
      leaves_.try_emplace(TextIn(*product, "product_id"),
                          LeafOfProduct(*product));
    }
    AddBranches(branch);
  }
}

const CsafLeaf* CsafProductTree::LeafOf(const std::string& product_id) const {
  const auto leaf = leaves_.find(product_id);
  return leaf == leaves_.end() ? nullptr : &leaf->second;
}

std::optional<CsafProduct> CsafProductTree::Find(
    const std::string& product_id) const {
  const auto relation = relations_.find(product_id);
  if (relation == relations_.end()) return std::nullopt;
  CsafProduct product;
  product.component = LeafOf(relation->second.component);
  product.platform = LeafOf(relation->second.platform);
  // A package of a module, which is a component of the system.
  const auto outer = relations_.find(relation->second.platform);
  if (product.platform == nullptr && outer != relations_.end()) {
    product.module = LeafOf(outer->second.component);
    product.platform = LeafOf(outer->second.platform);
  }
  if (product.component == nullptr || product.platform == nullptr) {
    return std::nullopt;
  }
  return product;
}

}  // namespace landwaiter::analyzer::advisory
