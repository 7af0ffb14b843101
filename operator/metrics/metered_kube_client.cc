#include "operator/metrics/metered_kube_client.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace landwaiter::metrics {
namespace {

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace

template <typename Result>
Result MeteredKubeClient::Count(std::string_view verb, Result result) {
  metrics_->CountRequest(verb, StatusOf(result));
  return result;
}

absl::StatusOr<kube::Json> MeteredKubeClient::Get(
    const kube::ResourceType& type, const kube::ObjectKey& key) {
  return Count("GET", client_->Get(type, key));
}

absl::StatusOr<kube::ListPage> MeteredKubeClient::List(
    const kube::ResourceType& type, std::string_view ns,
    const kube::ListOptions& options) {
  return Count("LIST", client_->List(type, ns, options));
}

absl::StatusOr<kube::Json> MeteredKubeClient::Create(
    const kube::ResourceType& type, const kube::Json& object) {
  return Count("POST", client_->Create(type, object));
}

absl::StatusOr<kube::Json> MeteredKubeClient::Update(
    const kube::ResourceType& type, const kube::Json& object) {
  return Count("PUT", client_->Update(type, object));
}

absl::StatusOr<kube::Json> MeteredKubeClient::UpdateStatus(
    const kube::ResourceType& type, const kube::Json& object) {
  return Count("PUT", client_->UpdateStatus(type, object));
}

absl::StatusOr<kube::Json> MeteredKubeClient::Patch(
    const kube::ResourceType& type, const kube::ObjectKey& key,
    const kube::Json& patch, const kube::PatchOptions& options) {
  return Count("PATCH", client_->Patch(type, key, patch, options));
}

absl::Status MeteredKubeClient::Delete(const kube::ResourceType& type,
                                       const kube::ObjectKey& key,
                                       const kube::DeleteOptions& options) {
  return Count("DELETE", client_->Delete(type, key, options));
}

absl::Status MeteredKubeClient::Watch(const kube::ResourceType& type,
                                      std::string_view ns,
                                      const kube::WatchOptions& options,
                                      OnEvent on_event, std::stop_token stop) {
  return Count("WATCH",
               client_->Watch(type, ns, options, on_event, std::move(stop)));
}

absl::StatusOr<std::string> MeteredKubeClient::PodLog(
    const kube::ObjectKey& pod, const kube::PodLogOptions& options) {
  return Count("GET", client_->PodLog(pod, options));
}

absl::StatusOr<std::string> MeteredKubeClient::GetRaw(std::string_view path) {
  return Count("GET", client_->GetRaw(path));
}

}  // namespace landwaiter::metrics
