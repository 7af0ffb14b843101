#include "operator/kube/object.h"

#include "absl/strings/str_cat.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {

std::string ResourceType::ApiVersion() const {
  if (group.empty()) return std::string(version);
  return base::StrCat(group, "/", version);
}

std::string ObjectKey::ToString() const {
  return ns.empty() ? name : absl::StrCat(ns, "/", name);
}

const Json* Find(const Json& object,
                 std::initializer_list<std::string_view> path) {
  const Json* at = &object;
  for (std::string_view key : path) {
    if (!at->is_object()) return nullptr;
    auto found = at->find(key);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string StringAt(const Json& object,
                     std::initializer_list<std::string_view> path,
                     std::string_view otherwise) {
  const Json* value = Find(object, path);
  if (value == nullptr || !value->is_string()) return std::string(otherwise);
  return value->get<std::string>();
}

ObjectKey KeyOf(const Json& object) {
  return {NamespaceOf(object), NameOf(object)};
}

std::string NameOf(const Json& object) {
  return StringAt(object, {"metadata", "name"});
}

std::string NamespaceOf(const Json& object) {
  return StringAt(object, {"metadata", "namespace"});
}

std::string UidOf(const Json& object) {
  return StringAt(object, {"metadata", "uid"});
}

std::string ResourceVersionOf(const Json& object) {
  return StringAt(object, {"metadata", "resourceVersion"});
}

bool IsBeingDeleted(const Json& object) {
  return !StringAt(object, {"metadata", "deletionTimestamp"}).empty();
}

std::string LabelOf(const Json& object, std::string_view label) {
  return StringAt(object, {"metadata", "labels", label});
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string MicroTimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
}

std::optional<absl::Time> TimeFromText(std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, base::ToAbsl(text), &time, &error)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace landwaiter::kube
