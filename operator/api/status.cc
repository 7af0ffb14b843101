#include "operator/api/status.h"

#include <algorithm>
#include <string>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/scan_task.h"
#include "operator/api/text.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

// Together at most about 28 KiB.
constexpr size_t kMaxTop = 10;
constexpr size_t kMaxFailures = 20;
constexpr size_t kMaxLog = 50;
constexpr size_t kMaxImage = 256;
constexpr size_t kMaxPackage = 128;
constexpr size_t kMaxShort = 64;
constexpr size_t kMaxFailureMessage = 256;
constexpr size_t kMaxLogMessage = 160;

Json TopJson(const model::TopFinding& finding) {
  Json json = {{"id", Text(finding.id, kMaxShort)},
               {"severity", std::string(model::ToString(finding.severity))},
               {"package", Text(finding.package, kMaxPackage)},
               {"image", Text(finding.image, kMaxImage)}};
  if (!finding.installed_version.empty()) {
    json["installedVersion"] = Text(finding.installed_version, kMaxShort);
  }
  if (!finding.fixed_version.empty()) {
    json["fixedVersion"] = Text(finding.fixed_version, kMaxShort);
  }
  return json;
}

Json FailureJson(const model::TaskFailure& failure) {
  Json json = {{"image", Text(failure.image, kMaxImage)},
               {"code", Text(failure.failure.code, kMaxShort)},
               {"message", Text(failure.failure.message, kMaxFailureMessage)},
               {"retryable", failure.failure.retryable}};
  if (!failure.failure.cause.empty()) {
    json["cause"] = Text(failure.failure.cause, kMaxShort);
  }
  return json;
}

Json LogJson(absl::Time time, std::string_view message) {
  return {{"time", kube::TimeText(time)},
          {"message", Text(message, kMaxLogMessage)}};
}

bool IsFinite(absl::Time time) {
  return time != absl::InfinitePast() && time != absl::InfiniteFuture();
}

void PutTimes(const model::TaskStatus& status, Json& json) {
  if (IsFinite(status.start)) json["startTime"] = kube::TimeText(status.start);
  if (IsFinite(status.deadline)) {
    json["deadline"] = kube::TimeText(status.deadline);
  }
  if (!IsFinite(status.completion)) return;
  json["completionTime"] = kube::TimeText(status.completion);
  if (IsFinite(status.start)) {
    const absl::Duration took = std::max(
        absl::ZeroDuration(),
        absl::Trunc(status.completion - status.start, absl::Seconds(1)));
    json["duration"] = absl::FormatDuration(took);
  }
}

void PutLists(const model::TaskStatus& status, Json& json) {
  for (const model::TopFinding& finding : status.top) {
    if (json["top"].size() >= kMaxTop) break;
    json["top"].push_back(TopJson(finding));
  }
  uint64_t omitted = status.failures_omitted;
  for (const model::TaskFailure& failure : status.failures) {
    if (json["failures"].size() >= kMaxFailures) {
      ++omitted;
      continue;
    }
    json["failures"].push_back(FailureJson(failure));
  }
  if (omitted > 0) json["failuresOmitted"] = omitted;
  const size_t skip =
      status.log.size() > kMaxLog ? status.log.size() - kMaxLog : 0;
  for (size_t i = skip; i < status.log.size(); ++i) {
    json["log"].push_back(LogJson(status.log[i].time, status.log[i].message));
  }
}

}  // namespace

Json SeverityCountsJson(const model::SeverityCounts& counts) {
  Json json = {{"critical", counts.critical},
               {"high", counts.high},
               {"medium", counts.medium},
               {"low", counts.low}};
  if (counts.unknown > 0) json["unknown"] = counts.unknown;
  return json;
}

Json TaskStatusJson(const model::TaskStatus& status) {
  const model::ImageCounts& images = status.images;
  const uint64_t done = images.scanned + images.reused + images.failed +
                        images.skipped + images.unsupported;
  Json json = {
      {"phase", std::string(ToString(status.phase))},
      {"progress", base::StrCat(done, "/", images.total)},
      {"images",
       {{"total", images.total},
        {"scanned", images.scanned},
        {"reused", images.reused},
        {"failed", images.failed},
        {"skipped", images.skipped},
        {"unsupported", images.unsupported}}},
      {"quota", {{"consumed", status.quota_consumed}}},
      {"findings",
       {{"systemVulnerabilities",
         SeverityCountsJson(status.vulnerabilities.system)},
        {"applicationVulnerabilities",
         SeverityCountsJson(status.vulnerabilities.application)}}},
  };
  PutTimes(status, json);
  PutLists(status, json);
  BoundStatus(json);
  return json;
}

void AppendLog(Json& status, absl::Time time, std::string_view message) {
  Json& log = status["log"];
  if (!log.is_array()) log = Json::array();
  while (log.size() >= kMaxLog) log.erase(log.begin());
  log.push_back(LogJson(time, message));
}

}  // namespace landwaiter::api
