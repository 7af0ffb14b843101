#include "operator/kube/breaker_client.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace

absl::Status Away(const absl::Status& why) {
  absl::Status away = absl::UnavailableError(why.message());
  why.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    away.SetPayload(url, payload);
  });
  return away;
}

void BreakerClient::SetState(absl::Status state) {
  absl::MutexLock lock(&mutex_);
  state_ = std::move(state);
}

absl::Status BreakerClient::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

template <typename Call>
auto BreakerClient::Guard(Call call) -> decltype(call()) {
  if (absl::Status known = state(); !known.ok()) return known;
  auto result = call();
  const absl::Status& status = StatusOf(result);
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    SetState(Away(status));
  }
  return result;
}

absl::StatusOr<Json> BreakerClient::Get(const ResourceType& type,
                                        const ObjectKey& key) {
  return Guard([&] { return client_->Get(type, key); });
}

absl::StatusOr<ListPage> BreakerClient::List(const ResourceType& type,
                                             std::string_view ns,
                                             const ListOptions& options) {
  return Guard([&] { return client_->List(type, ns, options); });
}

absl::StatusOr<Json> BreakerClient::Create(const ResourceType& type,
                                           const Json& object) {
  return Guard([&] { return client_->Create(type, object); });
}

absl::StatusOr<Json> BreakerClient::Update(const ResourceType& type,
                                           const Json& object) {
  return Guard([&] { return client_->Update(type, object); });
}

absl::StatusOr<Json> BreakerClient::UpdateStatus(const ResourceType& type,
                                                 const Json& object) {
  return Guard([&] { return client_->UpdateStatus(type, object); });
}

absl::StatusOr<Json> BreakerClient::Patch(const ResourceType& type,
                                          const ObjectKey& key,
                                          const Json& patch,
                                          const PatchOptions& options) {
  return Guard([&] { return client_->Patch(type, key, patch, options); });
}

absl::Status BreakerClient::Delete(const ResourceType& type,
                                   const ObjectKey& key,
                                   const DeleteOptions& options) {
  return Guard([&] { return client_->Delete(type, key, options); });
}

absl::Status BreakerClient::Watch(const ResourceType& type, std::string_view ns,
                                  const WatchOptions& options, OnEvent on_event,
                                  std::stop_token stop) {
  return Guard([&] {
    return client_->Watch(type, ns, options, on_event, std::move(stop));
  });
}

absl::StatusOr<std::string> BreakerClient::PodLog(
    const ObjectKey& pod, const PodLogOptions& options) {
  return Guard([&] { return client_->PodLog(pod, options); });
}

absl::StatusOr<std::string> BreakerClient::GetRaw(std::string_view path) {
  return Guard([&] { return client_->GetRaw(path); });
}

}  // namespace landwaiter::kube
