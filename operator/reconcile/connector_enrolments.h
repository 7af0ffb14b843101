#ifndef LANDWAITER_OPERATOR_RECONCILE_CONNECTOR_ENROLMENTS_H_
#define LANDWAITER_OPERATOR_RECONCILE_CONNECTOR_ENROLMENTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "operator/kube/object.h"

namespace landwaiter::reconcile {

// How far the connector of a RepositoryCluster has come.
struct ConnectorEnrolment {
  bool enrolled = false;
  // While it is not: the command that installs it, with its one-time token,
  // and until when that is good (InfinitePast: it has run out, and another
  // must be asked for).
  std::string install_command;
  absl::Time token_expires = absl::InfinitePast();
};

// Who may connect as which RepositoryCluster's connector. Thread-safe.
class ConnectorEnrolments {
 public:
  virtual ~ConnectorEnrolments() = default;

  // Makes a token if the cluster has had none yet, or if a new one was asked
  // for (annotation landwaiter.dev/connector-token). FAILED_PRECONDITION says
  // what of the operator's configuration is missing for connectors.
  virtual absl::StatusOr<ConnectorEnrolment> Ensure(
      const kube::Json& cluster) = 0;
  // Its connector may no longer connect; that of another with the same name
  // was never allowed to.
  virtual absl::Status Forget(const std::string& cluster_uid) = 0;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CONNECTOR_ENROLMENTS_H_
