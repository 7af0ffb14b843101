#include "core/wire/work.h"

#include "core/base/failure.h"
#include "core/wire/inventory.h"
#include "core/wire/time.h"

namespace landwaiter::wire {
namespace {

void ToProto(const model::WorkItem& from, v1::WorkItem* to) {
  to->set_id(from.id);
  to->mutable_fence()->set_epoch(from.fence.epoch);
  to->mutable_fence()->set_counter(from.fence.counter);
  to->set_kind(wire::ToProto(from.kind));
  to->set_repository(from.repository);
  to->set_digest(from.digest.text());
  to->set_cursor(from.cursor);
  to->set_attempt(from.attempt);
  if (from.deadline != absl::InfiniteFuture()) {
    *to->mutable_deadline() = wire::ToProto(from.deadline);
  }
  *to->mutable_lease() = wire::ToProto(from.lease);
}

absl::StatusOr<model::WorkItem> FromProto(const v1::WorkItem& from) {
  model::WorkItem to;
  to.id = from.id();
  to.fence = {from.fence().epoch(), from.fence().counter()};
  to.kind = wire::FromProto(from.kind());
  to.repository = from.repository();
  LANDWAITER_ASSIGN_OR_RETURN(to.digest,
                              DigestFromProto(from.digest(), "item.digest"));
  to.cursor = from.cursor();
  to.attempt = from.attempt();
  if (from.has_deadline()) to.deadline = wire::FromProto(from.deadline());
  to.lease = wire::FromProto(from.lease());
  return to;
}

void ToProto(const model::ManifestEntry& from, v1::ManifestEntry* to) {
  to->set_digest(from.digest.text());
  to->set_media_type(from.media_type);
  to->set_size(from.size);
  wire::ToProto(from.platform, to->mutable_platform());
  for (const model::Descriptor& child : from.children) {
    wire::ToProto(child, to->add_children());
  }
  to->set_unsupported(from.unsupported);
  if (from.pushed) *to->mutable_pushed() = wire::ToProto(*from.pushed);
}

absl::StatusOr<model::ManifestEntry> FromProto(const v1::ManifestEntry& from) {
  model::ManifestEntry to;
  LANDWAITER_ASSIGN_OR_RETURN(
      to.digest, DigestFromProto(from.digest(), "manifest.digest"));
  to.media_type = from.media_type();
  to.size = from.size();
  to.platform = wire::FromProto(from.platform());
  for (const v1::Descriptor& child : from.children()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Descriptor added,
                                wire::FromProto(child));
    to.children.push_back(std::move(added));
  }
  to.unsupported = from.unsupported();
  if (from.has_pushed()) to.pushed = wire::FromProto(from.pushed());
  return to;
}

}  // namespace

void ToProto(const model::LeaseRef& from, v1::LeaseRef* to) {
  to->set_item_id(from.item_id);
  to->mutable_fence()->set_epoch(from.fence.epoch);
  to->mutable_fence()->set_counter(from.fence.counter);
}

model::LeaseRef FromProto(const v1::LeaseRef& from) {
  return {from.item_id(), {from.fence().epoch(), from.fence().counter()}};
}

v1::WorkKind ToProto(model::WorkKind kind) {
  switch (kind) {
    case model::WorkKind::kListRepositories:
      return v1::WORK_KIND_LIST_REPOSITORIES;
    case model::WorkKind::kListTags:
      return v1::WORK_KIND_LIST_TAGS;
    case model::WorkKind::kScanImage:
      return v1::WORK_KIND_SCAN_IMAGE;
    case model::WorkKind::kUnknown:
      return v1::WORK_KIND_UNSPECIFIED;
  }
  return v1::WORK_KIND_UNSPECIFIED;
}

model::WorkKind FromProto(v1::WorkKind kind) {
  switch (kind) {
    case v1::WORK_KIND_LIST_REPOSITORIES:
      return model::WorkKind::kListRepositories;
    case v1::WORK_KIND_LIST_TAGS:
      return model::WorkKind::kListTags;
    case v1::WORK_KIND_SCAN_IMAGE:
      return model::WorkKind::kScanImage;
    default:
      return model::WorkKind::kUnknown;
  }
}

void ToProto(const model::LeaseReply& from, v1::LeaseResponse* to) {
  for (const model::WorkItem& item : from.items) ToProto(item, to->add_items());
  if (from.next_available != absl::InfiniteFuture()) {
    *to->mutable_next_available() = ToProto(from.next_available);
  }
}

absl::StatusOr<model::LeaseReply> FromProto(const v1::LeaseResponse& from) {
  model::LeaseReply to;
  for (const v1::WorkItem& item : from.items()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::WorkItem added, FromProto(item));
    to.items.push_back(std::move(added));
  }
  if (from.has_next_available()) {
    to.next_available = FromProto(from.next_available());
  }
  return to;
}

void ToProto(const model::HeartbeatReply& from, v1::HeartbeatResponse* to) {
  for (const std::string& id : from.lost) to->add_lost_item_ids(id);
  to->set_renewed_token(from.renewed_token);
}

