#include "analyzer/service/advisory_service.h"

#include <grpcpp/grpcpp.h>

#include "analyzer/advisory/db_print.h"
#include "analyzer/service/controllers.h"
#include "analyzer/service/rpc_status.h"
#include "core/base/failure.h"
#include "core/wire/finding.h"
#include "core/wire/time.h"

namespace landwaiter::analyzer::service {
namespace {

// Sets a field of a message where the time is known.
template <typename Set>
void SetTime(absl::Time time, Set set) {
  if (time != absl::InfinitePast()) *set() = wire::ToProto(time);
}

void ToProto(const advisory::FeedState& from, v1::FeedStatus* to) {
  const advisory::FeedCounts& counts = from.counts;
  to->set_name(from.name);
  to->set_format(from.format);
  to->set_records(counts.records);
  to->set_advisories(counts.taken);
  to->set_enrichments(counts.enrichments);
  to->set_withdrawn(counts.withdrawn);
  uint64_t skipped = 0;
  for (const auto& [problem, count] : counts.skipped) skipped += count;
  to->set_skipped(skipped);
  SetTime(advisory::ParseFeedTime(counts.newest),
          [&] { return to->mutable_newest(); });
  SetTime(from.changed, [&] { return to->mutable_updated(); });
  SetTime(from.checked, [&] { return to->mutable_checked(); });
  to->set_error(from.error);
}

void ToProto(const AdvisoryOverview& from, v1::AdvisoriesStatus* to) {
  to->set_version(from.version);
  SetTime(from.updated, [&] { return to->mutable_updated(); });
  SetTime(from.next_update, [&] { return to->mutable_next_update(); });
  to->set_error(from.error);
  for (const advisory::FeedState& feed : from.feeds) {
    ToProto(feed, to->add_feeds());
  }
  if (from.rematch.time != absl::InfinitePast()) {
    const queue::RematchResult& result = from.rematch.result;
    v1::RematchStatus* rematch = to->mutable_rematch();
    rematch->set_images(result.images);
    rematch->set_changed(result.changed);
    rematch->set_appeared(result.appeared);
    rematch->set_disappeared(result.disappeared);
    *rematch->mutable_duration() = wire::ToProto(from.rematch.duration);
    *rematch->mutable_time() = wire::ToProto(from.rematch.time);
  }
  for (const store::NewlyAffected& entry : from.newly_affected) {
    v1::NewlyAffected* added = to->add_newly_affected();
    added->set_id(entry.finding);
    added->set_severity(wire::ToProto(entry.severity));
    added->set_images(entry.images);
    *added->mutable_since() = wire::ToProto(entry.since);
  }
}

void ToProto(const store::PlaceView& from, v1::QueriedImage* to) {
  to->set_cluster_uid(from.cluster_uid);
  to->set_namespace_(from.ns);
  to->set_registry(from.registry);
  to->set_repository(from.repository);
  to->set_digest(from.digest.text());
  to->set_package(from.package);
  to->set_type(from.type);
  to->set_version(from.version);
  to->set_path(from.path);
  if (!from.finding) return;
  to->set_finding(from.finding->id);
  to->set_severity(wire::ToProto(from.finding->severity));
  to->set_fixed_version(from.finding->fixed_version);
}

}  // namespace

template <typename Call>
grpc::Status AdvisoryServiceImpl::Answer(std::string_view method,
                                         const grpc::ServerContext& context,
                                         Call call) {
  absl::Status status = CheckController(context, client_names_);
  if (status.ok()) status = call();
  calls_.Record(method, status);
  return ToGrpc(status);
}

grpc::Status AdvisoryServiceImpl::ApplyAdvisories(
    grpc::ServerContext* context, const v1::ApplyAdvisoriesRequest* request,
    v1::AdvisoriesStatus* response) {
  return Answer("ApplyAdvisories", *context, [&]() -> absl::Status {
    AdvisorySettings settings;
    for (const v1::AdvisorySource& source : request->sources()) {
      settings.sources.push_back(
          {.name = source.name(),
           .format = source.format(),
           .location = source.location(),
           .files = {source.files().begin(), source.files().end()}});
    }
    if (request->has_interval()) {
      settings.interval = wire::FromProto(request->interval());
    }
    settings.offline = request->offline();
    LANDWAITER_RETURN_IF_ERROR(desk_.Apply(settings));
    LANDWAITER_ASSIGN_OR_RETURN(const AdvisoryOverview overview,
                                desk_.Overview());
    ToProto(overview, response);
    return absl::OkStatus();
  });
}

grpc::Status AdvisoryServiceImpl::GetAdvisories(
    grpc::ServerContext* context, const v1::GetAdvisoriesRequest*,
    v1::AdvisoriesStatus* response) {
  return Answer("GetAdvisories", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const AdvisoryOverview overview,
                                desk_.Overview());
    ToProto(overview, response);
    return absl::OkStatus();
  });
}

grpc::Status AdvisoryServiceImpl::QueryImages(
    grpc::ServerContext* context, const v1::QueryImagesRequest* request,
    v1::QueryImagesResponse* response) {
  return Answer("QueryImages", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(
        const queue::ImageQueryPage page,
        desk_.Query({.package = request->package(),
                     .range = request->range(),
                     .ecosystem = request->ecosystem(),
                     .vulnerability = request->vulnerability(),
                     .ns = request->namespace_(),
                     .page_size = request->page_size(),
                     .page_token = request->page_token()}));
    for (const store::PlaceView& place : page.places) {
      ToProto(place, response->add_images());
    }
    response->set_total_images(page.images);
    response->set_next_page_token(page.next_page_token);
    return absl::OkStatus();
  });
}

}  // namespace landwaiter::analyzer::service
