#ifndef LANDWAITER_OPERATOR_API_SCOPE_H_
#define LANDWAITER_OPERATOR_API_SCOPE_H_

#include <string>
#include <vector>

#include "core/model/task.h"
#include "nlohmann/json_fwd.hpp"
#include "operator/api/reader.h"

namespace landwaiter::api {

// A metav1.LabelSelector.
struct LabelSelector {
  struct Requirement {
    std::string key;
    std::string op;  // In NotIn Exists DoesNotExist
    std::vector<std::string> values;
  };
  std::vector<Requirement> requirements;  // matchLabels, too, as In

  // An empty selector matches everything. An ImageRegistry's spec.region counts
  // as its label landwaiter.dev/region.
  bool Matches(const nlohmann::json& object) const;
};

// `scope` of a ScanPolicy or a ScanTask.
struct ScopeSpec {
  // Which ImageRegistries; all that is given must hold.
  std::vector<std::string> registry_names;
  LabelSelector selector;
  std::vector<std::string> registry_types;
  bool auto_add_repositories = true;
  // The rest, as the analyzer takes it.
  model::Scope scope;
};

ScopeSpec ReadScope(Reader reader);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_SCOPE_H_
