#include "operator/jobs/job_builder.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/jobs/job_contract.h"
#include "operator/jobs/uploaded_component.h"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;

constexpr int kUser = 65532;
constexpr int kVerifyDeadlineSeconds = 120;
constexpr int kScanDeadlineSeconds = 6 * 60 * 60;
constexpr int kDiscoverDeadlineSeconds = 5 * 60;
constexpr int kKeptSeconds = 600;
constexpr std::string_view kSpillSize = "2Gi";
constexpr size_t kMaxNameInName = 32;

int DeadlineSeconds(JobKind kind) {
  switch (kind) {
    case JobKind::kVerify:
      return kVerifyDeadlineSeconds;
    case JobKind::kScan:
      return kScanDeadlineSeconds;
    case JobKind::kDiscover:
      return kDiscoverDeadlineSeconds;
  }
  return kVerifyDeadlineSeconds;
}

Json Labels(const JobRequest& request) {
  Json labels = Json::object();
  labels[std::string(api::kNameLabel)] = "landwaiter";
  labels[std::string(api::kComponentLabel)] = "scan-component";
  labels[std::string(api::kManagedByLabel)] = std::string(api::kManagedBy);
  labels[std::string(api::kJobLabel)] = std::string(ToString(request.kind));
  labels[std::string(api::kRegistryUidLabel)] = request.registry.uid;
  labels[std::string(api::kClusterUidLabel)] = request.cluster.uid;
  labels[std::string(api::kOwnerNamespaceLabel)] = request.registry.ns;
  return labels;
}

Json Annotations(const JobRequest& request) {
  return {{std::string(api::kRegistryNameAnnotation), request.registry.name}};
}

// What the cluster's podTemplate says, under what is ours.
Json Merged(const Json& pod_template, const char* key, Json ours) {
  const auto it = pod_template.find(key);
  if (it == pod_template.end() || !it->is_object()) return ours;
  Json merged = *it;
  merged.update(ours);
  return merged;
}

Json Resources(const Json& pod_template) {
  const auto it = pod_template.find("resources");
  if (it != pod_template.end() && it->is_object() && !it->empty()) return *it;
  return {{"requests", {{"cpu", "100m"}, {"memory", "128Mi"}}},
          {"limits", {{"memory", "128Mi"}}}};
}

std::string ImageOf(const JobRequest& request) {
  if (!IsUploaded(request.registry)) return request.component.image;
  return UploadedReference(request.registry, request.component.version,
                           request.component_digest);
}

// A tag that a person pushes may be another image than the one a node has.
std::string PullPolicyOf(const JobRequest& request) {
  return IsUploaded(request.registry) && request.component_digest.empty()
             ? "Always"
             : request.component.pull_policy;
}

std::string PullSecretName(const JobRequest& request) {
  return base::StrCat(request.secret, "-pull");
}

Json Container(const JobRequest& request) {
  return {
      {"name", "scan-component"},
      {"image", ImageOf(request)},
      {"imagePullPolicy", PullPolicyOf(request)},
      {"args", Json::array({std::string(ToString(request.kind)), "--job-dir",
                            std::string(kJobDirectory)})},
      {"resources", Resources(*request.cluster.pod_template)},
      {"securityContext",
       {{"allowPrivilegeEscalation", false},
        {"readOnlyRootFilesystem", true},
        {"runAsNonRoot", true},
        {"capabilities", {{"drop", Json::array({"ALL"})}}}}},
      {"terminationMessagePolicy", "File"},
      {"volumeMounts",
       Json::array(
           {{{"name", "job"},
             {"mountPath", std::string(kJobDirectory)},
             {"readOnly", true}},
            {{"name", "spill"}, {"mountPath", std::string(kSpillDirectory)}}})},
  };
}

Json Volumes(const JobRequest& request) {
  return Json::array(
      {{{"name", "job"},
        {"secret", {{"secretName", request.secret}, {"defaultMode", 0440}}}},
       {{"name", "spill"},
        {"emptyDir", {{"sizeLimit", std::string(kSpillSize)}}}}});
}

