#ifndef LANDWAITER_OPERATOR_CERTIFICATES_ROTATION_H_
#define LANDWAITER_OPERATOR_CERTIFICATES_ROTATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "operator/certificates/x509.h"

namespace landwaiter::certificates {

// All certificates of an installation.
struct CertificateSet {
  KeyPair ca;            // signs
  KeyPair next_ca;       // is trusted already and will sign; may be empty
  std::string previous;  // certificate that signed before; may be empty
  KeyPair server;        // the analyzer's
  KeyPair client;        // the operator's
  friend bool operator==(const CertificateSet&,
                         const CertificateSet&) = default;

  // Every CA that may have signed something that is still in use: what all
  // sides verify with.
  std::string Bundle() const;
};

struct RotationOptions {
  LeafRequest server;
  LeafRequest client;
  absl::Duration ca_life = absl::Hours(24 * 365 * 5);
  absl::Duration leaf_life = absl::Hours(24 * 90);
  // A new CA is trusted for so long before it signs: every mounted Secret and
  // every running scan pod has it by then.
  absl::Duration overlap = absl::Hours(24);
};

struct Rotation {
  CertificateSet set;  // what there should be now
  absl::Time next;     // when to look again
};

// The next step of the certificates' life; what is in order stays as it is.
// A certificate is replaced after two thirds of its life, or when it does not
// match its request. A CA is replaced in three steps: the next one is made and
// trusted, then it signs (all leaves are replaced), and the previous one is
// trusted until it expires.
absl::StatusOr<Rotation> Rotate(const CertificateSet& now_there,
                                const RotationOptions& options, absl::Time now);
// The same of the CA alone; the leaves stay as they are.
absl::StatusOr<Rotation> RotateAuthority(const CertificateSet& now_there,
                                         const RotationOptions& options,
                                         absl::Time now);

}  // namespace landwaiter::certificates

#endif  // LANDWAITER_OPERATOR_CERTIFICATES_ROTATION_H_
