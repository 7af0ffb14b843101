#include "analyzer/service/feed_source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "analyzer/advisory/diff.h"
#include "analyzer/advisory/memory_store.h"
#include "analyzer/detect/detect.h"
#include "analyzer/service/advisory_settings.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::service {
namespace {

std::string NoAdvisoryMessage(const std::string& system) {
  if (system.empty()) {
    return "the image names no system, so there are no advisories for it";
  }
  return base::StrCat("there are no advisories for ", base::Printable(system));
}

// A store that keeps what it is asked for. Used by one thread.
class AskedStore : public advisory::AdvisoryStore {
 public:
  explicit AskedStore(const advisory::AdvisoryStore& store) : store_(store) {}

  const std::string& version() const override { return store_.version(); }
  absl::StatusOr<bool> Covers(std::string_view ecosystem) const override {
    Note(ecosystem, "");
    return store_.Covers(ecosystem);
  }
  absl::Status ForEach(std::string_view ecosystem, std::string_view package,
                       Visit visit) const override {
    Note(ecosystem, package);
    return store_.ForEach(ecosystem, package, visit);
  }
  absl::StatusOr<advisory::Details> Find(uint32_t advisory) const override {
    return store_.Find(advisory);
  }
  absl::StatusOr<std::optional<advisory::Enrichment>> Enrich(
      std::string_view cve) const override {
    return store_.Enrich(cve);
  }

  std::vector<store::Lookup> TakeLookups() {
    std::ranges::sort(asked_);
    const auto twice = std::ranges::unique(asked_);
    asked_.erase(twice.begin(), twice.end());
    return std::move(asked_);
  }

 private:
  void Note(std::string_view ecosystem, std::string_view package) const {
    asked_.push_back({std::string(ecosystem), std::string(package)});
  }
  const advisory::AdvisoryStore& store_;
  mutable std::vector<store::Lookup> asked_;
};

queue::RematchScope ScopeOf(const advisory::Changes& changes) {
  queue::RematchScope scope;
  for (const advisory::Lookup& lookup : changes.lookups) {
    scope.lookups.push_back({lookup.ecosystem, lookup.package});
  }
  scope.findings = changes.cves;
  return scope;
}

std::string SettingsPath(const std::string& directory) {
  return directory + "/settings";
}

}  // namespace

absl::StatusOr<queue::Detection> StoreDetector::Detect(
    const model::Inventory& inventory) {
  AskedStore asked(*store_);
  LANDWAITER_ASSIGN_OR_RETURN(detect::DetectionResult result,
                              detect::DetectVulnerabilities(inventory, asked));
  queue::Detection detection{.findings = std::move(result.findings),
                             .no_advisory_data = result.no_advisory_data,
                             .lookups = asked.TakeLookups(),
                             .database = store_->version()};
  if (result.no_advisory_data) {
    detection.message = NoAdvisoryMessage(result.ecosystem);
  }
  return detection;
}

FeedSource::FeedSource(FeedSourceOptions options, base::Clock& clock,
                       base::Failpoints& failpoints)
    : options_(std::move(options)),
      clock_(clock),
      failpoints_(failpoints),
      settings_(LoadSettings(SettingsPath(options_.directory))) {}

absl::Status FeedSource::Apply(const AdvisorySettings& settings) {
  LANDWAITER_RETURN_IF_ERROR(CheckSettings(settings));
  const absl::MutexLock lock(&mutex_);
  const bool same =
      settings.sources.empty() ? !settings_ : settings_ == settings;
  if (same) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(
      SaveSettings(settings, SettingsPath(options_.directory)));
  settings_ = settings;
  if (settings.sources.empty()) settings_.reset();
  stale_ = true;
  return absl::OkStatus();
}

bool FeedSource::IsStale() {
  const absl::MutexLock lock(&mutex_);
  return stale_;
}

std::optional<absl::Duration> FeedSource::Interval() {
  const absl::MutexLock lock(&mutex_);
  if (!settings_) return std::nullopt;
  return settings_->interval;
}

