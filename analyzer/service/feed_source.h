#ifndef LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_
#define LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "analyzer/advisory/advisory_db.h"
#include "analyzer/advisory/build.h"
#include "analyzer/service/advisories.h"

namespace landwaiter::analyzer::service {

// Detects with one store of advisories, and notes what it asked of it.
class StoreDetector : public queue::Detector {
 public:
  explicit StoreDetector(std::shared_ptr<const advisory::AdvisoryStore> store)
      : store_(std::move(store)) {}
  absl::StatusOr<queue::Detection> Detect(
      const model::Inventory& inventory) override;
  std::string version() override { return store_->version(); }

 private:
  const std::shared_ptr<const advisory::AdvisoryStore> store_;
};

struct FeedSourceOptions {
  std::vector<std::string> feeds;  // as ParseFeedSpecs reads them
  // Holds the databases, and the settings that were applied.
  std::string directory;
  advisory::FetchOptions fetch;
};

// Advisories of feeds: directories, files, URLs and artifacts. Builds the
// database in its directory when a feed's content is another than before; a
// feed that fails keeps what it had. Without feeds there are no advisories, and
// every image is told so. Refresh is of one thread.
class FeedSource : public AdvisorySource {
 public:
  // Both outlive it.
  FeedSource(FeedSourceOptions options, base::Clock& clock,
             base::Failpoints& failpoints);

  absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() override;
  absl::Status Apply(const AdvisorySettings& settings) override;
  bool IsStale() override;
  std::optional<absl::Duration> Interval() override;
  std::vector<advisory::FeedState> Feeds() override;

 private:
  absl::StatusOr<std::optional<AdvisoryUpdate>> RefreshDatabase(
      const std::vector<advisory::FeedSpec>& feeds, bool offline);
  // The settings that count, as feeds; what they hold themselves is written to
  // files.
  absl::StatusOr<std::vector<advisory::FeedSpec>> TakeSpecs(bool& offline);
  absl::StatusOr<std::string> WriteFiles(
      const AdvisorySourceSpec& source) const;
  void SetFeeds(const advisory::BuildReport& report);

  const FeedSourceOptions options_;
  base::Clock& clock_;
  base::Failpoints& failpoints_;
  bool told_of_none_ = false;
  // What the last update was made of; its detector may live longer.
  std::shared_ptr<const advisory::AdvisoryDb> current_;

  absl::Mutex mutex_;
  // Instead of the configured feeds.
  std::optional<AdvisorySettings> settings_ ABSL_GUARDED_BY(mutex_);
  bool stale_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<advisory::FeedState> feeds_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_
