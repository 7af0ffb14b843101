#include "operator/jobs/job_builder.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/jobs/job_contract.h"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;

constexpr int kUser = 65532;
constexpr int kVerifyDeadlineSeconds = 120;
constexpr int kScanDeadlineSeconds = 6 * 60 * 60;
constexpr int kKeptSeconds = 600;
constexpr std::string_view kSpillSize = "2Gi";
constexpr size_t kMaxNameInName = 32;

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

Json Container(const JobRequest& request) {
  return {
      {"name", "scan-component"},
      {"image", request.component.image},
      {"imagePullPolicy", request.component.pull_policy},
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
  return spec;
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
    json["proxy"] = {{"url", registry.proxy_url},
                     {"noProxy", registry.no_proxy}};
  }
  return json;
}

}  // namespace

std::string_view ToString(JobKind kind) {
  return kind == JobKind::kVerify ? "verify" : "scan";
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
  const bool verify = request.kind == JobKind::kVerify;
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
        {"activeDeadlineSeconds",
         verify ? kVerifyDeadlineSeconds : kScanDeadlineSeconds},
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
  return {
      {"apiVersion", "v1"},
      {"kind", "Secret"},
      {"type", "Opaque"},
      {"metadata",
       {{"name", request.secret},
        {"namespace", request.ns},
        {"labels", Labels(request)},
        {"ownerReferences",
         Json::array({{{"apiVersion", "batch/v1"},
                       {"kind", "Job"},
                       {"name", kube::NameOf(created_job)},
                       {"uid", kube::UidOf(created_job)}}})}}},
      {"data", std::move(data)},
  };
}

Json JobConfig(const JobRequest& request) {
  Json config = {{"registry", RegistryConfig(request.registry)},
                 {"spillDirectory", std::string(kSpillDirectory)}};
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
