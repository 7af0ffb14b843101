#ifndef LANDWAITER_OPERATOR_CERTIFICATES_X509_H_
#define LANDWAITER_OPERATOR_CERTIFICATES_X509_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landwaiter::certificates {

// A certificate and its private key (ECDSA P-256, PKCS#8), both PEM. The key
// is secret.
struct KeyPair {
  std::string certificate;
  std::string key;
  bool empty() const { return certificate.empty() || key.empty(); }
  friend bool operator==(const KeyPair&, const KeyPair&) = default;
};

struct Validity {
  absl::Time from;
  absl::Time until;
  // When it should be replaced: after two thirds of its life.
  absl::Time RenewAt() const { return from + (until - from) * 2 / 3; }
};

struct LeafRequest {
  std::string common_name;
  std::vector<std::string> dns_names;
  bool server = false;  // else client
};

// A self-signed CA that may sign leaves only. Valid from five minutes ago,
// since clocks differ.
absl::StatusOr<KeyPair> MakeCa(std::string_view common_name, absl::Time now,
                               absl::Duration life);
absl::StatusOr<KeyPair> IssueLeaf(const KeyPair& ca, const LeafRequest& request,
                                  absl::Time now, absl::Duration life);

// A certificate (PEM) for a key that another program keeps. INVALID_ARGUMENT if
// it is no public key of ECDSA P-256.
absl::StatusOr<std::string> IssueLeafFor(const KeyPair& ca,
                                         const LeafRequest& request,
                                         const std::string& public_key_pem,
                                         absl::Time now, absl::Duration life);

// A key for which somebody else is asked for a certificate; PEM, `key` secret.
struct ClientKey {
  std::string key;
  std::string public_key;
};
absl::StatusOr<ClientKey> MakeClientKey();
// PEM; the same text for the same key.
absl::StatusOr<std::string> PublicKeyOf(const std::string& certificate_pem);
absl::StatusOr<std::string> PublicKeyOfPrivate(const std::string& key_pem);

// Of the first certificate in the PEM.
absl::StatusOr<Validity> ReadValidity(const std::string& certificate_pem);
// Whether the CA's key signed the certificate, the key pair belongs together,
// and the certificate has exactly the names of the request.
bool Matches(const KeyPair& leaf, const LeafRequest& request,
             const std::string& ca_pem);

}  // namespace landwaiter::certificates

#endif  // LANDWAITER_OPERATOR_CERTIFICATES_X509_H_
