#include "core/wire/inventory.h"

#include "core/base/failure.h"

namespace landwaiter::wire {

absl::StatusOr<model::Digest> DigestFromProto(const std::string& text,
                                              std::string_view field) {
  if (text.empty()) return model::Digest();
  auto digest = model::Digest::Parse(text);
  if (!digest.ok()) return base::WithContext(digest.status(), field);
  return digest;
}

void ToProto(const model::Platform& from, v1::Platform* to) {
  to->set_os(from.os);
  to->set_architecture(from.architecture);
  to->set_variant(from.variant);
}

model::Platform FromProto(const v1::Platform& from) {
  return {from.os(), from.architecture(), from.variant()};
}

void ToProto(const model::Descriptor& from, v1::Descriptor* to) {
  to->set_media_type(from.media_type);
  to->set_digest(from.digest.text());
  to->set_size(from.size);
  ToProto(from.platform, to->mutable_platform());
  to->set_artifact_type(from.artifact_type);
  to->set_attestation(from.attestation);
  to->set_foreign(from.foreign);
}

absl::StatusOr<model::Descriptor> FromProto(const v1::Descriptor& from) {
  model::Descriptor to;
  LANDWAITER_ASSIGN_OR_RETURN(
      to.digest, DigestFromProto(from.digest(), "descriptor.digest"));
  to.media_type = from.media_type();
  to.size = from.size();
  to.platform = FromProto(from.platform());
  to.artifact_type = from.artifact_type();
  to.attestation = from.attestation();
  to.foreign = from.foreign();
  return to;
}

void ToProto(const model::LayerRef& from, v1::LayerRef* to) {
  ToProto(from.blob, to->mutable_blob());
  to->set_diff_id(from.diff_id.text());
}

absl::StatusOr<model::LayerRef> FromProto(const v1::LayerRef& from) {
  model::LayerRef to;
  LANDWAITER_ASSIGN_OR_RETURN(to.blob, FromProto(from.blob()));
  LANDWAITER_ASSIGN_OR_RETURN(to.diff_id,
                              DigestFromProto(from.diff_id(), "layer.diff_id"));
  return to;
}

void ToProto(const model::ImageConfig& from, v1::ImageConfig* to) {
  ToProto(from.platform, to->mutable_platform());
  to->set_created(from.created);
  to->set_user(from.user);
  to->mutable_environment()->Assign(from.environment.begin(),
                                    from.environment.end());
  to->mutable_entrypoint()->Assign(from.entrypoint.begin(),
                                   from.entrypoint.end());
  to->mutable_command()->Assign(from.command.begin(), from.command.end());
  to->mutable_ports()->Assign(from.ports.begin(), from.ports.end());
  to->mutable_volumes()->Assign(from.volumes.begin(), from.volumes.end());
  to->mutable_labels()->insert(from.labels.begin(), from.labels.end());
  to->set_working_directory(from.working_directory);
  to->set_stop_signal(from.stop_signal);
  for (const model::HistoryEntry& entry : from.history) {
    v1::HistoryEntry* added = to->add_history();
    added->set_created(entry.created);
    added->set_created_by(entry.created_by);
    added->set_comment(entry.comment);
    added->set_empty_layer(entry.empty_layer);
  }
  to->set_truncated(from.truncated);
}

model::ImageConfig FromProto(const v1::ImageConfig& from) {
  model::ImageConfig to;
  to.platform = FromProto(from.platform());
  to.created = from.created();
  to.user = from.user();
  to.environment.assign(from.environment().begin(), from.environment().end());
  to.entrypoint.assign(from.entrypoint().begin(), from.entrypoint().end());
  to.command.assign(from.command().begin(), from.command().end());
  to.ports.assign(from.ports().begin(), from.ports().end());
  to.volumes.assign(from.volumes().begin(), from.volumes().end());
  to.labels.insert(from.labels().begin(), from.labels().end());
  to.working_directory = from.working_directory();
  to.stop_signal = from.stop_signal();
  for (const v1::HistoryEntry& entry : from.history()) {
    to.history.push_back({entry.created(), entry.created_by(), entry.comment(),
                          entry.empty_layer()});
  }
  to.truncated = from.truncated();
  return to;
}

void ToProto(const model::Package& from, v1::Package* to) {
  to->set_type(from.type);
  to->set_name(from.name);
  to->set_version(from.version);
  to->set_architecture(from.architecture);
  to->set_source_name(from.source_name);
  to->set_source_version(from.source_version);
  to->set_module(from.module);
  to->set_vendor(from.vendor);
  for (const std::string& license : from.licenses) to->add_licenses(license);
  to->set_location(from.location);
  to->set_declared(from.declared);
  to->set_development(from.development);
}

model::Package FromProto(const v1::Package& from) {
  model::Package to;
  to.type = from.type();
  to.name = from.name();
  to.version = from.version();
  to.architecture = from.architecture();
  to.source_name = from.source_name();
  to.source_version = from.source_version();
  to.module = from.module();
  to.vendor = from.vendor();
  to.licenses.assign(from.licenses().begin(), from.licenses().end());
  to.location = from.location();
  to.declared = from.declared();
  to.development = from.development();
  return to;
}

void ToProto(const model::OsRelease& from, v1::OsRelease* to) {
  to->set_id(from.id);
  to->set_id_like(from.id_like);
  to->set_version_id(from.version_id);
  to->set_codename(from.codename);
  to->set_pretty_name(from.pretty_name);
  to->set_cpe_name(from.cpe_name);
}

model::OsRelease FromProto(const v1::OsRelease& from) {
  model::OsRelease to;
  to.id = from.id();
  to.id_like = from.id_like();
  to.version_id = from.version_id();
  to.codename = from.codename();
  to.pretty_name = from.pretty_name();
  to.cpe_name = from.cpe_name();
  return to;
}

}  // namespace landwaiter::wire
