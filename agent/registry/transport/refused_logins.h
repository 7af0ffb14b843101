#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_REFUSED_LOGINS_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_REFUSED_LOGINS_H_

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"

namespace landwaiter::agent::registry {

// The logins that registries refused this process. None of them is sent a
// second time, whichever part of the agent wants to: accounts get locked, and
// addresses banned. A changed Secret is another login. Thread-safe.
class RefusedLogins {
 public:
  // `login` is the value of Authorization; only a hash of it is kept.
  void Add(std::string_view host, std::string_view login);
  bool Contains(std::string_view host, std::string_view login) const;

 private:
  mutable absl::Mutex mutex_;
  std::set<std::string> hashes_ ABSL_GUARDED_BY(mutex_);
};

// The connection's, or new ones.
std::shared_ptr<RefusedLogins> RefusedLoginsOf(const Connection& connection);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_REFUSED_LOGINS_H_