Json PodSpec(const JobRequest& request) {
  Json spec = {
      {"restartPolicy", "Never"},
      {"automountServiceAccountToken", false},
      {"enableServiceLinks", false},
      {"terminationGracePeriodSeconds", 30},
      {"securityContext",
       {{"runAsNonRoot", true},
        {"runAsUser", kUser},
        {"runAsGroup", kUser},
        {"fsGroup", kUser},
        {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
      {"containers", Json::array({Container(request)})},
      {"volumes", Volumes(request)},
  };
  for (const char* key : {"nodeSelector", "tolerations", "imagePullSecrets",
                          "priorityClassName"}) {
    const Json& pod_template = *request.cluster.pod_template;
    if (pod_template.contains(key)) spec[key] = pod_template[key];
  }
  if (NeedsPullSecret(request.registry)) {
    spec["imagePullSecrets"].push_back({{"name", PullSecretName(request)}});
  }
  return spec;
}

// What only some types have.
void PutTypeConfig(const api::ImageRegistry& registry, Json& json) {
  for (size_t i = 0; i < registry.tokens.size(); ++i) {
    json["tokens"].push_back({{"name", registry.tokens[i].name},
                              {"file", base::StrCat(kScopedTokenPrefix, i)}});
  }
  const char* block = registry.type == "SWR" ? "swr" : "acr";
  if (!registry.edition.empty()) json[block]["edition"] = registry.edition;
  if (!registry.instance_id.empty()) {
    json[block]["instanceId"] = registry.instance_id;
  }
  if (!registry.google_project.empty()) {
    json["google"]["project"] = registry.google_project;
  }
}

Json ProxyConfig(const api::ImageRegistry& registry) {
  return {{"url", registry.proxy_url}, {"noProxy", registry.no_proxy}};
}

Json RegistryConfig(const api::ImageRegistry& registry) {
  Json json = {{"uid", registry.uid},
               {"name", registry.name},
               {"type", registry.type},
               {"url", registry.url},
               {"insecureSkipVerify", registry.insecure_skip_verify}};
  if (!registry.version.empty()) json["version"] = registry.version;
  if (!registry.connect_ip.empty()) json["connect"]["ip"] = registry.connect_ip;
  if (registry.connect_port != 0) {
    json["connect"]["port"] = registry.connect_port;
  }
  if (!registry.proxy_url.empty()) {
    json["proxy"] = ProxyConfig(registry);
  }
  if (!registry.region.empty()) json["region"] = registry.region;
  if (registry.private_network) json["network"] = "VPC";
  PutTypeConfig(registry, json);
  return json;
}

Json OwnedSecret(const JobRequest& request, const Json& created_job,
                 const std::string& name) {
  return {{"apiVersion", "v1"},
          {"kind", "Secret"},
          {"metadata",
           {{"name", name},
            {"namespace", request.ns},
            {"labels", Labels(request)},
            {"ownerReferences",
             Json::array({{{"apiVersion", "batch/v1"},
                           {"kind", "Job"},
                           {"name", kube::NameOf(created_job)},
                           {"uid", kube::UidOf(created_job)}}})}}}};
}

Json AccountConfig(const JobRequest& request) {
  const api::ImageRegistry& account = request.registry;
  Json json = {{"uid", account.uid},
               {"name", account.name},
               {"provider", account.type},
               {"regions", request.regions}};
  if (!account.proxy_url.empty()) json["proxy"] = ProxyConfig(account);
  return json;
}

Json ComponentConfig(const JobRequest& request) {
  return {{"repository", UploadedRepository(request.registry)},
          {"tag", request.component.version},
          {"version", request.component.version},
          {"configDigests", request.component.config_digests}};
}

}  // namespace

std::string_view ToString(JobKind kind) {
  switch (kind) {
    case JobKind::kVerify:
      return "verify";
    case JobKind::kScan:
      return "scan";
    case JobKind::kDiscover:
      return "discover";
  }
  return "";
}

std::string JobName(JobKind kind, const api::ImageRegistry& registry,
                    std::string_view suffix) {
  std::string name = registry.name.substr(0, kMaxNameInName);
  for (char& c : name) {
    if (c == '.') c = '-';
  }
  return base::StrCat(ToString(kind), "-", name, "-",
                      base::Sha256Hex(registry.uid).substr(0, 8), "-", suffix);
}

Json BuildJob(const JobRequest& request) {
  const Json& pod_template = *request.cluster.pod_template;
  const Json labels = Labels(request);
  return {
      {"apiVersion", "batch/v1"},
      {"kind", "Job"},
      {"metadata",
       {{"name", request.name},
        {"namespace", request.ns},
        {"labels", labels},
        {"annotations", Annotations(request)}}},
      {"spec",
       {{"suspend", true},
        {"backoffLimit", 0},
        {"completions", 1},
        {"parallelism", 1},
        {"activeDeadlineSeconds", DeadlineSeconds(request.kind)},
        {"ttlSecondsAfterFinished", kKeptSeconds},
        {"template",
         {{"metadata",
           {{"labels", Merged(pod_template, "labels", labels)},
            {"annotations",
             Merged(pod_template, "annotations", Annotations(request))}}},
          {"spec", PodSpec(request)}}}}},
  };
}

Json BuildSecret(const JobRequest& request, const Json& created_job,
                 const SecretFiles& files) {
  Json data = Json::object();
  for (const auto& [name, bytes] : files) {
    data[name] = absl::Base64Escape(bytes);
  }
  data[std::string(kJobFile)] = absl::Base64Escape(JobConfig(request).dump());
  Json secret = OwnedSecret(request, created_job, request.secret);
  secret["type"] = "Opaque";
  secret["data"] = std::move(data);
  return secret;
}

Json BuildPullSecret(const JobRequest& request, const Json& created_job,
                     const SecretFiles& files) {
  if (!NeedsPullSecret(request.registry)) return nullptr;
  Json secret = OwnedSecret(request, created_job, PullSecretName(request));
  secret["type"] = "kubernetes.io/dockerconfigjson";
  secret["data"][".dockerconfigjson"] =
      absl::Base64Escape(PullConfig(request.registry, files));
  return secret;
}

Json JobConfig(const JobRequest& request) {
  Json config = {{"spillDirectory", std::string(kSpillDirectory)}};
  if (request.kind == JobKind::kDiscover) {
    config["account"] = AccountConfig(request);
  } else {
    config["registry"] = RegistryConfig(request.registry);
  }
  if (!request.component.allowed_addresses.empty()) {
    config["allowedAddresses"] = request.component.allowed_addresses;
  }
  if (request.kind == JobKind::kVerify && IsUploaded(request.registry)) {
    config["component"] = ComponentConfig(request);
  }
  if (request.kind == JobKind::kScan) {
    const bool own_address = !request.cluster.analyzer_address.empty();
    config["analyzer"]["address"] = own_address
                                        ? request.cluster.analyzer_address
                                        : request.component.analyzer_address;
    if (!request.component.analyzer_server_name.empty()) {
      config["analyzer"]["serverName"] = request.component.analyzer_server_name;
    }
  }
  return config;
}

}  // namespace landwaiter::jobs
