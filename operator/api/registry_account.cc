#include "operator/api/registry_account.h"

#include <utility>

#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reader.h"
#include "operator/api/text.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

ImageRegistry ReadConnection(const Json& object, Reader spec) {
  ImageRegistry connection;
  connection.ns = kube::NamespaceOf(object);
  connection.name = kube::NameOf(object);
  connection.uid = kube::UidOf(object);
  connection.type = spec.String("provider");
  connection.credentials_secret =
      spec.Object("credentialsSecretRef").String("name");
  Reader registry = spec.Object("template");
  connection.cluster = registry.Object("clusterRef").String("name");
  connection.ca_secret =
      registry.Object("tls").Object("caSecretRef").String("name");
  Reader proxy = registry.Object("proxy");
  connection.proxy_url = proxy.String("url");
  connection.no_proxy = proxy.String("noProxy");
  connection.proxy_secret = proxy.Object("credentialsSecretRef").String("name");
  connection.verify_request = Text(
      kube::StringAt(object, {"metadata", "annotations", kVerifyAnnotation}),
      253);
  return connection;
}

}  // namespace

absl::StatusOr<RegistryAccount> RegistryAccount::Parse(const Json& object) {
  absl::Status error;
  Reader root(object, "", &error);
  Reader spec = root.Object("spec");
  RegistryAccount account;
  account.connection = ReadConnection(object, spec);
  account.provider = account.connection.type;
  account.regions = spec.Strings("regions");
  if (account.regions.empty()) spec.Fail("regions", "names no region");
  account.interval = spec.Duration("interval", absl::Hours(1));
  const Json* registry = spec.Raw("template");
  account.registry_template = std::make_shared<const Json>(
      registry != nullptr && registry->is_object() ? *registry
                                                   : Json::object());
  if (!error.ok()) return error;
  return account;
}

}  // namespace landwaiter::api
