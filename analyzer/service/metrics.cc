#include "analyzer/service/metrics.h"

#include <optional>
#include <vector>

#include "analyzer/advisory/db_print.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::service {
namespace {

void AddHeader(std::string& text, std::string_view name, std::string_view type,
               std::string_view help) {
  base::StrAppend(&text, "# HELP ", name, " ", help, "\n# TYPE ", name, " ",
                  type, "\n");
}

// A label's value: quotes, backslashes and line ends are escaped.
std::string Label(std::string_view value) {
  std::string text;
  for (const char c : base::ToValidUtf8(value)) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

// One gauge with a line for each feed that `value` gives one for.
template <typename Value>
void AddFeedGauge(std::string& text, std::string_view name,
                  std::string_view help,
                  const std::vector<advisory::FeedState>& feeds, Value value) {
  AddHeader(text, name, "gauge", help);
  for (const advisory::FeedState& feed : feeds) {
    const std::optional<int64_t> number = value(feed);
    if (!number) continue;
    base::StrAppend(&text, name, "{feed=\"", Label(feed.name), "\"} ", *number,
                    "\n");
  }
}

std::optional<int64_t> AgeOf(absl::Time time, absl::Time now) {
  if (time == absl::InfinitePast()) return std::nullopt;
  return absl::ToInt64Seconds(now - time);
}

void AddGauge(std::string& text, std::string_view name, std::string_view help,
              uint64_t value) {
  AddHeader(text, name, "gauge", help);
  base::StrAppend(&text, name, " ", value, "\n");
}

}  // namespace

std::string RenderAdvisoryMetrics(const AdvisoryOverview& advisories,
                                  absl::Time now) {
  using advisory::FeedState;
  std::string text;
  AddHeader(text, "landwaiter_advisory_database_info", "gauge",
            "The advisories in use, by version.");
  base::StrAppend(&text, "landwaiter_advisory_database_info{version=\"",
                  Label(advisories.version), "\"} 1\n");
  AddFeedGauge(text, "landwaiter_advisory_feed_age_seconds",
               "Since the feed was last looked at with success.",
               advisories.feeds,
               [&](const FeedState& feed) { return AgeOf(feed.checked, now); });
  AddFeedGauge(text, "landwaiter_advisory_feed_newest_age_seconds",
               "Age of the feed's newest record.", advisories.feeds,
               [&](const FeedState& feed) {
                 return AgeOf(advisory::ParseFeedTime(feed.counts.newest), now);
               });
  AddFeedGauge(text, "landwaiter_advisory_feed_advisories",
               "Advisories that are used of the feed.", advisories.feeds,
               [](const FeedState& feed) {
                 return std::optional<int64_t>(feed.counts.taken);
               });
  AddFeedGauge(text, "landwaiter_advisory_feed_failed",
               "Whether the last look at the feed failed.", advisories.feeds,
               [](const FeedState& feed) {
                 return std::optional<int64_t>(feed.error.empty() ? 0 : 1);
               });
  const queue::RematchResult& rematch = advisories.rematch.result;
  AddGauge(text, "landwaiter_rematch_images",
           "Images matched again by the last update.", rematch.images);
  AddGauge(text, "landwaiter_rematch_changed_images",
           "Of those, whose findings changed.", rematch.changed);
  AddGauge(text, "landwaiter_rematch_appeared_findings",
           "Vulnerabilities of images that the last update brought.",
           rematch.appeared);
  AddGauge(text, "landwaiter_rematch_disappeared_findings",
           "Vulnerabilities of images that the last update took away.",
           rematch.disappeared);
  AddHeader(text, "landwaiter_newly_affected_images", "gauge",
            "Images that newer advisories of the last day affect, by the "
            "worst vulnerabilities.");
  for (const store::NewlyAffected& entry : advisories.newly_affected) {
    base::StrAppend(&text, "landwaiter_newly_affected_images{vulnerability=\"",
                    Label(entry.finding), "\"} ", entry.images, "\n");
  }
  return text;
}

absl::StatusOr<std::string> RenderMetrics(queue::TaskControl& control,
                                          const queue::WorkQueue& queue,
                                          CallLog& calls) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<model::RegistryWork> work,
                              control.ListWork());
  uint64_t ready = 0;
  uint64_t leased = 0;
  for (const model::RegistryWork& registry : work) {
    ready += registry.ready;
    leased += registry.leased;
  }
  std::string text;
  AddHeader(text, "landwaiter_queue_items", "gauge",
            "Work items by state, of all registries.");
  base::StrAppend(&text, "landwaiter_queue_items{state=\"ready\"} ", ready,
                  "\nlandwaiter_queue_items{state=\"leased\"} ", leased, "\n");
  AddHeader(text, "landwaiter_queue_registries", "gauge",
            "Registries with open work.");
  base::StrAppend(&text, "landwaiter_queue_registries ", work.size(), "\n");
  AddHeader(text, "landwaiter_layer_conflicts_total", "counter",
            "Layers whose two reports differed and were set aside.");
  base::StrAppend(&text, "landwaiter_layer_conflicts_total ",
                  queue.layer_conflicts(), "\n");
  AddHeader(text, "landwaiter_analyzer_calls_total", "counter",
            "gRPC calls by method and code.");
  for (const auto& [key, count] : calls.Counts()) {
    base::StrAppend(&text, "landwaiter_analyzer_calls_total{method=\"",
                    key.first, "\",code=\"", key.second, "\"} ", count, "\n");
  }
  return text;
}

}  // namespace landwaiter::analyzer::service
