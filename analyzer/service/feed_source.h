#ifndef LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_
#define LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_db.h"
#include "analyzer/service/advisories.h"

namespace landwaiter::analyzer::service {

// Detects with one store of advisories.
class StoreDetector : public queue::Detector {
 public:
  explicit StoreDetector(std::shared_ptr<const advisory::AdvisoryStore> store)
      : store_(std::move(store)) {}
  absl::StatusOr<queue::Detection> Detect(
      const model::Inventory& inventory) override;

 private:
  const std::shared_ptr<const advisory::AdvisoryStore> store_;
};

// Advisories of feeds: directories, files and URLs. Builds the database in
// `directory` when a feed's content is another than before. Without feeds
// there are no advisories, and every image is told so.
class FeedSource : public AdvisorySource {
 public:
  FeedSource(std::vector<std::string> feeds, std::string directory)
      : feeds_(std::move(feeds)), directory_(std::move(directory)) {}
  absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() override;

 private:
  absl::StatusOr<std::optional<AdvisoryUpdate>> RefreshDatabase();

  const std::vector<std::string> feeds_;
  const std::string directory_;
  bool told_of_none_ = false;
  // What the last update was made of; its detector may live longer.
  std::shared_ptr<const advisory::AdvisoryDb> current_;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_FEED_SOURCE_H_
