#include "operator/certificates/rotation.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::certificates {
namespace {

constexpr std::string_view kCaName = "landwaiter CA";

// When the certificate has to be replaced; the past if it cannot be read.
absl::Time RenewAt(const std::string& certificate) {
  const absl::StatusOr<Validity> validity = ReadValidity(certificate);
  return validity.ok() ? validity->RenewAt() : absl::InfinitePast();
}

absl::Time ExpiresAt(const std::string& certificate) {
  const absl::StatusOr<Validity> validity = ReadValidity(certificate);
  return validity.ok() ? validity->until : absl::InfinitePast();
}

absl::Time SignsFrom(const KeyPair& next, const RotationOptions& options) {
  const absl::StatusOr<Validity> validity = ReadValidity(next.certificate);
  return validity.ok() ? validity->from + options.overlap
                       : absl::InfinitePast();
}

absl::Status RotateCa(CertificateSet& set, const RotationOptions& options,
                      absl::Time now) {
  if (set.ca.empty() || ExpiresAt(set.ca.certificate) <= now) {
    set.next_ca = {};
    LANDWAITER_ASSIGN_OR_RETURN(set.ca, MakeCa(kCaName, now, options.ca_life));
  } else if (set.next_ca.empty() && now >= RenewAt(set.ca.certificate)) {
    LANDWAITER_ASSIGN_OR_RETURN(set.next_ca,
                                MakeCa(kCaName, now, options.ca_life));
  } else if (!set.next_ca.empty() && now >= SignsFrom(set.next_ca, options)) {
    set.previous = set.ca.certificate;
    set.ca = set.next_ca;
    set.next_ca = {};
  }
  if (!set.previous.empty() && now >= ExpiresAt(set.previous)) {
    set.previous.clear();
  }
  return absl::OkStatus();
}

absl::Status RotateLeaf(KeyPair& leaf, const LeafRequest& request,
                        const KeyPair& ca, absl::Duration life,
                        absl::Time now) {
  if (!leaf.empty() && Matches(leaf, request, ca.certificate) &&
      now < RenewAt(leaf.certificate)) {
    return absl::OkStatus();
  }
  LANDWAITER_ASSIGN_OR_RETURN(leaf, IssueLeaf(ca, request, now, life));
  return absl::OkStatus();
}

}  // namespace

std::string CertificateSet::Bundle() const {
  return base::StrCat(ca.certificate, next_ca.certificate, previous);
}

absl::StatusOr<Rotation> RotateAuthority(const CertificateSet& now_there,
                                         const RotationOptions& options,
                                         absl::Time now) {
  Rotation rotation;
  rotation.set = now_there;
  const CertificateSet& set = rotation.set;
  LANDWAITER_RETURN_IF_ERROR(RotateCa(rotation.set, options, now));
  rotation.next = std::min(
      set.next_ca.empty() ? RenewAt(set.ca.certificate)
                          : SignsFrom(set.next_ca, options),
      set.previous.empty() ? absl::InfiniteFuture() : ExpiresAt(set.previous));
  return rotation;
}

absl::StatusOr<Rotation> Rotate(const CertificateSet& now_there,
                                const RotationOptions& options,
                                absl::Time now) {
  LANDWAITER_ASSIGN_OR_RETURN(Rotation rotation,
                              RotateAuthority(now_there, options, now));
  CertificateSet& set = rotation.set;
  LANDWAITER_RETURN_IF_ERROR(
      RotateLeaf(set.server, options.server, set.ca, options.leaf_life, now));
  LANDWAITER_RETURN_IF_ERROR(
      RotateLeaf(set.client, options.client, set.ca, options.leaf_life, now));
  rotation.next = std::min({rotation.next, RenewAt(set.server.certificate),
                            RenewAt(set.client.certificate)});
  return rotation;
}

}  // namespace landwaiter::certificates
