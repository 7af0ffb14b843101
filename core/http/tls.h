#ifndef LANDWAITER_CORE_HTTP_TLS_H_
#define LANDWAITER_CORE_HTTP_TLS_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace landwaiter::http {

// OpenSSL's objects from PEM in memory, so that no key needs a file. Errors
// are INVALID_ARGUMENT and never quote the input.

struct OpenSslDeleter {
  void operator()(X509* value) const { X509_free(value); }
  void operator()(X509_STORE* value) const { X509_STORE_free(value); }
  void operator()(EVP_PKEY* value) const { EVP_PKEY_free(value); }
};
using X509Ptr = std::unique_ptr<X509, OpenSslDeleter>;
using X509StorePtr = std::unique_ptr<X509_STORE, OpenSslDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter>;

// At least one certificate, in the order of the text.
absl::StatusOr<std::vector<X509Ptr>> ReadCertificates(std::string_view pem);
// A store that trusts these certificates and no others.
absl::StatusOr<X509StorePtr> ReadTrustStore(std::string_view pem);
// An unencrypted private key.
absl::StatusOr<KeyPtr> ReadPrivateKey(std::string_view pem);

// Forgets what went wrong on this thread so far.
void ForgetTlsErrors();
// The alert with which the other side ended a connection since then ("tlsv13
// alert certificate required"); empty if it sent none. Under TLS 1.3 a server
// refuses a client's certificate in the place of its first answer.
std::string TlsAlert();

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_TLS_H_
