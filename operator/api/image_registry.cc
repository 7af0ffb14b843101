#include "operator/api/image_registry.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reader.h"
#include "operator/api/text.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

std::string AnnotationOf(const Json& object, std::string_view key) {
  return Text(kube::StringAt(object, {"metadata", "annotations", key}), 253);
}

// "host:443" -> "host" for https, and so on.
std::string WithoutOwnPort(std::string_view host, bool https) {
  const std::string_view port = https ? ":443" : ":80";
  if (host.size() > port.size() && host.ends_with(port)) {
    host.remove_suffix(port.size());
  }
  return std::string(host);
}

void ReadEndpoint(Reader endpoint, ImageRegistry& registry) {
  std::string url = endpoint.String("url");
  bool https = true;
  std::string host;
  if (!url.empty()) {
    while (url.ends_with('/')) url.pop_back();
    https = url.starts_with("https://");
    if (!https && !url.starts_with("http://")) {
      endpoint.Fail("url", "does not begin with http:// or https://");
      return;
    }
    host = url.substr(https ? 8 : 7);
  } else {
    host = endpoint.String("domain");
    https = endpoint.String("protocol", "HTTPS") != "HTTP";
    if (const int64_t port = endpoint.Int("port", 0); port > 0) {
      base::StrAppend(&host, ":", port);
    }
  }
  if (host.empty()) endpoint.Fail("", "names no host");
  registry.host = base::ToLower(WithoutOwnPort(host, https));
  registry.url = base::StrCat(https ? "https://" : "http://", registry.host);
  Reader connect = endpoint.Object("connect");
  registry.connect_ip = connect.String("ip");
  registry.connect_port =
      static_cast<int>(std::clamp<int64_t>(connect.Int("port", 0), 0, 65535));
}

void ReadTokens(std::vector<Reader> entries, ImageRegistry& registry) {
  for (Reader& entry : entries) {
    TokenReference token;
    token.name = entry.String("name");
    Reader secret = entry.Object("tokenSecretRef");
    token.secret = secret.String("name");
    token.key = secret.String("key");
    if (token.name.empty()) entry.Fail("name", "is needed");
    if (token.secret.empty()) secret.Fail("name", "is needed");
    if (token.key.empty()) secret.Fail("key", "is needed");
    registry.tokens.push_back(std::move(token));
  }
}

// The blocks that are named after a type.
void ReadTypeBlocks(Reader& spec, ImageRegistry& registry) {
  ReadTokens(spec.Object("quay").Objects("organizations"), registry);
  ReadTokens(spec.Object("gitlab").Objects("groups"), registry);
  if (registry.type == "ACR" || registry.type == "SWR") {
    Reader block = spec.Object(registry.type == "ACR" ? "acr" : "swr");
    registry.edition = block.String("edition");
    registry.instance_id = block.String("instanceId");
  }
  registry.google_project = spec.Object("google").String("project");
}

void ReadScanComponent(Reader& spec, ImageRegistry& registry) {
  Reader component = spec.Object("scanComponent");
  if (component.String("source", "Published") == "Published") return;
  std::string path = component.String("path");
  if (registry.type == "Harbor") {
    path = spec.Object("harbor").String("project", "library");
  } else if (registry.type == "JFrog") {
    path = spec.Object("jfrog").String("path", "docker-local");
  }
  if (path.empty()) component.Fail("path", "is needed for source Uploaded");
  registry.component_path = std::move(path);
}

uint32_t ReadImagesPerHour(Reader& spec) {
  const Json* value = spec.Raw("imagesPerHour");
  if (value == nullptr) return 10;
  if (value->is_string() && value->get<std::string>() == "Unlimited") return 0;
  if (value->is_number_integer()) {
    return static_cast<uint32_t>(std::clamp<int64_t>(
        value->get<int64_t>(), 1, std::numeric_limits<uint32_t>::max()));
  }
  spec.Fail("imagesPerHour", "is neither a number nor Unlimited");
  return 10;
}

void ReadTlsAndProxy(Reader& spec, ImageRegistry& registry) {
  Reader tls = spec.Object("tls");
  registry.ca_secret = tls.Object("caSecretRef").String("name");
  registry.client_certificate_secret =
      tls.Object("clientCertificateSecretRef").String("name");
  registry.insecure_skip_verify = tls.Bool("insecureSkipVerify", false);
  Reader proxy = spec.Object("proxy");
  registry.proxy_url = proxy.String("url");
  registry.no_proxy = proxy.String("noProxy");
  registry.proxy_secret = proxy.Object("credentialsSecretRef").String("name");
}

}  // namespace

bool ImageRegistry::RefersTo(std::string_view secret) const {
  const auto is_its = [secret](const TokenReference& token) {
    return token.secret == secret;
  };
  return !secret.empty() &&
         (credentials_secret == secret || ca_secret == secret ||
          client_certificate_secret == secret || proxy_secret == secret ||
          std::any_of(tokens.begin(), tokens.end(), is_its));
}

absl::StatusOr<ImageRegistry> ImageRegistry::Parse(const Json& object) {
  absl::Status error;
  Reader root(object, "", &error);
  Reader spec = root.Object("spec");
  ImageRegistry registry;
  registry.ns = kube::NamespaceOf(object);
  registry.name = kube::NameOf(object);
  registry.uid = kube::UidOf(object);
  registry.generation = root.Object("metadata").Int("generation", 0);
  registry.type = spec.String("type");
  registry.version = spec.String("version");
  ReadEndpoint(spec.Object("endpoint"), registry);
  registry.cluster = spec.Object("clusterRef").String("name");
  registry.private_network = spec.String("network") == "VPC";
  registry.region = spec.String("region");
  ReadTypeBlocks(spec, registry);
  ReadScanComponent(spec, registry);
  registry.images_per_hour = ReadImagesPerHour(spec);
  registry.suspend = spec.Bool("suspend", false);
  registry.credentials_secret =
      spec.Object("credentialsSecretRef").String("name");
  ReadTlsAndProxy(spec, registry);
  Reader sync = spec.Object("sync");
  registry.sync_interval = sync.Duration("interval", absl::Hours(1));
  registry.include = sync.Object("repositories").Strings("include");
  registry.exclude = sync.Object("repositories").Strings("exclude");
  registry.verify_request = AnnotationOf(object, kVerifyAnnotation);
  registry.sync_request = AnnotationOf(object, kSyncAnnotation);
  registry.scan_request = AnnotationOf(object, kScanAnnotation);
  if (!error.ok()) return error;
  return registry;
}

}  // namespace landwaiter::api
