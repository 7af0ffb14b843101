#include "operator/reconcile/account_discovery.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr int kMaxRegions = 50;

int IntAt(const Json& object, std::string_view field, int least,
          int otherwise) {
  const Json* value = kube::Find(object, {"status", "discovery", field});
  return value != nullptr && value->is_number_integer()
             ? std::clamp(value->get<int>(), least, kMaxRegions)
             : otherwise;
}

}  // namespace

DiscoveryCursor DiscoveryCursor::FromStatus(const Json& object) {
  DiscoveryCursor cursor;
  cursor.next = IntAt(object, "nextRegion", 0, 0);
  cursor.regions_a_job = IntAt(object, "regionsAJob", 1, kMaxRegions);
  return cursor;
}

Json DiscoveryCursor::ToJson() const {
  return {{"nextRegion", next}, {"regionsAJob", regions_a_job}};
}

std::vector<std::string> DiscoveryCursor::Part(
    const std::vector<std::string>& regions) const {
  const int size = static_cast<int>(regions.size());
  const int begin = next < size ? next : 0;
  const int end = std::min(size, begin + regions_a_job);
  return {regions.begin() + begin, regions.begin() + end};
}

bool DiscoveryCursor::Advance(const std::vector<std::string>& regions) {
  const int size = static_cast<int>(regions.size());
  next = (next < size ? next : 0) + regions_a_job;
  if (next < size) return false;
  next = 0;
  return true;
}

bool DiscoveryCursor::Shrink(const std::vector<std::string>& regions) {
  const int part = static_cast<int>(Part(regions).size());
  if (part <= 1) return false;
  regions_a_job = (part + 1) / 2;
  next = 0;
  return true;
}

}  // namespace landwaiter::reconcile
