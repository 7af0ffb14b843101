#ifndef LANDWAITER_ANALYZER_SERVICE_EGRESS_ADDRESSES_H_
#define LANDWAITER_ANALYZER_SERVICE_EGRESS_ADDRESSES_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/model/task.h"

namespace landwaiter::analyzer::service {

// Where the scan pods of each repository cluster come from, as their
// connections arrive here: what a registry's list of allowed addresses needs.
// Kept in memory; pods that come again are seen again. Thread-safe.
class EgressAddresses {
 public:
  static constexpr size_t kPerCluster = 16;
  // Clusters that are remembered; one more forgets all.
  static constexpr size_t kMaxClusters = 10'000;

  // `peer` is as gRPC has it: "ipv4:203.0.113.7:4711",
  // "ipv6:%5B2001:db8::1%5D:4711".
  void Note(const model::Tenant& tenant, const std::string& cluster,
            std::string_view peer);
  // Newest first, at most kPerCluster.
  std::vector<std::string> List(const model::Tenant& tenant,
                                const std::string& cluster) const;

 private:
  using Key = std::pair<model::Tenant, std::string>;
  mutable absl::Mutex mutex_;
  std::map<Key, std::vector<std::string>> seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_EGRESS_ADDRESSES_H_
