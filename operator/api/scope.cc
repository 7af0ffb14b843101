#include "operator/api/scope.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

bool Holds(const LabelSelector::Requirement& requirement,
           const std::optional<std::string>& value) {
  const auto listed = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(),
                     *value) != requirement.values.end();
  };
  if (requirement.op == "In") return value && listed();
  if (requirement.op == "NotIn") return !value || !listed();
  if (requirement.op == "Exists") return value.has_value();
  if (requirement.op == "DoesNotExist") return !value;
  return false;
}

std::optional<std::string> LabelValue(const Json& object,
                                      const std::string& key) {
  const Json* value = kube::Find(object, {"metadata", "labels", key});
  // The region is in the spec; nobody has to say it twice.
  if (const Json* region = kube::Find(object, {"spec", "region"});
      key == kRegionLabel && region != nullptr) {
    value = region;
  }
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

LabelSelector ReadSelector(Reader reader) {
  LabelSelector selector;
  if (const Json* labels = reader.Raw("matchLabels");
      labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      selector.requirements.push_back(
          {key, "In", {value.is_string() ? value.get<std::string>() : ""}});
    }
  }
  for (Reader& requirement : reader.Objects("matchExpressions")) {
    selector.requirements.push_back({requirement.String("key"),
                                     requirement.String("operator"),
                                     requirement.Strings("values")});
  }
  return selector;
}

}  // namespace

bool LabelSelector::Matches(const Json& object) const {
  return std::all_of(requirements.begin(), requirements.end(),
                     [&](const Requirement& requirement) {
                       return Holds(requirement,
                                    LabelValue(object, requirement.key));
                     });
}

ScopeSpec ReadScope(Reader reader) {
  ScopeSpec spec;
  Reader registries = reader.Object("registries");
  spec.registry_names = registries.Strings("names");
  spec.selector = ReadSelector(registries.Object("selector"));
  spec.registry_types = registries.Strings("types");
  spec.auto_add_repositories = reader.Bool("autoAddRepositories", true);
  Reader repositories = reader.Object("repositories");
  spec.scope.include = repositories.Strings("include");
  spec.scope.exclude = repositories.Strings("exclude");
  Reader tags = reader.Object("tags");
  spec.scope.tag_include = tags.Strings("include");
  spec.scope.tag_exclude = tags.Strings("exclude");
  spec.scope.newest = static_cast<uint32_t>(std::clamp<int64_t>(
      tags.Int("newest", 0), 0, std::numeric_limits<uint32_t>::max()));
  spec.scope.untagged = tags.Bool("untagged", true);
  spec.scope.platforms = reader.Strings("platforms");
  spec.scope.updated_within =
      reader.Duration("updatedWithin", absl::InfiniteDuration());
  return spec;
}

}  // namespace landwaiter::api
