#ifndef LANDWAITER_ANALYZER_TOKENS_TOKEN_AUTHORITY_H_
#define LANDWAITER_ANALYZER_TOKENS_TOKEN_AUTHORITY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "analyzer/tokens/key_ring.h"
#include "core/base/clock.h"
#include "core/model/task.h"

namespace landwaiter::analyzer::tokens {

struct TokenOptions {
  absl::Duration lifetime = absl::Minutes(15);
  // How far the clocks of those who check may be apart.
  absl::Duration skew = absl::Seconds(30);
  absl::Duration key_rotation = absl::Hours(24);
};

// Makes and checks what a scan pod shows at the door: a JWT (RFC 7519) signed
// with ES256 that speaks for one registry in one repository cluster. Claims:
// iss, aud, iat, exp, jti (AgentIdentity::token_id; a renewed token keeps it,
// since it names the same pod), sub (the registry's uid), tenant {cluster_uid,
// namespace} and cluster. Whether the identity's work has ended is not said
// here but by the queue. Thread-safe.
class TokenAuthority {
 public:
  // `key_path`: where keys are kept (KeyRing); empty: in memory. `clock`
  // outlives the authority.
  static absl::StatusOr<std::unique_ptr<TokenAuthority>> Open(
      const std::string& key_path, base::Clock& clock,
      const TokenOptions& options);

  // A token for a new pod (identity.token_id is not looked at).
  absl::StatusOr<model::AgentToken> Issue(model::AgentIdentity identity);
  // A later token for the same pod.
  absl::StatusOr<model::AgentToken> Renew(const model::AgentIdentity& identity);

  struct Verified {
    model::AgentIdentity identity;
    absl::Time expires;
  };
  // UNAUTHENTICATED, never saying more than which kind of thing is wrong.
  absl::StatusOr<Verified> Verify(std::string_view token);

  const TokenOptions& options() const { return options_; }

 private:
  TokenAuthority(KeyRing keys, base::Clock& clock, const TokenOptions& options)
      : keys_(std::move(keys)), clock_(clock), options_(options) {}

  absl::Mutex mutex_;
  KeyRing keys_ ABSL_GUARDED_BY(mutex_);
  base::Clock& clock_;
  const TokenOptions options_;
};

}  // namespace landwaiter::analyzer::tokens

#endif  // LANDWAITER_ANALYZER_TOKENS_TOKEN_AUTHORITY_H_
