#ifndef LANDWAITER_OPERATOR_API_SCAN_POLICY_H_
#define LANDWAITER_OPERATOR_API_SCAN_POLICY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"
#include "operator/api/scope.h"

namespace landwaiter::api {

// What a ScanPolicy asks for (deploy/crds).
struct ScanPolicy {
  std::string ns;
  std::string name;
  std::string uid;
  absl::Time created = absl::InfinitePast();

  std::string schedule;   // empty: by hand only
  std::string time_zone;  // empty: UTC
  bool replace = false;   // concurrencyPolicy: Replace
  absl::Duration starting_deadline = absl::Hours(1);
  bool suspend = false;
  ScopeSpec scope;
  std::vector<std::string> items;
  absl::Duration timeout = absl::Hours(4);
  uint32_t parallelism = 2;
  absl::Duration retention = absl::Hours(720);
  int history_limit = 10;
  bool fix_enabled = false;

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<ScanPolicy> Parse(const nlohmann::json& object);
};

// Items that are looked for in this release: SystemVulnerabilities and
// ApplicationVulnerabilities.
bool IsImplementedItem(std::string_view item);
// Those of `items` that are not, in their order.
std::vector<std::string> ItemsNotImplemented(
    const std::vector<std::string>& items);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_SCAN_POLICY_H_
