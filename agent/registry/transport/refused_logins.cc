#include "agent/registry/transport/refused_logins.h"

#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

std::string HashOf(std::string_view host, std::string_view login) {
  return base::Sha256Hex(base::StrCat(host, "\n", login));
}

}  // namespace

void RefusedLogins::Add(std::string_view host, std::string_view login) {
  absl::MutexLock lock(&mutex_);
  hashes_.insert(HashOf(host, login));
}

bool RefusedLogins::Contains(std::string_view host,
                             std::string_view login) const {
  absl::MutexLock lock(&mutex_);
  return hashes_.contains(HashOf(host, login));
}

std::shared_ptr<RefusedLogins> RefusedLoginsOf(const Connection& connection) {
  return connection.refused_logins != nullptr
             ? connection.refused_logins
             : std::make_shared<RefusedLogins>();
}

}  // namespace landwaiter::agent::registry
