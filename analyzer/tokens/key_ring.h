#ifndef LANDWAITER_ANALYZER_TOKENS_KEY_RING_H_
#define LANDWAITER_ANALYZER_TOKENS_KEY_RING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/tokens/signing_key.h"

namespace landwaiter::analyzer::tokens {

// The keys that tokens are signed with: the newest signs, older ones verify
// until no token of theirs can be alive. Kept in one file of mode 0600 that
// nobody else may read. Not thread-safe.
class KeyRing {
 public:
  // Reads the ring, or begins with no key if there is no file; `path` empty:
  // in memory. FAILED_PRECONDITION if others may read the file;
  // INVALID_ARGUMENT if it is no ring.
  static absl::StatusOr<KeyRing> Open(const std::string& path);

  // The key to sign with: the newest, or a new one when that is older than
  // `rotation`. Then forgets keys that are `keep` older than that.
  absl::StatusOr<const SigningKey*> Current(absl::Time now,
                                            absl::Duration rotation,
                                            absl::Duration keep);
  // nullptr if there is no such key.
  const SigningKey* Find(std::string_view kid) const;

 private:
  explicit KeyRing(std::string path) : path_(std::move(path)) {}
  absl::Status Save() const;

  std::string path_;
  std::vector<SigningKey> keys_;  // oldest first
};

}  // namespace landwaiter::analyzer::tokens

#endif  // LANDWAITER_ANALYZER_TOKENS_KEY_RING_H_
