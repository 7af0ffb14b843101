#include "operator/certificates/certificate_secrets.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"

namespace landwaiter::certificates {
namespace {

using kube::Json;
using Data = std::map<std::string, std::string>;

std::string DataAt(const Json& secret, std::string_view key) {
  std::string bytes;
  if (!absl::Base64Unescape(kube::StringAt(secret, {"data", key}), &bytes)) {
    return "";
  }
  return bytes;
}

// An empty object if there is none.
absl::StatusOr<Json> GetSecret(kube::KubeClient& client, const std::string& ns,
                               const std::string& name) {
  absl::StatusOr<Json> secret = client.Get(kube::kSecrets, {ns, name});
  if (absl::IsNotFound(secret.status())) return Json::object();
  return secret;
}

KeyPair PairOf(const Json& secret, std::string_view certificate,
               std::string_view key) {
  return {DataAt(secret, certificate), DataAt(secret, key)};
}

// The part of a set that a CA's Secret keeps.
CertificateSet CaOf(const Json& secret) {
  return {.ca = PairOf(secret, "tls.crt", "tls.key"),
          .next_ca = PairOf(secret, "next.crt", "next.key"),
          .previous = DataAt(secret, "previous.crt")};
}

// Writes the Secret unless it has exactly this data. A create or an update
// that lost a race fails, and is done again on what the other has written.
absl::Status PutSecret(kube::KubeClient& client, Json secret,
                       const std::string& ns, const std::string& name,
                       const char* type, const Data& data) {
  Json encoded = Json::object();
  for (const auto& [key, value] : data) {
    if (!value.empty()) encoded[key] = absl::Base64Escape(value);
  }
  if (secret.contains("data") && secret["data"] == encoded) {
    return absl::OkStatus();
  }
  base::LogInfo("certificates written", {{"secret", name}});
  const bool exists = !secret.empty();
  if (!exists) {
    secret = {{"apiVersion", "v1"},
              {"kind", "Secret"},
              {"type", type},
              {"metadata",
               {{"name", name},
                {"namespace", ns},
                {"labels",
                 {{std::string(api::kNameLabel), "landwaiter"},
                  {std::string(api::kManagedByLabel),
                   std::string(api::kManagedBy)}}}}}};
  }
  secret["data"] = std::move(encoded);
  return exists ? client.Update(kube::kSecrets, secret).status()
                : client.Create(kube::kSecrets, secret).status();
}

}  // namespace

CertificateReconciler::CertificateReconciler(kube::KubeClient* client,
                                             base::Clock* clock,
                                             CertificateOptions options,
                                             OnReady on_ready)
    : client_(client),
      clock_(clock),
      options_(std::move(options)),
      on_ready_(std::move(on_ready)) {}

absl::StatusOr<absl::Time> CertificateReconciler::Reconcile(
    const kube::ObjectKey&) {
  return options_.issue ? Issue() : Read();
}

absl::StatusOr<absl::Time> CertificateReconciler::Issue() {
  const std::string& ns = options_.ns;
  LANDWAITER_ASSIGN_OR_RETURN(Json ca,
                              GetSecret(*client_, ns, options_.ca_secret));
  LANDWAITER_ASSIGN_OR_RETURN(
      Json analyzer, GetSecret(*client_, ns, options_.analyzer_secret));
  LANDWAITER_ASSIGN_OR_RETURN(
      Json mine, GetSecret(*client_, ns, options_.operator_secret));
  CertificateSet there = CaOf(ca);
  there.server = PairOf(analyzer, "tls.crt", "tls.key");
  there.client = PairOf(mine, "tls.crt", "tls.key");
  LANDWAITER_ASSIGN_OR_RETURN(const Rotation rotation,
                              Rotate(there, options_.rotation, clock_->Now()));
  const CertificateSet& set = rotation.set;
  const std::string bundle = set.Bundle();
  // The CA first: a leaf whose CA was never written could not be verified.
  LANDWAITER_RETURN_IF_ERROR(PutCa(std::move(ca), options_.ca_secret, set));
  LANDWAITER_RETURN_IF_ERROR(PutSecret(*client_, std::move(analyzer), ns,
                                       options_.analyzer_secret,
                                       "kubernetes.io/tls",
                                       {{"tls.crt", set.server.certificate},
                                        {"tls.key", set.server.key},
                                        {"ca.crt", bundle}}));
  LANDWAITER_RETURN_IF_ERROR(PutSecret(*client_, std::move(mine), ns,
                                       options_.operator_secret,
                                       "kubernetes.io/tls",
                                       {{"tls.crt", set.client.certificate},
                                        {"tls.key", set.client.key},
                                        {"ca.crt", bundle}}));
  on_ready_({set.client, bundle, set.ca, bundle});
  return rotation.next;
}

absl::Status CertificateReconciler::PutCa(Json secret, const std::string& name,
                                          const CertificateSet& set) {
  return PutSecret(*client_, std::move(secret), options_.ns, name, "Opaque",
                   {{"tls.crt", set.ca.certificate},
                    {"tls.key", set.ca.key},
                    {"next.crt", set.next_ca.certificate},
                    {"next.key", set.next_ca.key},
                    {"previous.crt", set.previous},
                    {"ca.crt", set.Bundle()}});
}

absl::StatusOr<absl::Time> CertificateReconciler::Read() {
  LANDWAITER_ASSIGN_OR_RETURN(
      const Json secret,
      client_->Get(kube::kSecrets, {options_.ns, options_.operator_secret}));
  const KeyPair client = PairOf(secret, "tls.crt", "tls.key");
  const std::string ca = DataAt(secret, "ca.crt");
  if (client.empty() || ca.empty()) {
    return absl::FailedPreconditionError(
        base::StrCat("Secret ", options_.operator_secret,
                     " lacks tls.crt, tls.key or ca.crt"));
  }
  OperatorCertificates ready = {.client = client, .ca = ca};
  absl::Time again = absl::InfiniteFuture();  // an informer tells of a renewal
  if (!options_.connector_ca_secret.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(again, KeepConnectorCa(ready));
  }
  on_ready_(ready);
  return again;
}

absl::StatusOr<absl::Time> CertificateReconciler::KeepConnectorCa(
    OperatorCertificates& ready) {
  LANDWAITER_ASSIGN_OR_RETURN(
      Json secret,
      GetSecret(*client_, options_.ns, options_.connector_ca_secret));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Rotation rotation,
      RotateAuthority(CaOf(secret), options_.rotation, clock_->Now()));
  LANDWAITER_RETURN_IF_ERROR(
      PutCa(std::move(secret), options_.connector_ca_secret, rotation.set));
  ready.signer = rotation.set.ca;
  ready.signer_ca = rotation.set.Bundle();
  return rotation.next;
}

}  // namespace landwaiter::certificates
