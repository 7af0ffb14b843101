#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_VERIFY_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_VERIFY_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/registry/gitlab/session.h"
#include "agent/registry/registry.h"

namespace landwaiter::agent::registry::gitlab {

// Tries every account of a GitLab that was found: its token, what the token
// may do, and the group. The first token that is refused ends it, since
// failed logins are counted. Errors as Registry::Verify has them.
absl::StatusOr<Verification> VerifyAccounts(Session& session, absl::Time now);

// The connection's code for a failure of any request here.
absl::Status AsVerifyFailure(const absl::Status& status);

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_VERIFY_H_
