#include "operator/kube/fake/fake_kube_client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

std::string QualifiedName(const ResourceType& type) {
  if (type.group.empty()) return std::string(type.plural);
  return base::StrCat(type.plural, ".", type.group);
}

absl::Status NotFound(const ResourceType& type, const ObjectKey& key) {
  return StatusWithReason(
      absl::StatusCode::kNotFound, "NotFound",
      absl::StrCat(QualifiedName(type), " \"", key.name, "\" not found"));
}

absl::Status Invalid(std::string_view message) {
  return StatusWithReason(absl::StatusCode::kInvalidArgument, "Invalid",
                          message);
}

absl::Status Conflict(const ResourceType& type, const ObjectKey& key,
                      std::string_view why) {
  return StatusWithReason(
      absl::StatusCode::kAborted, "Conflict",
      base::StrCat("Operation cannot be fulfilled on ", QualifiedName(type),
                   " \"", key.name, "\": ", why));
}

// What the writer says that it read must be what is there.
absl::Status CheckPreconditions(const ResourceType& type, const Json& stored,
                                std::string_view uid,
                                std::string_view version) {
  if (!uid.empty() && uid != UidOf(stored)) {
    return Conflict(type, KeyOf(stored), "Precondition failed: UID");
  }
  if (!version.empty() && version != ResourceVersionOf(stored)) {
    return Conflict(type, KeyOf(stored),
                    "the object has been modified; please apply your changes "
                    "to the latest version and try again");
  }
  return absl::OkStatus();
}

absl::Status CheckObject(const ResourceType& type, const Json& object) {
  if (!object.is_object()) return Invalid("the object is not one");
  const std::string kind = StringAt(object, {"kind"});
  if (!kind.empty() && kind != type.kind) {
    return absl::InvalidArgumentError(
        absl::StrCat("the object's kind is ", kind));
  }
  if (type.namespaced && NamespaceOf(object).empty()) {
    return Invalid("metadata.namespace: Required value");
  }
  return absl::OkStatus();
}

Json WithoutServersFields(Json object) {
  object.erase("status");
  object.erase("metadata");
  return object;
}

bool HasFinalizers(const Json& object) {
  const Json* finalizers = Find(object, {"metadata", "finalizers"});
  return finalizers != nullptr && !finalizers->empty();
}

bool HasNewFinalizer(const Json& before, const Json& after) {
  const Json* old_list = Find(before, {"metadata", "finalizers"});
  const Json* new_list = Find(after, {"metadata", "finalizers"});
  if (new_list == nullptr) return false;
  return std::ranges::any_of(*new_list, [&](const Json& finalizer) {
    return old_list == nullptr ||
           std::ranges::find(*old_list, finalizer) == old_list->end();
  });
}

void Restore(Json& metadata, const Json& stored, const char* field) {
  const Json* value = Find(stored, {"metadata", field});
  if (value == nullptr) {
    metadata.erase(field);
  } else {
    metadata[field] = *value;
  }
}

}  // namespace

std::string FakeRequest::ToString() const {
  return base::StrCat(verb, " ", type.plural, subresource.empty() ? "" : "/",
                      subresource, " ", key.ToString());
}

FakeKubeClient::FakeKubeClient(base::Clock* clock) : clock_(clock) {}
FakeKubeClient::~FakeKubeClient() = default;

FakeKubeClient::Resource FakeKubeClient::ResourceOf(const ResourceType& type) {
  return {std::string(type.group), std::string(type.plural)};
}

absl::Status FakeKubeClient::Begin(const FakeRequest& request) {
  Fault fault;
  {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(request.ToString());
    fault = before_;
  }
  return fault ? fault(request) : absl::OkStatus();
}

FakeKubeClient::Fault FakeKubeClient::FaultAfter() const {
  absl::MutexLock lock(&mutex_);
  return after_;
}

template <typename Result>
Result FakeKubeClient::Finish(const FakeRequest& request, Result result) {
  if (Fault fault = FaultAfter()) {
    LANDWAITER_RETURN_IF_ERROR(fault(request));
  }
  return result;
}

