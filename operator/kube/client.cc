#include "operator/kube/client.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {

absl::StatusOr<ListPage> ListAll(KubeClient& client, const ResourceType& type,
                                 std::string_view ns, ListOptions options) {
  if (options.limit == 0) options.limit = 500;
  ListPage all;
  do {
    LANDWAITER_ASSIGN_OR_RETURN(ListPage page, client.List(type, ns, options));
    for (Json& item : page.items) all.items.push_back(std::move(item));
    all.resource_version = std::move(page.resource_version);
    options.continue_token = std::move(page.continue_token);
  } while (!options.continue_token.empty());
  return all;
}

absl::StatusOr<Json> Apply(KubeClient& client, const ResourceType& type,
                           const Json& object, std::string_view field_manager,
                           std::string_view subresource) {
  if (NameOf(object).empty()) {
    return absl::InvalidArgumentError("apply: metadata.name: is empty");
  }
  return client.Patch(type, KeyOf(object), object,
                      {.type = PatchType::kApply,
                       .subresource = std::string(subresource),
                       .field_manager = std::string(field_manager),
                       .force = true});
}

absl::StatusOr<bool> MayI(KubeClient& client, std::string_view verb,
                          const ResourceType& type, std::string_view ns) {
  Json attributes = {
      {"verb", verb}, {"group", type.group}, {"resource", type.plural}};
  if (!ns.empty()) attributes["namespace"] = ns;
  Json review = {{"spec", {{"resourceAttributes", std::move(attributes)}}}};
  LANDWAITER_ASSIGN_OR_RETURN(Json answer,
                              client.Create(kSelfSubjectAccessReviews, review));
  const Json* allowed = Find(answer, {"status", "allowed"});
  return allowed != nullptr && allowed->is_boolean() && allowed->get<bool>();
}

}  // namespace landwaiter::kube