model::HeartbeatReply FromProto(const v1::HeartbeatResponse& from) {
  return {{from.lost_item_ids().begin(), from.lost_item_ids().end()},
          from.renewed_token()};
}

void ToProto(const model::ListingPage& from, v1::SubmitListingRequest* to) {
  for (const std::string& name : from.repositories) to->add_repositories(name);
  for (const auto& [name, state] : from.repository_states) {
    (*to->mutable_repository_states())[name] = state;
  }
  for (const model::TagEntry& entry : from.tags) {
    v1::TagEntry* added = to->add_tags();
    added->set_tag(entry.tag);
    added->set_digest(entry.digest.text());
  }
  for (const model::ManifestEntry& entry : from.manifests) {
    ToProto(entry, to->add_manifests());
  }
  to->set_next_cursor(from.next_cursor);
  to->set_complete(from.complete);
}

absl::StatusOr<model::ListingPage> FromProto(
    const v1::SubmitListingRequest& from) {
  model::ListingPage to;
  to.repositories.assign(from.repositories().begin(),
                         from.repositories().end());
  to.repository_states.insert(from.repository_states().begin(),
                              from.repository_states().end());
  for (const v1::TagEntry& entry : from.tags()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Digest digest,
                                DigestFromProto(entry.digest(), "tag.digest"));
    to.tags.push_back({entry.tag(), std::move(digest)});
  }
  for (const v1::ManifestEntry& entry : from.manifests()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::ManifestEntry added, FromProto(entry));
    to.manifests.push_back(std::move(added));
  }
  to.next_cursor = from.next_cursor();
  to.complete = from.complete();
  return to;
}

void ToProto(const model::ListingReply& from, v1::SubmitListingResponse* to) {
  for (const model::Digest& digest : from.unknown) {
    to->add_unknown_digests(digest.text());
  }
}

absl::StatusOr<model::ListingReply> FromProto(
    const v1::SubmitListingResponse& from) {
  model::ListingReply to;
  for (const std::string& text : from.unknown_digests()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Digest digest,
                                DigestFromProto(text, "unknown_digests"));
    to.unknown.push_back(std::move(digest));
  }
  return to;
}

void ToProto(const model::ImageFacts& from, v1::PlanImageRequest* to) {
  to->set_manifest(from.manifest.text());
  to->set_media_type(from.media_type);
  wire::ToProto(from.config, to->mutable_config());
  for (const model::LayerRef& layer : from.layers) {
    wire::ToProto(layer, to->add_layers());
  }
}

absl::StatusOr<model::ImageFacts> FromProto(const v1::PlanImageRequest& from) {
  model::ImageFacts to;
  LANDWAITER_ASSIGN_OR_RETURN(to.manifest,
                              DigestFromProto(from.manifest(), "manifest"));
  to.media_type = from.media_type();
  to.config = wire::FromProto(from.config());
  for (const v1::LayerRef& layer : from.layers()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::LayerRef added, wire::FromProto(layer));
    to.layers.push_back(std::move(added));
  }
  return to;
}

void ToProto(const model::ImagePlan& from, v1::PlanImageResponse* to) {
  for (const model::LayerAction action : from.layers) {
    switch (action) {
      case model::LayerAction::kKnown:
        to->add_layers(v1::LAYER_ACTION_KNOWN);
        break;
      case model::LayerAction::kFetch:
        to->add_layers(v1::LAYER_ACTION_FETCH);
        break;
      case model::LayerAction::kElsewhere:
        to->add_layers(v1::LAYER_ACTION_ELSEWHERE);
        break;
      case model::LayerAction::kUnknown:
        to->add_layers(v1::LAYER_ACTION_UNSPECIFIED);
        break;
    }
  }
  *to->mutable_ask_again() = ToProto(from.ask_again);
}

model::ImagePlan FromProto(const v1::PlanImageResponse& from) {
  model::ImagePlan to;
  for (const int action : from.layers()) {
    switch (action) {
      case v1::LAYER_ACTION_KNOWN:
        to.layers.push_back(model::LayerAction::kKnown);
        break;
      case v1::LAYER_ACTION_FETCH:
        to.layers.push_back(model::LayerAction::kFetch);
        break;
      case v1::LAYER_ACTION_ELSEWHERE:
        to.layers.push_back(model::LayerAction::kElsewhere);
        break;
      default:
        to.layers.push_back(model::LayerAction::kUnknown);
    }
  }
  to.ask_again = FromProto(from.ask_again());
  return to;
}

void ToProto(const model::FailureInfo& from, v1::Failure* to) {
  to->set_code(from.code);
  to->set_cause(from.cause);
  to->set_message(from.message);
  to->set_retryable(from.retryable);
  *to->mutable_retry_after() = ToProto(from.retry_after);
}

model::FailureInfo FromProto(const v1::Failure& from) {
  return {from.code(), from.cause(), from.message(), from.retryable(),
          FromProto(from.retry_after())};
}

}  // namespace landwaiter::wire
