#include "agent/registry/cloud/account.h"

#include <algorithm>
#include <tuple>

#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

using Find = absl::StatusOr<std::vector<Instance>> (*)(const Connection&,
                                                       const std::string&,
                                                       base::Clock&);

constexpr struct {
  std::string_view provider;
  Find find;
} kProviders[] = {{"AlibabaCloud", AlibabaInstances},
                  {"HuaweiCloud", HuaweiInstances},
                  {"AWS", AwsInstances}};

constexpr size_t kMaxRegions = 50;

Find FinderOf(std::string_view provider) {
  for (const auto& entry : kProviders) {
    if (entry.provider == provider) return entry.find;
  }
  return nullptr;
}

absl::Status CheckRegions(const std::vector<std::string>& regions) {
  if (regions.empty() || regions.size() > kMaxRegions) {
    return absl::InvalidArgumentError(
        base::StrCat("1 to ", kMaxRegions, " regions are wanted"));
  }
  for (const std::string& region : regions) {
    if (IsRegion(region)) continue;
    return absl::InvalidArgumentError(base::StrCat(
        "\"", base::Printable(region, 60), "\" is no id of a region"));
  }
  return absl::OkStatus();
}

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") ==
             id.npos;
}

// What comes from the API becomes names and addresses elsewhere.
absl::Status CheckInstance(const Instance& instance) {
  const auto url = http::Url::Parse(base::StrCat("https://", instance.domain));
  if (IsId(instance.id) && url.ok() && url->host == instance.domain) {
    return absl::OkStatus();
  }
  return base::Failure(
      base::FailureCode::kNetworkError,
      base::StrCat("the cloud names an instance ",
                   base::Printable(instance.id, 80), " at the address ",
                   base::Printable(instance.domain, 80),
                   ", which cannot be used"),
      "Protocol");
}

}  // namespace

bool IsProvider(std::string_view provider) {
  return FinderOf(provider) != nullptr;
}

absl::StatusOr<std::vector<Instance>> FindInstances(
    std::string_view provider, const std::vector<std::string>& regions,
    const Connection& connection, base::Clock& clock) {
  const Find find = FinderOf(provider);
  if (find == nullptr) {
    return absl::InvalidArgumentError(
        base::StrCat("there is no provider ", base::Printable(provider, 60)));
  }
  LANDWAITER_RETURN_IF_ERROR(CheckRegions(regions));
  if (connection.credentials.empty()) {
    return WrongCredentials("an account needs an access key");
  }
  std::vector<Instance> all;
  for (const std::string& region : regions) {
    auto found = find(connection, region, clock);
    if (!found.ok()) return base::WithContext(found.status(), region);
    for (Instance& instance : *found) {
      LANDWAITER_RETURN_IF_ERROR(CheckInstance(instance));
      all.push_back(std::move(instance));
    }
  }
  const auto key = [](const Instance& i) { return std::tie(i.region, i.id); };
  std::sort(all.begin(), all.end(), [&](const Instance& a, const Instance& b) {
    return key(a) < key(b);
  });
  // A region that was named twice.
  all.erase(std::unique(all.begin(), all.end(),
                        [&](const Instance& a, const Instance& b) {
                          return key(a) == key(b);
                        }),
            all.end());
  return all;
}

}  // namespace landwaiter::agent::registry::cloud
