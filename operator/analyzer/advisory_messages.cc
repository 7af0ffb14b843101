#include "operator/analyzer/advisory_messages.h"

#include "core/wire/finding.h"
#include "core/wire/time.h"

namespace landwaiter::control {
namespace {

model::FeedStatus FromProto(const v1::FeedStatus& from) {
  model::FeedStatus to{.name = from.name(),
                       .records = from.records(),
                       .advisories = from.advisories() + from.enrichments(),
                       .skipped = from.skipped()};
  if (from.has_newest()) to.newest = wire::FromProto(from.newest());
  if (from.has_updated()) to.updated = wire::FromProto(from.updated());
  if (from.has_checked()) to.checked = wire::FromProto(from.checked());
  to.error = from.error();
  return to;
}

}  // namespace

v1::ApplyAdvisoriesRequest ToProto(const model::AdvisorySettings& from) {
  v1::ApplyAdvisoriesRequest to;
  for (const model::AdvisorySource& source : from.sources) {
    v1::AdvisorySource* added = to.add_sources();
    added->set_name(source.name);
    added->set_format(source.format);
    added->set_location(source.location);
    added->mutable_files()->insert(source.files.begin(), source.files.end());
  }
  *to.mutable_interval() = wire::ToProto(from.interval);
  to.set_offline(from.offline);
  return to;
}

model::AdvisoriesStatus FromProto(const v1::AdvisoriesStatus& from) {
  model::AdvisoriesStatus to;
  to.version = from.version();
  if (from.has_updated()) to.updated = wire::FromProto(from.updated());
  if (from.has_next_update()) {
    to.next_update = wire::FromProto(from.next_update());
  }
  to.error = from.error();
  for (const v1::FeedStatus& feed : from.feeds()) {
    to.feeds.push_back(FromProto(feed));
  }
  if (from.has_rematch()) {
    const v1::RematchStatus& rematch = from.rematch();
    to.rematched = wire::FromProto(rematch.time());
    to.duration = wire::FromProto(rematch.duration());
    to.images = rematch.images();
    to.changed = rematch.changed();
    to.appeared = rematch.appeared();
    to.disappeared = rematch.disappeared();
  }
  for (const v1::NewlyAffected& entry : from.newly_affected()) {
    to.newly_affected.push_back({.id = entry.id(),
                                 .severity = wire::FromProto(entry.severity()),
                                 .images = entry.images(),
                                 .since = wire::FromProto(entry.since())});
  }
  return to;
}

}  // namespace landwaiter::control
