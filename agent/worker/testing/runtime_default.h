#ifndef LANDWAITER_AGENT_WORKER_TESTING_RUNTIME_DEFAULT_H_
#define LANDWAITER_AGENT_WORKER_TESTING_RUNTIME_DEFAULT_H_

namespace landwaiter::agent::worker::testing {

// Puts this process into what a scan pod has before its worker starts: no
// capability, a user that is not root, no new privileges, and a filter that
// refuses what containerd's default profile (seccompProfile RuntimeDefault)
// refuses to a container without capabilities. False if that cannot be had.
bool EnterRuntimeDefault();

}  // namespace landwaiter::agent::worker::testing

#endif  // LANDWAITER_AGENT_WORKER_TESTING_RUNTIME_DEFAULT_H_
