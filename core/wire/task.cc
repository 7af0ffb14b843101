#include "core/wire/task.h"

#include <algorithm>
#include <array>

#include "core/wire/time.h"
#include "core/wire/work.h"

namespace landwaiter::wire {
namespace {

// The enums of both sides have their values in the same order, the unknown
// one at 0; a value past the last is from a newer peer.
template <typename To, typename From>
To EnumAs(From value, int last) {
  const int number = static_cast<int>(value);
  return static_cast<To>(number >= 0 && number <= last ? number : 0);
}
constexpr int kLastTaskType = static_cast<int>(model::TaskType::kImageFix);
constexpr int kLastPhase = static_cast<int>(model::TaskPhase::kCancelled);
static_assert(kLastTaskType == v1::TASK_TYPE_IMAGE_FIX);
static_assert(static_cast<int>(model::TaskType::kImageScan) ==
              v1::TASK_TYPE_IMAGE_SCAN);
static_assert(kLastPhase == v1::TASK_PHASE_CANCELLED);
static_assert(static_cast<int>(model::TaskPhase::kSucceeded) ==
              v1::TASK_PHASE_SUCCEEDED);

void SetTime(absl::Time from,
             google::protobuf::Timestamp* (*mutable_field)(v1::TaskStatus*),
             v1::TaskStatus* to) {
  if (from != absl::InfinitePast() && from != absl::InfiniteFuture()) {
    *mutable_field(to) = wire::ToProto(from);
  }
}

void AddAll(const std::vector<std::string>& from,
            google::protobuf::RepeatedPtrField<std::string>* to) {
  to->Assign(from.begin(), from.end());
}

std::vector<std::string> All(
    const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

void ToProto(const model::Scope& from, v1::Scope* to) {
  AddAll(from.include, to->mutable_include());
  AddAll(from.exclude, to->mutable_exclude());
  AddAll(from.tag_include, to->mutable_tag_include());
  AddAll(from.tag_exclude, to->mutable_tag_exclude());
  to->set_newest(from.newest);
  to->set_untagged(from.untagged);
  AddAll(from.platforms, to->mutable_platforms());
  if (from.updated_within != absl::InfiniteDuration()) {
    *to->mutable_updated_within() = wire::ToProto(from.updated_within);
  }
  AddAll(from.images, to->mutable_images());
}

model::Scope FromProto(const v1::Scope& from) {
  model::Scope to;
  to.include = All(from.include());
  to.exclude = All(from.exclude());
  to.tag_include = All(from.tag_include());
  to.tag_exclude = All(from.tag_exclude());
  to.newest = from.newest();
  to.untagged = from.untagged();
  to.platforms = All(from.platforms());
  if (from.has_updated_within()) {
    to.updated_within = wire::FromProto(from.updated_within());
  }
  to.images = All(from.images());
  return to;
}

void ToProto(const model::ImageCounts& from, v1::ImageCounts* to) {
  to->set_total(from.total);
  to->set_scanned(from.scanned);
  to->set_reused(from.reused);
  to->set_failed(from.failed);
  to->set_skipped(from.skipped);
  to->set_unsupported(from.unsupported);
}

model::ImageCounts FromProto(const v1::ImageCounts& from) {
  return {from.total(),  from.scanned(), from.reused(),
          from.failed(), from.skipped(), from.unsupported()};
}

uint8_t PriorityOf(uint32_t priority) {
  return static_cast<uint8_t>(std::min(priority, 100u));
}

void ToProto(const model::TopFinding& from, v1::TopFinding* to) {
  to->set_id(from.id);
  to->set_severity(wire::ToProto(from.severity));
  to->set_package(from.package);
  to->set_installed_version(from.installed_version);
  to->set_fixed_version(from.fixed_version);
  to->set_image(from.image);
  to->set_priority(from.priority);
}

model::TopFinding FromProto(const v1::TopFinding& from) {
  return {from.id(),
          wire::FromProto(from.severity()),
          from.package(),
          from.installed_version(),
          from.fixed_version(),
          from.image(),
          PriorityOf(from.priority())};
}

}  // namespace

void ToProto(const model::Tenant& from, v1::Tenant* to) {
  to->set_cluster_uid(from.cluster_uid);
  to->set_namespace_(from.ns);
}

model::Tenant FromProto(const v1::Tenant& from) {
  return {from.cluster_uid(), from.namespace_()};
}

void ToProto(const model::RegistrySpec& from, v1::RegistrySpec* to) {
  to->set_uid(from.uid);
  to->set_name(from.name);
  to->set_host(from.host);
  to->set_images_per_hour(from.images_per_hour);
  AddAll(from.include, to->mutable_include());
  AddAll(from.exclude, to->mutable_exclude());
}

model::RegistrySpec FromProto(const v1::RegistrySpec& from) {
  return {from.uid(),          from.name(),
          from.host(),         from.images_per_hour(),
          All(from.include()), All(from.exclude())};
}

void ToProto(const model::RegistryStatus& from, v1::RegistryStatus* to) {
  to->set_repositories(from.repositories);
  to->set_images(from.images);
  if (from.last_sync != absl::InfinitePast()) {
    *to->mutable_last_sync() = ToProto(from.last_sync);
  }
  to->set_used_in_window(from.used_in_window);
  if (from.next_available != absl::InfinitePast()) {
    *to->mutable_next_available() = ToProto(from.next_available);
  }
  ToProto(from.vulnerabilities.system, to->mutable_system_vulnerabilities());
  ToProto(from.vulnerabilities.application,
          to->mutable_application_vulnerabilities());
}

model::RegistryStatus FromProto(const v1::RegistryStatus& from) {
  model::RegistryStatus to;
  to.repositories = from.repositories();
  to.images = from.images();
  if (from.has_last_sync()) to.last_sync = FromProto(from.last_sync());
  to.used_in_window = from.used_in_window();
  if (from.has_next_available()) {
    to.next_available = FromProto(from.next_available());
  }
  to.vulnerabilities.system = FromProto(from.system_vulnerabilities());
  to.vulnerabilities.application =
      FromProto(from.application_vulnerabilities());
  return to;
}

void ToProto(const model::TaskSpec& from, v1::TaskSpec* to) {
  to->set_uid(from.uid);
  to->set_name(from.name);
  to->set_type(EnumAs<v1::TaskType>(from.type, kLastTaskType));
  AddAll(from.registries, to->mutable_registries());
  ToProto(from.scope, to->mutable_scope());
  to->set_force(from.force);
  to->set_interactive(from.interactive);
  *to->mutable_timeout() = ToProto(from.timeout);
  to->set_parallelism(from.parallelism);
  to->set_retry_of(from.retry_of);
  to->set_system_vulnerabilities(from.system_vulnerabilities);
  to->set_application_vulnerabilities(from.application_vulnerabilities);
}

model::TaskSpec FromProto(const v1::TaskSpec& from) {
  model::TaskSpec to;
  to.uid = from.uid();
  to.name = from.name();
  to.type = EnumAs<model::TaskType>(from.type(), kLastTaskType);
  to.registries = All(from.registries());
  to.scope = FromProto(from.scope());
  to.force = from.force();
  to.interactive = from.interactive();
  to.timeout = FromProto(from.timeout());
  to.parallelism = from.parallelism();
  to.retry_of = from.retry_of();
  // Clients that do not know the choice want all.
  const bool chosen =
      from.system_vulnerabilities() || from.application_vulnerabilities();
  to.system_vulnerabilities = !chosen || from.system_vulnerabilities();
  to.application_vulnerabilities =
      !chosen || from.application_vulnerabilities();
  return to;
}

void ToProto(const model::TaskStatus& from, v1::TaskStatus* to) {
  to->set_phase(EnumAs<v1::TaskPhase>(from.phase, kLastPhase));
  ToProto(from.images, to->mutable_images());
  to->set_quota_consumed(from.quota_consumed);
  ToProto(from.vulnerabilities.system, to->mutable_system_vulnerabilities());
  ToProto(from.vulnerabilities.application,
          to->mutable_application_vulnerabilities());
  for (const model::TopFinding& top : from.top) ToProto(top, to->add_top());
  for (const model::TaskFailure& failure : from.failures) {
    v1::TaskFailure* added = to->add_failures();
    added->set_image(failure.image);
    ToProto(failure.failure, added->mutable_failure());
  }
  to->set_failures_omitted(from.failures_omitted);
  for (const model::LogLine& line : from.log) {
    v1::LogLine* added = to->add_log();
    *added->mutable_time() = ToProto(line.time);
    added->set_message(line.message);
  }
  SetTime(from.start, [](v1::TaskStatus* s) { return s->mutable_start(); }, to);
  SetTime(
      from.completion,
      [](v1::TaskStatus* s) { return s->mutable_completion(); }, to);
  SetTime(
      from.deadline, [](v1::TaskStatus* s) { return s->mutable_deadline(); },
      to);
  to->set_message(from.message);
}

model::TaskStatus FromProto(const v1::TaskStatus& from) {
  model::TaskStatus to;
  to.phase = EnumAs<model::TaskPhase>(from.phase(), kLastPhase);
  to.images = FromProto(from.images());
  to.quota_consumed = from.quota_consumed();
  to.vulnerabilities.system = FromProto(from.system_vulnerabilities());
  to.vulnerabilities.application =
      FromProto(from.application_vulnerabilities());
  for (const v1::TopFinding& top : from.top()) to.top.push_back(FromProto(top));
  for (const v1::TaskFailure& failure : from.failures()) {
    to.failures.push_back({failure.image(), FromProto(failure.failure())});
  }
  to.failures_omitted = from.failures_omitted();
  for (const v1::LogLine& line : from.log()) {
    to.log.push_back({FromProto(line.time()), line.message()});
  }
  if (from.has_start()) to.start = FromProto(from.start());
  if (from.has_completion()) to.completion = FromProto(from.completion());
  if (from.has_deadline()) to.deadline = FromProto(from.deadline());
  to.message = from.message();
  return to;
}

void ToProto(const model::RegistryWork& from, v1::RegistryWork* to) {
  ToProto(from.tenant, to->mutable_tenant());
  to->set_registry_uid(from.registry_uid);
  to->set_ready(from.ready);
  to->set_leased(from.leased);
  if (from.next_available != absl::InfiniteFuture()) {
    *to->mutable_next_available() = ToProto(from.next_available);
  }
}

model::RegistryWork FromProto(const v1::RegistryWork& from) {
  model::RegistryWork to;
  to.tenant = FromProto(from.tenant());
  to.registry_uid = from.registry_uid();
  to.ready = from.ready();
  to.leased = from.leased();
  if (from.has_next_available()) {
    to.next_available = FromProto(from.next_available());
  }
  return to;
}

void ToProto(const model::Change& from, v1::Change* to) {
  switch (from.kind) {
    case model::Change::Kind::kTask:
      to->set_kind(v1::CHANGE_KIND_TASK);
      break;
    case model::Change::Kind::kRegistry:
      to->set_kind(v1::CHANGE_KIND_REGISTRY);
      break;
    case model::Change::Kind::kWork:
      to->set_kind(v1::CHANGE_KIND_WORK);
      break;
  }
  ToProto(from.tenant, to->mutable_tenant());
  to->set_uid(from.uid);
}

model::Change FromProto(const v1::Change& from) {
  model::Change to;
  // A kind that is not known may be about anything: look at everything.
  to.kind = model::Change::Kind::kWork;
  if (from.kind() == v1::CHANGE_KIND_TASK) {
    to.kind = model::Change::Kind::kTask;
  } else if (from.kind() == v1::CHANGE_KIND_REGISTRY) {
    to.kind = model::Change::Kind::kRegistry;
  }
  to.tenant = FromProto(from.tenant());
  to.uid = from.uid();
  return to;
}

}  // namespace landwaiter::wire
