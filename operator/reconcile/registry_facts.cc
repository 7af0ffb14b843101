#include "operator/reconcile/registry_facts.h"

#include <string>
#include <vector>

#include "operator/api/names.h"
#include "operator/jobs/forwarder_commands.h"
#include "operator/jobs/upload_commands.h"
#include "operator/jobs/uploaded_component.h"
#include "operator/reconcile/owner.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

std::vector<std::string> ComponentCommands(const jobs::ScanComponent& component,
                                           const api::ImageRegistry& registry) {
  if (!jobs::IsUploaded(registry)) return {};
  return jobs::UploadCommands(
      {.image = component.image,
       .version = component.version,
       .target = jobs::UploadedReference(registry, component.version),
       .https = registry.url.starts_with("https://")});
}

void PutOrErase(Json& object, const char* key, const std::string& value) {
  if (value.empty()) {
    object.erase(key);
  } else {
    object[key] = value;
  }
}

}  // namespace

void PutRegistryFacts(const Settings& settings, RegistryDraft& draft) {
  PutOrErase(draft.status, "region", draft.registry.region);
  PutOrErase(draft.status, "managedBy",
             OwnerKey(draft.object, api::kRegistryAccounts.kind).name);
  Json commands = Json::object();
  const auto forwarder = jobs::ForwarderCommands(draft.registry);
  if (!forwarder.empty()) commands["forwarder"] = forwarder;
  const auto component = ComponentCommands(settings.component, draft.registry);
  if (!component.empty()) commands["scanComponent"] = component;
  draft.status.erase("commands");
  if (!commands.empty()) draft.status["commands"] = std::move(commands);
}

}  // namespace landwaiter::reconcile
