#include "operator/kube/fake/server_side_apply.h"

#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/strings.h"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

// The field by which the items of a list are told apart; nullopt for an atomic
// list. From the API's x-kubernetes-list-map-keys.
std::optional<std::string> KeyOfList(std::string_view field) {
  static constexpr std::pair<std::string_view, std::string_view> kKeyed[] = {
      {"conditions", "type"},     {"containers", "name"},
      {"initContainers", "name"}, {"env", "name"},
      {"volumes", "name"},        {"volumeMounts", "mountPath"},
      {"ownerReferences", "uid"}, {"imagePullSecrets", "name"},
  };
  for (const auto& [name, key] : kKeyed) {
    if (name == field) return std::string(key);
  }
  return std::nullopt;
}

// "[name=x]" for an item that has its key.
std::optional<std::string> ItemStep(const Json& item, const std::string& key) {
  if (!item.is_object() || !item.contains(key)) return std::nullopt;
  const Json& value = item.at(key);
  return absl::StrCat(
      "[", key, "=",
      value.is_string() ? value.get<std::string>() : value.dump(), "]");
}

bool IsKeyed(const Json& list, const std::optional<std::string>& key) {
  if (!key.has_value() || !list.is_array() || list.empty()) return false;
  for (const Json& item : list) {
    if (!ItemStep(item, *key).has_value()) return false;
  }
  return true;
}

void Flatten(const Json& value, FieldPath& path, FieldSet& fields) {
  if (value.is_object() && !value.empty()) {
    for (const auto& [name, member] : value.items()) {
      path.push_back(name);
      Flatten(member, path, fields);
      path.pop_back();
    }
    return;
  }
  const auto key = path.empty() ? std::nullopt : KeyOfList(path.back());
  if (IsKeyed(value, key)) {
    for (const Json& item : value) {
      path.push_back(*ItemStep(item, *key));
      Flatten(item, path, fields);
      path.pop_back();
    }
    return;
  }
  fields[path] = value;
}

// The part of `parent` that a step leads to, nullptr if it is not there.
Json* StepInto(Json& parent, const std::string& step) {
  if (parent.is_object()) {
    auto found = parent.find(step);
    return found == parent.end() ? nullptr : &*found;
  }
  if (!parent.is_array() || !step.starts_with('[')) return nullptr;
  const std::string key = step.substr(1, step.find('=') - 1);
  for (Json& item : parent) {
    if (ItemStep(item, key) == step) return &item;
  }
  return nullptr;
}

Json* At(Json& object, const FieldPath& path) {
  Json* at = &object;
  for (const std::string& step : path) {
    at = StepInto(*at, step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

// An item that the step "[key=value]" finds.
Json NewItem(const std::string& step) {
  const size_t equals = step.find('=');
  return {{step.substr(1, equals - 1),
           step.substr(equals + 1, step.size() - equals - 2)}};
}

void Set(Json& object, const FieldPath& path, const Json& value) {
  Json* at = &object;
  for (const std::string& step : path) {
    if (Json* next = StepInto(*at, step)) {
      at = next;
    } else if (step.starts_with('[')) {
      if (!at->is_array()) *at = Json::array();
      at->push_back(NewItem(step));
      at = &at->back();
    } else {
      if (!at->is_object()) *at = Json::object();
      at = &(*at)[step];
    }
  }
  *at = value;
}

void EraseStep(Json& parent, const std::string& step) {
  if (parent.is_object()) {
    parent.erase(step);
    return;
  }
  for (auto item = parent.begin(); item != parent.end(); ++item) {
    if (StepInto(parent, step) == &*item) {
      parent.erase(item);
      return;
    }
  }
}

// Removes a field, and what of its parents is empty then.
void Erase(Json& object, FieldPath path) {
  while (!path.empty()) {
    const std::string step = path.back();
    path.pop_back();
    Json* parent = At(object, path);
    if (parent == nullptr) return;
    EraseStep(*parent, step);
    if (!parent->empty()) return;
  }
}

// Whether the field is what its item is found by.
bool IsItemKey(const FieldPath& path) {
  return path.size() >= 2 &&
         path[path.size() - 2].starts_with("[" + path.back() + "=");
}

// Whether what is there is what is wanted already. An empty object only wants
// one to be there.
bool Holds(const Json& now, const Json& wanted) {
  return now == wanted ||
         (now.is_object() && wanted.is_object() && wanted.empty());
}

bool OwnedByAnother(const Managers& managers, const std::string& manager,
                    const FieldPath& path) {
  for (const auto& [name, fields] : managers) {
    if (name != manager && fields.contains(path)) return true;
  }
  return false;
}

absl::Status CheckConflicts(const Json& object, const FieldSet& wanted,
                            const std::string& manager,
                            const Managers& managers) {
  Json current = object;
  for (const auto& [name, fields] : managers) {
    if (name == manager) continue;
    for (const auto& [path, value] : wanted) {
      const Json* now = At(current, path);
      if (!fields.contains(path) || now == nullptr || Holds(*now, value)) {
        continue;
      }
      return StatusWithReason(
          absl::StatusCode::kAborted, "Conflict",
          absl::StrCat("Apply failed with 1 conflict: conflict with \"", name,
                       "\": .", absl::StrJoin(path, ".")));
    }
  }
  return absl::OkStatus();
}

// Removes what the manager's last apply named, this one does not, and nobody
// else owns.
void RemoveAbandoned(Json& object, const std::string& manager,
                     const FieldSet& wanted, Managers& managers) {
  // An item's key goes last, with the item: the item is found by it.
  for (const bool keys : {false, true}) {
    for (const auto& [path, value] : managers[manager]) {
      if (IsItemKey(path) != keys || wanted.contains(path) ||
          OwnedByAnother(managers, manager, path)) {
        continue;
      }
      const FieldPath item(path.begin(), path.end() - 1);
      if (!keys) {
        Erase(object, path);
      } else if (const Json* rest = At(object, item);
                 rest != nullptr && rest->size() == 1) {
        Erase(object, item);
      }
    }
  }
}

}  // namespace

FieldSet FieldsOf(const Json& applied) {
  FieldSet fields;
  FieldPath path;
  Flatten(applied, path, fields);
  // What names the object belongs to nobody.
  for (const char* name : {"apiVersion", "kind"}) fields.erase({name});
  for (const char* name : {"name", "namespace", "uid", "resourceVersion",
                           "creationTimestamp", "generation"}) {
    fields.erase({"metadata", name});
  }
  return fields;
}

absl::Status ApplyFields(Json& object, const Json& applied,
                         const std::string& manager, bool force,
                         Managers& managers) {
  FieldSet wanted = FieldsOf(applied);
  if (!force) {
    absl::Status status = CheckConflicts(object, wanted, manager, managers);
    if (!status.ok()) return status;
  }
  RemoveAbandoned(object, manager, wanted, managers);
  for (const auto& [path, value] : wanted) {
    const Json* now = At(object, path);
    if (now != nullptr && Holds(*now, value)) continue;
    Set(object, path, value);
    for (auto& [name, fields] : managers) {
      if (name != manager) fields.erase(path);
    }
  }
  managers[manager] = std::move(wanted);
  return absl::OkStatus();
}

}  // namespace landwaiter::kube
