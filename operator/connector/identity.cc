#include "operator/connector/identity.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "nlohmann/json.hpp"
#include "operator/certificates/x509.h"

namespace landwaiter::connector {
namespace {

using kube::Json;

std::string DataAt(const Json& secret, std::string_view key) {
  std::string bytes;
  absl::Base64Unescape(kube::StringAt(secret, {"data", key}), &bytes);
  return bytes;
}

}  // namespace

absl::StatusOr<Identity> LoadIdentity(kube::KubeClient& kube,
                                      const kube::ObjectKey& secret,
                                      const std::string& token) {
  LANDWAITER_ASSIGN_OR_RETURN(const Json stored,
                              kube.Get(kube::kSecrets, secret));
  Identity identity{.key = DataAt(stored, "tls.key"),
                    .certificate = DataAt(stored, "tls.crt"),
                    .ca = DataAt(stored, "ca.crt"),
                    .enrolled_with = DataAt(stored, "enrolledWith")};
  const std::string hash = token.empty() ? "" : base::Sha256Hex(token);
  const bool anew = !hash.empty() && hash != identity.enrolled_with;
  if (!identity.key.empty() && !anew) return identity;
  LANDWAITER_ASSIGN_OR_RETURN(const certificates::ClientKey made,
                              certificates::MakeClientKey());
  identity = {
      .key = made.key, .certificate = "", .ca = "", .enrolled_with = hash};
  LANDWAITER_RETURN_IF_ERROR(KeepIdentity(kube, secret, identity));
  return identity;
}

absl::Status KeepIdentity(kube::KubeClient& kube, const kube::ObjectKey& secret,
                          const Identity& identity) {
  LANDWAITER_ASSIGN_OR_RETURN(Json stored, kube.Get(kube::kSecrets, secret));
  stored["data"]["tls.key"] = absl::Base64Escape(identity.key);
  stored["data"]["tls.crt"] = absl::Base64Escape(identity.certificate);
  stored["data"]["ca.crt"] = absl::Base64Escape(identity.ca);
  stored["data"]["enrolledWith"] = absl::Base64Escape(identity.enrolled_with);
  return kube.Update(kube::kSecrets, stored).status();
}

}  // namespace landwaiter::connector
