#include "operator/reconcile/advisory_database.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reader.h"
#include "operator/api/reasons.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr absl::Duration kDefaultInterval = absl::Hours(24);
// How often the analyzer is asked how the feeds are.
constexpr absl::Duration kLook = absl::Seconds(30);
// Of all ConfigMaps together: a message has 4 MiB.
constexpr size_t kMaxFiles = size_t{3} << 20;
// A feed whose newest record is older is not looked after any more.
constexpr absl::Duration kOld = absl::Hours(24 * 365);
// So many intervals without a look that succeeded are too many.
constexpr int kMissed = 3;
constexpr size_t kMaxError = 500;

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

void SetTime(absl::Time time, std::string_view key, Json& to) {
  if (time != absl::InfinitePast()) to[std::string(key)] = Rfc3339(time);
}

Json SourceStatus(const model::FeedStatus& feed) {
  Json source = {{"name", feed.name},
                 {"advisories", feed.advisories},
                 {"records", feed.records},
                 {"skipped", feed.skipped}};
  SetTime(feed.updated, "updated", source);
  SetTime(feed.checked, "checked", source);
  SetTime(feed.newest, "newest", source);
  if (!feed.error.empty()) {
    source["error"] = base::ToValidUtf8(feed.error.substr(0, kMaxError));
  }
  return source;
}

std::string Join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    base::StrAppend(&text, text.empty() ? "" : "; ", part);
  }
  return text;
}

// What is wrong with the feeds, a sentence each.
std::vector<std::string> FailedFeeds(const model::AdvisoriesStatus& status) {
  std::vector<std::string> failed;
  for (const model::FeedStatus& feed : status.feeds) {
    if (!feed.error.empty()) {
      failed.push_back(base::StrCat(feed.name, ": ", feed.error));
    }
  }
  return failed;
}

std::vector<std::string> OldFeeds(const model::AdvisoriesStatus& status,
                                  absl::Duration interval, absl::Time now) {
  std::vector<std::string> old;
  for (const model::FeedStatus& feed : status.feeds) {
    if (feed.newest != absl::InfinitePast() && now - feed.newest > kOld) {
      old.push_back(base::StrCat("the newest record of ", feed.name, " is of ",
                                 Rfc3339(feed.newest)));
    } else if (feed.checked != absl::InfinitePast() &&
               now - feed.checked > kMissed * interval) {
      old.push_back(
          base::StrCat(feed.name, " was last read at ", Rfc3339(feed.checked)));
    }
  }
  return old;
}

void SetConditions(const model::AdvisoriesStatus& status,
                   absl::Duration interval, absl::Time now,
                   api::Conditions& conditions) {
  using api::ConditionStatus;
  if (status.version.empty()) {
    if (status.error.empty()) {
      conditions.SetReconciling(api::reason::kUpdating,
                                "the feeds are being read");
    } else {
      conditions.SetRetrying(api::reason::kFeedFailed, status.error);
    }
    return;
  }
  conditions.SetReady(
      api::reason::kUpdated,
      base::StrCat("version ", status.version.substr(0, 12), " is in use"));
  const std::vector<std::string> failed = FailedFeeds(status);
  const std::vector<std::string> old = OldFeeds(status, interval, now);
  if (!failed.empty() || !status.error.empty()) {
    conditions.Set(
        api::kCurrent, ConditionStatus::kFalse, api::reason::kFeedFailed,
        failed.empty()
            ? status.error
            : base::StrCat(Join(failed), " (what was read before is in use)"));
  } else if (!old.empty()) {
    conditions.Set(api::kCurrent, ConditionStatus::kFalse,
                   api::reason::kFeedOld, Join(old));
  } else {
    conditions.Set(api::kCurrent, ConditionStatus::kTrue, api::reason::kUpdated,
                   "every feed was read");
  }
}

std::string NewsOf(const model::NewlyAffected& news) {
  return base::StrCat(
      news.images, news.images == 1 ? " image" : " images",
      " newly affected by ", news.id, " since ",
      absl::FormatTime("%H:%M", news.since, absl::UTCTimeZone()));
}

// How many images the object's status told of, by the vulnerability.
uint64_t ToldImages(const Json& object, const std::string& id) {
  const Json* told = &object;
  for (const char* key : {"status", "newlyAffected"}) {
    if (!told->is_object() || !told->contains(key)) return 0;
    told = &told->at(key);
  }
  if (!told->is_array()) return 0;
  for (const Json& entry : *told) {
    if (entry.is_object() && entry.value("id", "") == id) {
      return entry.value("images", uint64_t{0});
    }
  }
  return 0;
}

}  // namespace

absl::StatusOr<model::AdvisorySettings> AdvisorySettingsOf(const Json& object) {
  absl::Status error;
  api::Reader spec = api::Reader(object, "", &error).Object("spec");
  model::AdvisorySettings settings;
  settings.interval = spec.Duration("interval", kDefaultInterval);
  settings.offline = spec.Bool("offline", false);
  for (api::Reader& source : spec.Objects("sources")) {
    model::AdvisorySource& added = settings.sources.emplace_back();
    added.name = source.String("name");
    added.format = base::ToLower(source.String("format", "osv"));
    added.location = source.String("url");
    if (source.Has("oci")) {
      added.location =
          base::StrCat("oci://", source.Object("oci").String("reference"));
      added.format = "landwaiter";
    }
  }
  LANDWAITER_RETURN_IF_ERROR(error);
  if (settings.sources.empty()) {
    return absl::InvalidArgumentError("spec.sources: is missing");
  }
  return settings;
}

