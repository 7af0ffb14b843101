#include "analyzer/service/feed_source.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "analyzer/advisory/build.h"
#include "analyzer/advisory/diff.h"
#include "analyzer/advisory/memory_store.h"
#include "analyzer/detect/detect.h"
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

// Names alone; nullopt if another ecosystem is covered than before.
std::optional<std::vector<std::string>> PackagesOf(
    const advisory::Changes& changes) {
  std::set<std::string> packages;
  for (const advisory::Lookup& lookup : changes.lookups) {
    if (lookup.package.empty()) return std::nullopt;
    packages.insert(lookup.package);
  }
  return std::vector<std::string>(packages.begin(), packages.end());
}

}  // namespace

absl::StatusOr<queue::Detection> StoreDetector::Detect(
    const model::Inventory& inventory) {
  LANDWAITER_ASSIGN_OR_RETURN(
      detect::DetectionResult result,
      detect::DetectVulnerabilities(inventory, *store_));
  queue::Detection detection{.findings = std::move(result.findings),
                             .no_advisory_data = result.no_advisory_data};
  if (result.no_advisory_data) {
    detection.message = NoAdvisoryMessage(result.ecosystem);
  }
  return detection;
}

absl::StatusOr<std::optional<AdvisoryUpdate>> FeedSource::Refresh() {
  if (!feeds_.empty()) return RefreshDatabase();
  if (std::exchange(told_of_none_, true)) return std::nullopt;
  base::LogWarning("no advisories are configured");
  auto none = std::make_shared<advisory::MemoryStore>("none");
  return AdvisoryUpdate{.detector = std::make_shared<StoreDetector>(none),
                        .version = none->version(),
                        .changed = std::nullopt};
}

absl::StatusOr<std::optional<AdvisoryUpdate>> FeedSource::RefreshDatabase() {
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) {
    return absl::UnavailableError(
        base::StrCat("cannot make ", directory_, ": ", error.message()));
  }
  advisory::BuildOptions options;
  options.every_feed = false;
  LANDWAITER_ASSIGN_OR_RETURN(
      advisory::BuiltAdvisories built,
      advisory::BuildAdvisories(feeds_, directory_, options));
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
    update.changed = PackagesOf(changes);
  }
  current_ = next;
  return update;
}

}  // namespace landwaiter::analyzer::service
