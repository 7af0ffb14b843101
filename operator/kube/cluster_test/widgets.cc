#include "operator/kube/cluster_test/widgets.h"

#include <string>

#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "nlohmann/json.hpp"
#include "operator/kube/contract_server.h"

namespace landwaiter::kube {
namespace {

Json Definition() {
  const Json open = {{"type", "object"},
                     {"x-kubernetes-preserve-unknown-fields", true}};
  const Json schema = {
      {"openAPIV3Schema",
       {{"type", "object"},
        {"properties",
         {{"spec",
           {{"type", "object"},
            {"x-kubernetes-preserve-unknown-fields", true},
            {"properties",
             {{"size", {{"type", "integer"}, {"maximum", 1000}}}}}}},
          {"status", open}}}}}};
  return {{"metadata", {{"name", "widgets.test.landwaiter.dev"}}},
          {"spec",
           {{"group", kWidgets.group},
            {"scope", "Namespaced"},
            {"names",
             {{"plural", kWidgets.plural},
              {"singular", "widget"},
              {"kind", kWidgets.kind}}},
            {"versions",
             {{{"name", kWidgets.version},
               {"served", true},
               {"storage", true},
               {"schema", schema},
               {"subresources", {{"status", Json::object()}}}}}}}}};
}

}  // namespace

absl::Status InstallWidgets(KubeClient& client) {
  LANDWAITER_RETURN_IF_ERROR(
      Apply(client, kCustomResourceDefinitions, Definition(), "test").status());
  absl::Status status;
  for (int i = 0; i < 300; ++i) {
    status = client.List(kWidgets, "", {}).status();
    if (status.ok()) return status;
    absl::SleepFor(absl::Milliseconds(100));
  }
  return status;
}

std::string NewNamespace(KubeClient& client) {
  auto created =
      client.Create(kNamespaces, {{"apiVersion", "v1"},
                                  {"kind", "Namespace"},
                                  {"metadata", {{"generateName", "test-"}}}});
  return created.ok() ? NameOf(*created) : std::string();
}

}  // namespace landwaiter::kube
