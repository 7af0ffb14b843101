#include "operator/api/scan_policy.h"

#include <algorithm>

#include "nlohmann/json.hpp"
#include "operator/api/reader.h"
#include "operator/kube/object.h"

namespace landwaiter::api {

absl::StatusOr<ScanPolicy> ScanPolicy::Parse(const nlohmann::json& object) {
  absl::Status error;
  Reader root(object, "", &error);
  Reader spec = root.Object("spec");
  ScanPolicy policy;
  policy.ns = kube::NamespaceOf(object);
  policy.name = kube::NameOf(object);
  policy.uid = kube::UidOf(object);
  policy.created =
      kube::TimeFromText(
          kube::StringAt(object, {"metadata", "creationTimestamp"}))
          .value_or(absl::InfinitePast());
  policy.schedule = spec.String("schedule");
  policy.time_zone = spec.String("timeZone");
  policy.replace = spec.String("concurrencyPolicy") == "Replace";
  policy.starting_deadline =
      absl::Seconds(spec.Int("startingDeadlineSeconds", 3600));
  policy.suspend = spec.Bool("suspend", false);
  policy.scope = ReadScope(spec.Object("scope"));
  policy.items = spec.Strings("items");
  policy.timeout = spec.Duration("timeout", absl::Hours(4));
  policy.parallelism = static_cast<uint32_t>(
      std::clamp<int64_t>(spec.Int("parallelism", 2), 1, 64));
  policy.retention = spec.Duration("retention", absl::Hours(720));
  policy.history_limit = static_cast<int>(
      std::clamp<int64_t>(spec.Int("historyLimit", 10), 1, 100));
  policy.fix_enabled = spec.Object("fix").Bool("enabled", false);
  if (!error.ok()) return error;
  return policy;
}

bool IsImplementedItem(std::string_view item) {
  return item == "SystemVulnerabilities" ||
         item == "ApplicationVulnerabilities";
}

std::vector<std::string> ItemsNotImplemented(
    const std::vector<std::string>& items) {
  std::vector<std::string> missing;
  std::copy_if(
      items.begin(), items.end(), std::back_inserter(missing),
      [](const std::string& item) { return !IsImplementedItem(item); });
  return missing;
}

}  // namespace landwaiter::api