std::vector<advisory::FeedState> FeedSource::Feeds() {
  const absl::MutexLock lock(&mutex_);
  return feeds_;
}

void FeedSource::SetFeeds(const advisory::BuildReport& report) {
  const absl::MutexLock lock(&mutex_);
  feeds_ = report.feeds;
}

absl::StatusOr<std::string> FeedSource::WriteFiles(
    const AdvisorySourceSpec& source) const {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(options_.directory) / "given" / source.name;
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  for (const auto& [name, bytes] : source.files) {
    std::ofstream out(folder / name, std::ios::binary | std::ios::trunc);
    out << bytes;
    if (!out.flush()) {
      return absl::UnavailableError(
          base::StrCat(folder.string(), " cannot be written"));
    }
  }
  return folder.string();
}

absl::StatusOr<std::vector<advisory::FeedSpec>> FeedSource::TakeSpecs(
    bool& offline) {
  std::optional<AdvisorySettings> settings;
  {
    const absl::MutexLock lock(&mutex_);
    settings = settings_;
    stale_ = false;
  }
  if (!settings) return advisory::ParseFeedSpecs(options_.feeds);
  offline = settings->offline;
  std::vector<advisory::FeedSpec> specs;
  for (const AdvisorySourceSpec& source : settings->sources) {
    advisory::FeedSpec& spec = specs.emplace_back();
    spec.name = source.name;
    spec.format = source.format;
    spec.location = source.location;
    if (source.location.empty()) {
      LANDWAITER_ASSIGN_OR_RETURN(spec.location, WriteFiles(source));
    }
  }
  return specs;
}

absl::StatusOr<std::optional<AdvisoryUpdate>> FeedSource::Refresh() {
  bool offline = false;
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<advisory::FeedSpec> feeds,
                              TakeSpecs(offline));
  if (!feeds.empty()) {
    told_of_none_ = false;
    return RefreshDatabase(feeds, offline);
  }
  current_ = nullptr;
  SetFeeds({});
  if (std::exchange(told_of_none_, true)) return std::nullopt;
  base::LogWarning("no advisories are configured");
  auto none = std::make_shared<advisory::MemoryStore>("none");
  return AdvisoryUpdate{.detector = std::make_shared<StoreDetector>(none),
                        .version = none->version(),
                        .changed = std::nullopt};
}

absl::StatusOr<std::optional<AdvisoryUpdate>> FeedSource::RefreshDatabase(
    const std::vector<advisory::FeedSpec>& feeds, bool offline) {
  advisory::BuildOptions options;
  options.every_feed = false;
  options.offline = offline;
  options.fetch = options_.fetch;
  advisory::AdvisoryBuilder builder(options_.directory, options, clock_,
                                    failpoints_);
  LANDWAITER_ASSIGN_OR_RETURN(advisory::BuiltAdvisories built,
                              builder.Build(feeds));
  SetFeeds(built.report);
  for (const advisory::FeedState& feed : built.report.feeds) {
    if (feed.error.empty()) continue;
    base::LogWarning("feed not updated",
                     {{"feed", feed.name}, {"error", feed.error}});
  }
  const std::shared_ptr<const advisory::AdvisoryDb> next = std::move(built.db);
  if (current_ != nullptr && current_->version() == next->version()) {
    return std::nullopt;
  }
  base::LogInfo("advisories loaded", {{"version", next->version()},
                                      {"records", built.report.records},
                                      {"taken", built.report.taken},
                                      {"withdrawn", built.report.withdrawn}});
  for (const std::string& example : built.report.examples) {
    base::LogWarning("advisory skipped", {{"record", example}});
  }
  AdvisoryUpdate update{.detector = std::make_shared<StoreDetector>(next),
                        .version = next->version(),
                        .changed = std::nullopt};
  if (current_ != nullptr) {
    LANDWAITER_ASSIGN_OR_RETURN(const advisory::Changes changes,
                                advisory::CompareDatabases(*current_, *next));
    update.changed = ScopeOf(changes);
  }
  current_ = next;
  return update;
}

}  // namespace landwaiter::analyzer::service
