#include "operator/connector/enrolment.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"

namespace landwaiter::connector {
namespace {

using kube::Json;

constexpr char kTokenAnnotation[] = "landwaiter.dev/connector-token";
constexpr char kTokenFlag[] = "--set-string enrolment.token=";
constexpr size_t kTokenBytes = 32;

std::string SecretName(const std::string& uid) {
  return base::StrCat("landwaiter-connector-",
                      base::Sha256Hex(uid).substr(0, 16));
}

std::string DataAt(const Json& secret, std::string_view key) {
  std::string bytes;
  absl::Base64Unescape(kube::StringAt(secret, {"data", key}), &bytes);
  return bytes;
}

void Put(Json& secret, const char* key, const std::string& value) {
  secret["data"][key] = absl::Base64Escape(value);
}

bool Same(const std::string& a, const std::string& b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<std::string> RandomToken() {
  std::string bytes(kTokenBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size())) != 1) {
    return absl::InternalError("no randomness");
  }
  std::string text = absl::WebSafeBase64Escape(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

absl::Status Refused() {
  return absl::UnauthenticatedError(
      "the token is unknown, has expired, or was used");
}

absl::Time Expiry(const Json& secret) {
  return kube::TimeFromText(DataAt(secret, "tokenExpires"))
      .value_or(absl::InfinitePast());
}

}  // namespace

Enrolment::Enrolment(kube::KubeClient* kube, base::Clock* clock,
                     EnrolmentOptions options, OnRevoked on_revoked)
    : kube_(kube),
      clock_(clock),
      options_(std::move(options)),
      on_revoked_(std::move(on_revoked)) {}

void Enrolment::SetSigner(certificates::KeyPair signer, std::string ca) {
  absl::MutexLock lock(&mutex_);
  signer_ = std::move(signer);
  ca_ = std::move(ca);
}

absl::StatusOr<Json> Enrolment::Read(const std::string& cluster_uid) {
  return kube_->Get(kube::kSecrets, {options_.ns, SecretName(cluster_uid)});
}

absl::StatusOr<reconcile::ConnectorEnrolment> Enrolment::Ensure(
    const Json& cluster) {
  if (options_.address.empty()) {
    return absl::FailedPreconditionError(
        "the operator's configuration has no connector.address, at which a "
        "connector would reach it");
  }
  {
    absl::MutexLock lock(&mutex_);
    if (signer_.empty()) {
      return absl::UnavailableError("the operator's CA is not there yet");
    }
  }
  const std::string uid = kube::UidOf(cluster);
  const std::string request =
      kube::StringAt(cluster, {"metadata", "annotations", kTokenAnnotation});
  absl::StatusOr<Json> secret = Read(uid);
  if (absl::IsNotFound(secret.status())) {
    secret = Json::object();
  } else if (!secret.ok()) {
    return secret.status();
  }
  // Who fell between the Secret and the status lost the token: nobody has it.
  const bool lost = DataAt(*secret, "publicKeyHash").empty() &&
                    clock_->Now() < Expiry(*secret) &&
                    KnownToken(cluster, DataAt(*secret, "tokenHash")).empty();
  if (secret->empty() || lost || DataAt(*secret, "request") != request) {
    LANDWAITER_RETURN_IF_ERROR(NewToken(cluster, *secret, request));
    LANDWAITER_ASSIGN_OR_RETURN(*secret, Read(uid));
  }
  reconcile::ConnectorEnrolment result;
  result.enrolled = !DataAt(*secret, "publicKeyHash").empty();
  if (result.enrolled || clock_->Now() >= Expiry(*secret)) return result;
  result.token_expires = Expiry(*secret);
  result.install_command =
      Command(cluster, KnownToken(cluster, DataAt(*secret, "tokenHash")));
  return result;
}

absl::Status Enrolment::NewToken(const Json& cluster, Json secret,
                                 const std::string& request) {
  const std::string uid = kube::UidOf(cluster);
  LANDWAITER_ASSIGN_OR_RETURN(const std::string token, RandomToken());
  const bool exists = !secret.empty();
  if (!exists) {
    secret = {
        {"type", "Opaque"},
        {"metadata",
         {{"name", SecretName(uid)},
          {"namespace", options_.ns},
          {"labels",
           {{std::string(api::kNameLabel), "landwaiter"},
            {std::string(api::kManagedByLabel), std::string(api::kManagedBy)},
            {std::string(api::kClusterUidLabel), uid}}}}}};
  }
  Put(secret, "cluster", uid);
  Put(secret, "request", request);
  Put(secret, "tokenHash", base::Sha256Hex(token));
  Put(secret, "tokenExpires",
      kube::TimeText(clock_->Now() + options_.token_life));
  Put(secret, "publicKeyHash", "");
  LANDWAITER_RETURN_IF_ERROR(
      exists ? kube_->Update(kube::kSecrets, secret).status()
             : kube_->Create(kube::kSecrets, secret).status());
  {
    absl::MutexLock lock(&mutex_);
    tokens_[uid] = token;
  }
  on_revoked_(uid);
  return absl::OkStatus();
}

std::string Enrolment::KnownToken(const Json& cluster,
                                  const std::string& hash) {
  const std::string shown =
      kube::StringAt(cluster, {"status", "connector", "installCommand"});
  const size_t at = shown.find(kTokenFlag);
  if (at != std::string::npos) {
    const size_t begin = at + sizeof(kTokenFlag) - 1;
    std::string token = shown.substr(begin, shown.find(' ', begin) - begin);
    if (Same(base::Sha256Hex(token), hash)) return token;
  }
  absl::MutexLock lock(&mutex_);
  const auto it = tokens_.find(kube::UidOf(cluster));
  if (it == tokens_.end() || !Same(base::Sha256Hex(it->second), hash)) {
    return "";
  }
  return it->second;
}

std::string Enrolment::Command(const Json& cluster, const std::string& token) {
  std::string ns = kube::StringAt(cluster, {"spec", "scanNamespace"});
  if (ns.empty()) ns = options_.default_scan_namespace;
  std::string ca;
  {
    absl::MutexLock lock(&mutex_);
    ca = absl::Base64Escape(ca_);
  }
  return base::StrCat(
      "helm install landwaiter-connector ", options_.chart,
      options_.version.empty() ? "" : " --version ", options_.version,
      " --namespace ", ns,
      " --create-namespace --set-string cluster.uid=", kube::UidOf(cluster),
      " --set-string operator.address=", options_.address, " ", kTokenFlag,
      token, " --set-string operator.ca=", ca);
}

absl::Status Enrolment::Forget(const std::string& cluster_uid) {
  const absl::Status deleted =
      kube_->Delete(kube::kSecrets, {options_.ns, SecretName(cluster_uid)}, {});
  {
    absl::MutexLock lock(&mutex_);
    tokens_.erase(cluster_uid);
  }
  on_revoked_(cluster_uid);
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

absl::StatusOr<ConnectorCertificate> Enrolment::Sign(
    const std::string& cluster_uid, const std::string& public_key) {
  absl::MutexLock lock(&mutex_);
  if (signer_.empty()) {
    return absl::UnavailableError("the operator's CA is not there yet");
  }
  certificates::LeafRequest request;
  request.common_name = "landwaiter-connector";
  request.dns_names = {base::StrCat(cluster_uid, ".connector.landwaiter.dev")};
  ConnectorCertificate issued;
  LANDWAITER_ASSIGN_OR_RETURN(
      issued.certificate,
      certificates::IssueLeafFor(signer_, request, public_key, clock_->Now(),
                                 options_.certificate_life));
  issued.ca = ca_;
  return issued;
}

absl::StatusOr<ConnectorCertificate> Enrolment::Enrol(
    const std::string& cluster_uid, const std::string& token,
    const std::string& public_key) {
  if (cluster_uid.size() > 64 || token.size() > 128) return Refused();
  absl::StatusOr<Json> secret = Read(cluster_uid);
  if (absl::IsNotFound(secret.status())) return Refused();
  LANDWAITER_RETURN_IF_ERROR(secret.status());
  if (DataAt(*secret, "cluster") != cluster_uid ||
      !Same(base::Sha256Hex(token), DataAt(*secret, "tokenHash")) ||
      clock_->Now() >= Expiry(*secret)) {
    return Refused();
  }
  // First: a key that cannot be used does not use the token up.
  LANDWAITER_ASSIGN_OR_RETURN(ConnectorCertificate issued,
                              Sign(cluster_uid, public_key));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string normal,
                              certificates::PublicKeyOf(issued.certificate));
  const std::string key_hash = base::Sha256Hex(normal);
  const std::string used = DataAt(*secret, "publicKeyHash");
  // The same key again: the answer to it was lost.
  if (used == key_hash) return issued;
  if (!used.empty()) return Refused();
  Put(*secret, "publicKeyHash", key_hash);
  const absl::Status written = kube_->Update(kube::kSecrets, *secret).status();
  if (absl::IsAborted(written)) return Refused();  // another was faster
  LANDWAITER_RETURN_IF_ERROR(written);
  base::LogInfo("connector enrolled", {{"cluster", cluster_uid}});
  return issued;
}

absl::StatusOr<ConnectorCertificate> Enrolment::Admit(
    const std::string& cluster_uid, const std::string& certificate_pem) {
  if (cluster_uid.size() > 64) return Refused();
  LANDWAITER_ASSIGN_OR_RETURN(const std::string key,
                              certificates::PublicKeyOf(certificate_pem));
  absl::StatusOr<Json> secret = Read(cluster_uid);
  if (absl::IsNotFound(secret.status())) return Refused();
  LANDWAITER_RETURN_IF_ERROR(secret.status());
  if (DataAt(*secret, "cluster") != cluster_uid ||
      !Same(base::Sha256Hex(key), DataAt(*secret, "publicKeyHash"))) {
    return Refused();
  }
  LANDWAITER_ASSIGN_OR_RETURN(const certificates::Validity validity,
                              certificates::ReadValidity(certificate_pem));
  const absl::Time renew = validity.from + (validity.until - validity.from) / 3;
  if (clock_->Now() >= renew) return Sign(cluster_uid, key);
  absl::MutexLock lock(&mutex_);
  return ConnectorCertificate{.certificate = "", .ca = ca_};
}

}  // namespace landwaiter::connector