FakeKubeClient::Stored* FakeKubeClient::FindStored(const ResourceType& type,
                                                   const ObjectKey& key) {
  Objects& objects = objects_[ResourceOf(type)];
  auto found = objects.find(key);
  return found == objects.end() ? nullptr : &found->second;
}

absl::StatusOr<Json> FakeKubeClient::Get(const ResourceType& type,
                                         const ObjectKey& key) {
  const FakeRequest request{"get", type, key, ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<Json> result = NotFound(type, key);
  {
    absl::MutexLock lock(&mutex_);
    if (Stored* stored = FindStored(type, key)) result = *stored->object;
  }
  return Finish(request, std::move(result));
}

absl::StatusOr<Json> FakeKubeClient::Create(const ResourceType& type,
                                            const Json& object) {
  const FakeRequest request{"create", type, KeyOf(object), ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<Json> result = Json();
  {
    absl::MutexLock lock(&mutex_);
    result = type == kSelfSubjectAccessReviews ? ReviewAccess(object)
                                               : CreateLocked(type, object, {});
  }
  return Finish(request, std::move(result));
}

absl::StatusOr<Json> FakeKubeClient::CreateLocked(const ResourceType& type,
                                                  Json object,
                                                  const Managers& managers) {
  LANDWAITER_RETURN_IF_ERROR(CheckObject(type, object));
  Json& metadata = object["metadata"];
  const std::string prefix = StringAt(object, {"metadata", "generateName"});
  if (NameOf(object).empty() && !prefix.empty()) {
    metadata["name"] = prefix + absl::StrFormat("%05d", next_uid_);
  }
  const ObjectKey key = KeyOf(object);
  if (key.name.empty()) {
    return Invalid(
        "metadata.name: Required value: name or generateName is "
        "required");
  }
  if (FindStored(type, key) != nullptr) {
    return StatusWithReason(absl::StatusCode::kAlreadyExists, "AlreadyExists",
                            absl::StrCat(QualifiedName(type), " \"", key.name,
                                         "\" already exists"));
  }
  object["apiVersion"] = type.ApiVersion();
  object["kind"] = type.kind;
  object.erase("status");
  metadata["uid"] = NewUid();
  metadata["creationTimestamp"] = TimeText(clock_->Now());
  metadata["generation"] = 1;
  metadata["resourceVersion"] = absl::StrCat(++version_);
  metadata.erase("deletionTimestamp");
  auto created = std::make_shared<const Json>(std::move(object));
  objects_[ResourceOf(type)][key] = {created, managers};
  Note(ResourceOf(type), nullptr, created);
  return *created;
}

absl::StatusOr<Json> FakeKubeClient::Update(const ResourceType& type,
                                            const Json& object) {
  const FakeRequest request{"update", type, KeyOf(object), ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<Json> result = Json();
  {
    absl::MutexLock lock(&mutex_);
    result = UpdateLocked(type, object, /*status=*/false);
  }
  return Finish(request, std::move(result));
}

absl::StatusOr<Json> FakeKubeClient::UpdateStatus(const ResourceType& type,
                                                  const Json& object) {
  const FakeRequest request{"update", type, KeyOf(object), "status"};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<Json> result = Json();
  {
    absl::MutexLock lock(&mutex_);
    result = UpdateLocked(type, object, /*status=*/true);
  }
  return Finish(request, std::move(result));
}

absl::StatusOr<Json> FakeKubeClient::UpdateLocked(const ResourceType& type,
                                                  const Json& object,
                                                  bool status) {
  LANDWAITER_RETURN_IF_ERROR(CheckObject(type, object));
  const ObjectKey key = KeyOf(object);
  Stored* stored = FindStored(type, key);
  if (stored == nullptr) return NotFound(type, key);
  LANDWAITER_RETURN_IF_ERROR(CheckPreconditions(
      type, *stored->object, UidOf(object), ResourceVersionOf(object)));
  // Each of the two endpoints ignores what belongs to the other.
  Json next = status ? *stored->object : object;
  const Json& source = status ? object : *stored->object;
  next.erase("status");
  if (const Json* value = Find(source, {"status"})) next["status"] = *value;
  return Save(type, *stored, std::move(next));
}

absl::StatusOr<Json> FakeKubeClient::Patch(const ResourceType& type,
                                           const ObjectKey& key,
                                           const Json& patch,
                                           const PatchOptions& options) {
  const FakeRequest request{"patch", type, key, options.subresource};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<Json> result = Json();
  {
    absl::MutexLock lock(&mutex_);
    Stored* stored = FindStored(type, key);
    if (options.type == PatchType::kApply) {
      result = ApplyLocked(type, key, patch, options);
    } else if (stored == nullptr) {
      result = NotFound(type, key);
    } else {
      Json object = *stored->object;
      object.merge_patch(patch);
      result = UpdateLocked(type, object, options.subresource == "status");
    }
  }
  return Finish(request, std::move(result));
}

absl::StatusOr<Json> FakeKubeClient::ApplyLocked(const ResourceType& type,
                                                 const ObjectKey& key,
                                                 const Json& patch,
                                                 const PatchOptions& options) {
  if (options.field_manager.empty()) {
    return Invalid("fieldManager: Required value: is required for apply patch");
  }
  const bool to_status = options.subresource == "status";
  Json applied = patch;
  if (to_status) {
    applied = {{"status", patch.value("status", Json::object())}};
  } else {
    applied.erase("status");
  }
  const std::string manager =
      absl::StrCat(options.field_manager, to_status ? "/status" : "");
  Stored* stored = FindStored(type, key);
  if (stored == nullptr) {
    if (to_status) return NotFound(type, key);
    Json object = {{"metadata", {{"name", key.name}}}};
    if (type.namespaced) object["metadata"]["namespace"] = key.ns;
    Managers managers;
    LANDWAITER_RETURN_IF_ERROR(
        ApplyFields(object, applied, manager, options.force, managers));
    return CreateLocked(type, std::move(object), managers);
  }
  LANDWAITER_RETURN_IF_ERROR(CheckPreconditions(
      type, *stored->object, UidOf(patch), ResourceVersionOf(patch)));
  Json object = *stored->object;
  LANDWAITER_RETURN_IF_ERROR(
      ApplyFields(object, applied, manager, options.force, stored->managers));
  return Save(type, *stored, std::move(object));
}

absl::StatusOr<Json> FakeKubeClient::Save(const ResourceType& type,
                                          Stored& stored, Json object) {
  const ObjectPtr before = stored.object;
  object["apiVersion"] = type.ApiVersion();
  object["kind"] = type.kind;
  Json& metadata = object["metadata"];
  for (const char* field : {"uid", "creationTimestamp", "deletionTimestamp",
                            "generation", "resourceVersion"}) {
    Restore(metadata, *before, field);
  }
  if (IsBeingDeleted(*before) && HasNewFinalizer(*before, object)) {
    return Invalid(
        "metadata.finalizers: Forbidden: no new finalizers can be "
        "added if the object is being deleted");
  }
  if (object == *before) return *before;
  if (WithoutServersFields(object) != WithoutServersFields(*before)) {
    metadata["generation"] = metadata.value("generation", 0) + 1;
  }
  metadata["resourceVersion"] = absl::StrCat(++version_);
  stored.object = std::make_shared<const Json>(std::move(object));
  const ObjectPtr after = stored.object;
  if (IsBeingDeleted(*after) && !HasFinalizers(*after)) {
    Remove(ResourceOf(type), KeyOf(*after));
    CollectGarbageLocked();
  } else {
    Note(ResourceOf(type), before, after);
  }
  return *after;
}

absl::Status FakeKubeClient::Delete(const ResourceType& type,
                                    const ObjectKey& key,
                                    const DeleteOptions& options) {
  const FakeRequest request{"delete", type, key, ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::Status result = NotFound(type, key);
  {
    absl::MutexLock lock(&mutex_);
    if (Stored* stored = FindStored(type, key)) {
      result = CheckPreconditions(type, *stored->object, options.uid,
                                  options.resource_version);
      if (result.ok()) {
        result = DeleteLocked(ResourceOf(type), key, options.propagation);
        CollectGarbageLocked();
      }
    }
  }
  return Finish(request, std::move(result));
}

absl::Status FakeKubeClient::DeleteLocked(const Resource& resource,
                                          const ObjectKey& key,
                                          const std::string& propagation) {
  Stored& stored = objects_[resource].at(key);
  if (propagation == "Orphan") OrphanDependents(UidOf(*stored.object));
  if (!HasFinalizers(*stored.object)) {
    Remove(resource, key);
    return absl::OkStatus();
  }
  if (IsBeingDeleted(*stored.object)) return absl::OkStatus();
  const ObjectPtr before = stored.object;
  Json object = *before;
  Json& metadata = object["metadata"];
  metadata["deletionTimestamp"] = TimeText(clock_->Now());
  metadata["generation"] = metadata.value("generation", 0) + 1;
  metadata["resourceVersion"] = absl::StrCat(++version_);
  stored.object = std::make_shared<const Json>(std::move(object));
  Note(resource, before, stored.object);
  return absl::OkStatus();
}

void FakeKubeClient::Remove(const Resource& resource, const ObjectKey& key) {
  Objects& objects = objects_[resource];
  auto found = objects.find(key);
  const ObjectPtr before = found->second.object;
  objects.erase(found);
  ++version_;
  Note(resource, before, nullptr);
}

std::string FakeKubeClient::NewUid() {
  return absl::StrFormat("00000000-0000-4000-8000-%012x", next_uid_++);
}

absl::StatusOr<Json> FakeKubeClient::ReviewAccess(Json review) {
  const std::string verb =
      StringAt(review, {"spec", "resourceAttributes", "verb"});
  const std::string plural =
      StringAt(review, {"spec", "resourceAttributes", "resource"});
  review["status"] = {{"allowed", !denied_.contains({verb, plural})}};
  return review;
}

void FakeKubeClient::Deny(std::string verb, std::string plural) {
  absl::MutexLock lock(&mutex_);
  denied_.insert({std::move(verb), std::move(plural)});
}

absl::StatusOr<std::string> FakeKubeClient::PodLog(
    const ObjectKey& pod, const PodLogOptions& options) {
  const FakeRequest request{"get", kPods, pod, "log"};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<std::string> result = NotFound(kPods, pod);
  {
    absl::MutexLock lock(&mutex_);
    if (auto found = logs_.find(pod); found != logs_.end()) {
      result = found->second.substr(0, options.limit_bytes);
    }
  }
  return Finish(request, std::move(result));
}

void FakeKubeClient::SetPodLog(const ObjectKey& pod, std::string text) {
  absl::MutexLock lock(&mutex_);
  logs_[pod] = std::move(text);
}

absl::StatusOr<std::string> FakeKubeClient::GetRaw(std::string_view path) {
  const FakeRequest request{"raw", {}, {"", std::string(path)}, ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<std::string> result =
      absl::NotFoundError("the server could not find the requested resource");
  if (path == "/version") {
    result =
        Json{{"gitVersion", "v1.34.0"}, {"major", "1"}, {"minor", "34"}}.dump();
  } else if (path == "/healthz" || path == "/readyz" || path == "/livez") {
    result = "ok";
  }
  return Finish(request, std::move(result));
}

void FakeKubeClient::FailBefore(Fault fault) {
  absl::MutexLock lock(&mutex_);
  before_ = std::move(fault);
}

void FakeKubeClient::FailAfter(Fault fault) {
  absl::MutexLock lock(&mutex_);
  after_ = std::move(fault);
}

std::vector<std::string> FakeKubeClient::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

void FakeKubeClient::ClearRequests() {
  absl::MutexLock lock(&mutex_);
  requests_.clear();
}

}  // namespace landwaiter::kube