Json AdvisoryStatus(const Json& object, const model::AdvisoriesStatus& status,
                    absl::Duration interval, absl::Time now) {
  Json sources = Json::array();
  for (const model::FeedStatus& feed : status.feeds) {
    sources.push_back(SourceStatus(feed));
  }
  Json result = {{"sources", std::move(sources)}};
  if (!status.version.empty()) result["version"] = status.version;
  SetTime(status.updated, "updated", result);
  SetTime(status.next_update, "nextUpdate", result);
  if (status.rematched != absl::InfinitePast()) {
    result["rematch"] = {
        {"images", status.images},
        {"changed", status.changed},
        {"appeared", status.appeared},
        {"disappeared", status.disappeared},
        {"duration", absl::FormatDuration(
                         absl::Trunc(status.duration, absl::Milliseconds(1)))}};
  }
  if (!status.newly_affected.empty()) {
    Json news = Json::array();
    for (const model::NewlyAffected& entry : status.newly_affected) {
      Json added = {{"id", entry.id},
                    {"severity", std::string(model::ToString(entry.severity))},
                    {"images", entry.images},
                    {"message", NewsOf(entry)}};
      SetTime(entry.since, "since", added);
      news.push_back(std::move(added));
    }
    result["newlyAffected"] = std::move(news);
  }
  api::Conditions conditions(object, now);
  SetConditions(status, interval, now, conditions);
  result["conditions"] = conditions.ToJson();
  return result;
}

AdvisoryDatabaseReconciler::AdvisoryDatabaseReconciler(
    const Context* context, control::AdvisoryClient* advisories, std::string ns)
    : context_(*context),
      advisories_(advisories),
      ns_(std::move(ns)),
      writer_(context, &api::kAdvisoryDatabases) {}

absl::StatusOr<absl::Time> AdvisoryDatabaseReconciler::Refuse(
    const Json& object, std::string_view reason, std::string_view message) {
  api::Conditions conditions(object, context_.clock->Now());
  conditions.SetStalled(reason, message);
  return writer_.Write(object, {{"conditions", conditions.ToJson()}});
}

absl::Status AdvisoryDatabaseReconciler::AddFiles(
    const Json& object, model::AdvisorySettings& settings) {
  absl::Status error;
  api::Reader spec = api::Reader(object, "", &error).Object("spec");
  size_t total = 0;
  size_t index = 0;
  for (api::Reader& source : spec.Objects("sources")) {
    model::AdvisorySource& into = settings.sources[index++];
    if (!source.Has("configMapRef")) continue;
    const std::string name = source.Object("configMapRef").String("name");
    absl::StatusOr<Json> map = context_.kube->Get(
        kube::kConfigMaps, {kube::NamespaceOf(object), name});
    if (absl::IsNotFound(map.status())) {
      return absl::NotFoundError(base::StrCat("there is no ConfigMap ", name));
    }
    LANDWAITER_RETURN_IF_ERROR(map.status());
    for (const char* field : {"data", "binaryData"}) {
      if (!map->contains(field)) continue;
      for (const auto& [key, value] : map->at(field).items()) {
        if (!value.is_string()) continue;
        std::string& bytes = into.files[key];
        bytes = value.get<std::string>();
        if (field[0] == 'b' && !absl::Base64Unescape(bytes, &bytes)) {
          bytes.clear();
        }
        total += bytes.size();
      }
    }
    if (into.files.empty()) {
      return absl::InvalidArgumentError(
          base::StrCat("the ConfigMap ", name, " is empty"));
    }
  }
  if (total <= kMaxFiles) return absl::OkStatus();
  return absl::InvalidArgumentError("the ConfigMaps have more than 3 MiB");
}

void AdvisoryDatabaseReconciler::TellNews(
    const Json& object, const model::AdvisoriesStatus& status) {
  for (const model::NewlyAffected& news : status.newly_affected) {
    if (news.images <= ToldImages(object, news.id)) continue;
    context_.events->Event(object, kube::EventType::kWarning,
                           api::reason::kNewlyAffected, "Rematch",
                           NewsOf(news));
  }
}

absl::StatusOr<absl::Time> AdvisoryDatabaseReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kAdvisoryDatabases, key);
  if (object == nullptr || kube::IsBeingDeleted(*object)) {
    if (key.ns == ns_) {
      LANDWAITER_RETURN_IF_ERROR(advisories_->ApplyAdvisories({}).status());
    }
    return absl::InfiniteFuture();
  }
  if (key.ns != ns_) {
    return Refuse(*object, api::reason::kInvalidSpec,
                  base::StrCat("it counts in the namespace ", ns_, " alone"));
  }
  absl::StatusOr<model::AdvisorySettings> settings =
      AdvisorySettingsOf(*object);
  absl::Status status = settings.status();
  if (status.ok()) status = AddFiles(*object, *settings);
  if (absl::IsInvalidArgument(status) || absl::IsNotFound(status)) {
    return Refuse(*object, api::reason::kInvalidSpec,
                  base::ToStd(status.message()));
  }
  LANDWAITER_RETURN_IF_ERROR(status);
  const absl::StatusOr<model::AdvisoriesStatus> answer =
      advisories_->ApplyAdvisories(*settings);
  if (absl::IsInvalidArgument(answer.status())) {
    return Refuse(*object, api::reason::kAnalyzerRefused,
                  base::ToStd(answer.status().message()));
  }
  LANDWAITER_RETURN_IF_ERROR(answer.status());
  TellNews(*object, *answer);
  const absl::Time now = context_.clock->Now();
  LANDWAITER_ASSIGN_OR_RETURN(
      const absl::Time again,
      writer_.Write(*object,
                    AdvisoryStatus(*object, *answer, settings->interval, now)));
  return std::min(again, now + kLook);
}

}  // namespace landwaiter::reconcile
