#include "core/http/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioDeleter>;

BioPtr Reader(std::string_view pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Never asks a terminal for a pass phrase.
int NoPassPhrase(char*, int, int, void*) { return -1; }

}  // namespace

absl::StatusOr<std::vector<X509Ptr>> ReadCertificates(std::string_view pem) {
  const BioPtr bio = Reader(pem);
  std::vector<X509Ptr> certificates;
  while (X509* certificate =
             PEM_read_bio_X509(bio.get(), nullptr, NoPassPhrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool ended =
      ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (certificates.empty() || !ended) {
    return absl::InvalidArgumentError(
        "the text is not a list of PEM certificates");
  }
  return certificates;
}

absl::StatusOr<X509StorePtr> ReadTrustStore(std::string_view pem) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<X509Ptr> certificates,
                              ReadCertificates(pem));
  X509StorePtr store(X509_STORE_new());
  for (const X509Ptr& certificate : certificates) {
    X509_STORE_add_cert(store.get(), certificate.get());
  }
  return store;
}

absl::StatusOr<KeyPtr> ReadPrivateKey(std::string_view pem) {
  const BioPtr bio = Reader(pem);
  KeyPtr key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassPhrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        "the text is not an unencrypted PEM private key");
  }
  return key;
}

void ForgetTlsErrors() { ERR_clear_error(); }

std::string TlsAlert() {
  while (const unsigned long error = ERR_get_error()) {
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) != ERR_LIB_SSL || reason < SSL_AD_REASON_OFFSET) {
      continue;
    }
    const char* text = ERR_reason_error_string(error);
    return text == nullptr ? base::StrCat("alert ", reason) : text;
  }
  return "";
}

}  // namespace landwaiter::http
