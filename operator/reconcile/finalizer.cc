#include "operator/reconcile/finalizer.h"

#include <string>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr absl::Duration kGiveUpAfter = absl::Minutes(10);
constexpr absl::Duration kTryAgainAfter = absl::Seconds(15);

Json FinalizersOf(const Json& object) {
  const Json* finalizers = kube::Find(object, {"metadata", "finalizers"});
  return finalizers != nullptr && finalizers->is_array() ? *finalizers
                                                         : Json::array();
}

absl::Status SetFinalizers(kube::KubeClient& client,
                           const kube::ResourceType& type, const Json& object,
                           const Json& finalizers) {
  const absl::Status status =
      client
          .Patch(type, kube::KeyOf(object),
                 {{"metadata",
                   {{"finalizers", finalizers},
                    {"resourceVersion", kube::ResourceVersionOf(object)}}}},
                 {})
          .status();
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status RemoveFinalizer(kube::KubeClient& client,
                             const kube::ResourceType& type,
                             const Json& object) {
  Json kept = Json::array();
  for (const Json& finalizer : FinalizersOf(object)) {
    if (finalizer != std::string(api::kFinalizer)) kept.push_back(finalizer);
  }
  return SetFinalizers(client, type, object, kept);
}

}  // namespace

bool HasFinalizer(const Json& object) {
  for (const Json& finalizer : FinalizersOf(object)) {
    if (finalizer == std::string(api::kFinalizer)) return true;
  }
  return false;
}

absl::Status AddFinalizer(const Context& context,
                          const kube::ResourceType& type, const Json& object) {
  Json finalizers = FinalizersOf(object);
  finalizers.push_back(std::string(api::kFinalizer));
  return SetFinalizers(*context.kube, type, object, finalizers);
}

absl::StatusOr<absl::Time> Finalize(
    const Context& context, const kube::ResourceType& type, const Json& object,
    absl::FunctionRef<absl::Status()> clean_up) {
  if (!HasFinalizer(object)) return absl::InfiniteFuture();
  const absl::Status cleaned = clean_up();
  if (!cleaned.ok()) {
    const absl::Time now = context.clock->Now();
    const absl::Time since =
        kube::TimeFromText(
            kube::StringAt(object, {"metadata", "deletionTimestamp"}))
            .value_or(now);
    if (now < since + kGiveUpAfter) {
      base::LogWarning("clean-up failed",
                       {{"kind", type.kind},
                        {"object", kube::KeyOf(object).ToString()},
                        {"error", std::string(cleaned.message())}});
      return now + kTryAgainAfter;
    }
    context.events->Event(object, kube::EventType::kWarning,
                          api::reason::kCleanupAbandoned, "Finalize",
                          base::StrCat("Gave up cleaning up after 10 minutes: ",
                                       std::string(cleaned.message())));
  }
  LANDWAITER_RETURN_IF_ERROR(RemoveFinalizer(*context.kube, type, object));
  return absl::InfiniteFuture();
}

absl::Status ReleaseFinalizers(kube::KubeClient& client,
                               const std::vector<std::string>& namespaces) {
  for (const kube::ResourceType* type :
       {&api::kRepositoryClusters, &api::kImageRegistries, &api::kScanTasks}) {
    for (const std::string& ns : namespaces) {
      const auto objects = kube::ListAll(client, *type, ns, {});
      // The definitions may be gone, and with them all objects.
      if (absl::IsNotFound(objects.status())) continue;
      LANDWAITER_RETURN_IF_ERROR(objects.status());
      for (const Json& object : objects->items) {
        if (!HasFinalizer(object)) continue;
        LANDWAITER_RETURN_IF_ERROR(RemoveFinalizer(client, *type, object));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::reconcile
