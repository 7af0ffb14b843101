#ifndef LANDWAITER_ANALYZER_TOKENS_SIGNING_KEY_H_
#define LANDWAITER_ANALYZER_TOKENS_SIGNING_KEY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct evp_pkey_st;

namespace landwaiter::analyzer::tokens {

// An ECDSA key on P-256, for ES256 (RFC 7518, 3.4): signatures are the 64
// bytes of R and S. Copies share the key. Thread-safe.
class SigningKey {
 public:
  static absl::StatusOr<SigningKey> Generate(absl::Time created);
  // INVALID_ARGUMENT unless it is the PEM of a private P-256 key.
  static absl::StatusOr<SigningKey> FromPem(const std::string& pem,
                                            absl::Time created);

  absl::StatusOr<std::string> ToPem() const;
  absl::StatusOr<std::string> Sign(std::string_view message) const;
  bool Verify(std::string_view message, std::string_view signature) const;

  // Names the key: the first 16 hexadecimal digits of the SHA-256 of its
  // public part.
  const std::string& kid() const { return kid_; }
  absl::Time created() const { return created_; }

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, absl::Time created);
  std::shared_ptr<evp_pkey_st> key_;
  std::string kid_;
  absl::Time created_;
};

}  // namespace landwaiter::analyzer::tokens

#endif  // LANDWAITER_ANALYZER_TOKENS_SIGNING_KEY_H_
