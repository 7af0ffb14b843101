#ifndef LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_DISCOVERY_H_
#define LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_DISCOVERY_H_

#include <string>
#include <vector>

#include "operator/kube/object.h"

namespace landwaiter::reconcile {

// A listing of an account goes over its regions in parts: a Job's result has
// room for some twenty instances. Pure decisions.
struct DiscoveryCursor {
  int next = 0;  // index of the region that the next Job begins with
  int regions_a_job = 50;

  // status.discovery, there and back.
  static DiscoveryCursor FromStatus(const kube::Json& object);
  kube::Json ToJson() const;

  // The regions of the next Job; never empty if `regions` is not.
  std::vector<std::string> Part(const std::vector<std::string>& regions) const;
  // Goes on behind a part that was listed; true if it was the last one.
  bool Advance(const std::vector<std::string>& regions);
  // The list did not fit: smaller parts, from the beginning. False if they
  // cannot be smaller.
  bool Shrink(const std::vector<std::string>& regions);
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_DISCOVERY_H_
