#ifndef LANDWAITER_ANALYZER_SERVICE_ADVISORIES_H_
#define LANDWAITER_ANALYZER_SERVICE_ADVISORIES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "analyzer/queue/analysis.h"
#include "analyzer/queue/environment.h"
#include "analyzer/queue/rematch.h"
#include "analyzer/service/advisory_desk.h"

namespace landwaiter::analyzer::service {

// A detector over one version of the advisories.
struct AdvisoryUpdate {
  std::shared_ptr<queue::Detector> detector;
  std::string version;
  // What differs from the version before; nullopt: anything may.
  std::optional<queue::RematchScope> changed;
};

// Where advisories come from.
class AdvisorySource {
 public:
  virtual ~AdvisorySource() = default;
  // Looks whether there are newer ones than those that the last call gave;
  // nullopt if not. The first call gives what there is.
  virtual absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() = 0;

  // The rest may be called beside a Refresh.
  // Uses these feeds from the next Refresh on.
  virtual absl::Status Apply(const AdvisorySettings&) {
    return absl::UnimplementedError("the feeds are fixed");
  }
  // Whether there was an Apply since the last Refresh began.
  virtual bool IsStale() { return false; }
  // How often to look; nullopt: as configured.
  virtual std::optional<absl::Duration> Interval() { return std::nullopt; }
  // As of the last Refresh.
  virtual std::vector<advisory::FeedState> Feeds() { return {}; }
};

// Detects with whatever advisories are the latest. Thread-safe.
class CurrentDetector : public queue::Detector {
 public:
  // UNAVAILABLE before the first update.
  absl::StatusOr<queue::Detection> Detect(
      const model::Inventory& inventory) override;
  void Set(std::shared_ptr<queue::Detector> detector);
  bool HasDetector() { return Get() != nullptr; }
  std::string version() override;

 private:
  std::shared_ptr<queue::Detector> Get();
  absl::Mutex mutex_;
  std::shared_ptr<queue::Detector> detector_ ABSL_GUARDED_BY(mutex_);
};

// Brings newer advisories to the detector and to the images that are stored.
// What could not be matched again because something failed is matched at the
// next call; the store remembers which version all its images were matched
// with, so a restart matches nothing again. Of one thread, but for Report.
class AdvisoryUpdater {
 public:
  // All outlive it.
  AdvisoryUpdater(AdvisorySource& source, CurrentDetector& detector,
                  queue::Environment& environment)
      : source_(source), detector_(detector), environment_(environment) {}

  absl::Status Update();
  // The last matching that an update brought about. Thread-safe.
  RematchReport Report();
  // Detects with this one while there are no advisories at all.
  absl::Status UseWithoutAdvisories(std::shared_ptr<queue::Detector> detector);

 private:
  // Notes what is to be matched again because of the update.
  absl::Status Plan(const AdvisoryUpdate& update);
  absl::Status RematchPending();
  absl::Status NoteVersion(const std::string& version);

  AdvisorySource& source_;
  CurrentDetector& detector_;
  queue::Environment& environment_;
  // What is still to be matched again.
  queue::RematchScope pending_;
  std::string version_;
  absl::Mutex mutex_;
  RematchReport report_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_ADVISORIES_H_
