#ifndef LANDWAITER_OPERATOR_KUBE_FAKE_SERVER_SIDE_APPLY_H_
#define LANDWAITER_OPERATOR_KUBE_FAKE_SERVER_SIDE_APPLY_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "operator/kube/object.h"

namespace landwaiter::kube {

// Server-side apply as the fake API server does it, without a schema: objects
// are merged field by field; a list is atomic, except those that Kubernetes
// keys by a field of their items (conditions by type, containers by name, ...).

// One step from an object to a part of it: a field's name, or for an item of a
// keyed list "[key=value]".
using FieldPath = std::vector<std::string>;
// The fields that a manager's last apply named: scalars, atomic lists and empty
// objects.
using FieldSet = std::map<FieldPath, Json>;
// By manager (and subresource).
using Managers = std::map<std::string, FieldSet>;

FieldSet FieldsOf(const Json& applied);

// Makes `object` what applying `applied` as `manager` leads to, and notes in
// `managers` who now owns what. ABORTED, naming the field and its owner, if
// another manager set a field to another value and `force` is not given.
absl::Status ApplyFields(Json& object, const Json& applied,
                         const std::string& manager, bool force,
                         Managers& managers);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_FAKE_SERVER_SIDE_APPLY_H_
