#include "operator/certificates/x509.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <set>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::certificates {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* value) const {
    kFree(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

constexpr absl::Duration kClockSkew = absl::Minutes(5);
constexpr int kSerialBytes = 16;

absl::Status OpenSslError(std::string_view what) {
  char text[256] = "unknown";
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return absl::InternalError(base::StrCat(what, ": ", text));
}

template <typename Write>
absl::StatusOr<std::string> ToPem(Write write) {
  Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || write(bio.get()) != 1) {
    return OpenSslError("writing PEM");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<KeyPair> ToKeyPair(X509* certificate, EVP_PKEY* key) {
  KeyPair pair;
  LANDWAITER_ASSIGN_OR_RETURN(pair.certificate, ToPem([&](BIO* bio) {
                                return PEM_write_bio_X509(bio, certificate);
                              }));
  LANDWAITER_ASSIGN_OR_RETURN(pair.key, ToPem([&](BIO* bio) {
                                return PEM_write_bio_PKCS8PrivateKey(
                                    bio, key, nullptr, nullptr, 0, nullptr,
                                    nullptr);
                              }));
  return pair;
}

absl::StatusOr<Certificate> ReadCertificate(const std::string& pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return OpenSslError("reading a certificate");
  return certificate;
}

absl::StatusOr<Key> ReadKey(const std::string& pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) return OpenSslError("reading a private key");
  return key;
}

// ECDSA on P-256 alone: what we make ourselves.
absl::StatusOr<Key> ReadPublicKey(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC ||
      EVP_PKEY_get_bits(key.get()) != 256) {
    ERR_clear_error();
    return absl::InvalidArgumentError("it is no public key of ECDSA P-256");
  }
  return key;
}

bool AddExtension(X509* certificate, X509* issuer, int nid,
                  const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool SetSerial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1) return false;
  bytes[0] &= 0x7f;  // positive
  BIGNUM* number = BN_bin2bn(bytes, sizeof(bytes), nullptr);
  const bool set =
      number != nullptr &&
      BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool SetName(X509_NAME* name, std::string_view common_name) {
  const std::string text(common_name);
  return X509_NAME_add_entry_by_txt(
             name, "CN", MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1,
             0) == 1;
}

// A certificate with all but extensions and signature; its issuer is itself
// until it is set.
absl::StatusOr<Certificate> NewCertificate(EVP_PKEY* key,
                                           std::string_view common_name,
                                           absl::Time now,
                                           absl::Duration life) {
  Certificate certificate(X509_new());
  const std::time_t from = absl::ToTimeT(now - kClockSkew);
  const std::time_t until = absl::ToTimeT(now + life);
  if (certificate == nullptr || X509_set_version(certificate.get(), 2) != 1 ||
      !SetSerial(certificate.get()) ||
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), from) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), until) == nullptr ||
      X509_set_pubkey(certificate.get(), key) != 1 ||
      !SetName(X509_get_subject_name(certificate.get()), common_name)) {
    return OpenSslError("making a certificate");
  }
  return certificate;
}

std::string AltNames(const LeafRequest& request) {
  std::string text;
  for (const std::string& name : request.dns_names) {
    base::StrAppend(&text, text.empty() ? "" : ",", "DNS:", name);
  }
  return text;
}

std::set<std::string> DnsNamesOf(X509* certificate) {
  std::set<std::string> found;
  Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    found.emplace(
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
        static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return found;
}

absl::StatusOr<absl::Time> ToTime(const ASN1_TIME* time) {
  std::tm tm = {};
  if (ASN1_TIME_to_tm(time, &tm) != 1) return OpenSslError("reading a time");
  return absl::FromTM(tm, absl::UTCTimeZone());
}

// For the key, whose private part the caller may not have.
absl::StatusOr<Certificate> SignLeaf(const KeyPair& ca,
                                     const LeafRequest& request, EVP_PKEY* key,
                                     absl::Time now, absl::Duration life) {
  LANDWAITER_ASSIGN_OR_RETURN(const Certificate issuer,
                              ReadCertificate(ca.certificate));
  LANDWAITER_ASSIGN_OR_RETURN(const Key issuer_key, ReadKey(ca.key));
  LANDWAITER_ASSIGN_OR_RETURN(
      Certificate leaf, NewCertificate(key, request.common_name, now, life));
  X509* const certificate = leaf.get();
  if (X509_set_issuer_name(certificate, X509_get_subject_name(issuer.get())) !=
          1 ||
      !AddExtension(certificate, issuer.get(), NID_basic_constraints,
                    "critical,CA:FALSE") ||
      !AddExtension(certificate, issuer.get(), NID_key_usage,
                    "critical,digitalSignature") ||
      !AddExtension(certificate, issuer.get(), NID_ext_key_usage,
                    request.server ? "serverAuth" : "clientAuth") ||
      !AddExtension(certificate, issuer.get(), NID_subject_alt_name,
                    AltNames(request)) ||
      !AddExtension(certificate, issuer.get(), NID_authority_key_identifier,
                    "keyid") ||
      X509_sign(certificate, issuer_key.get(), EVP_sha256()) == 0) {
    return OpenSslError("issuing a certificate");
  }
  return leaf;
}

}  // namespace

absl::StatusOr<KeyPair> MakeCa(std::string_view common_name, absl::Time now,
                               absl::Duration life) {
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a key");
  LANDWAITER_ASSIGN_OR_RETURN(
      const Certificate ca, NewCertificate(key.get(), common_name, now, life));
  if (X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) != 1 ||
      !AddExtension(ca.get(), ca.get(), NID_basic_constraints,
                    "critical,CA:TRUE,pathlen:0") ||
      !AddExtension(ca.get(), ca.get(), NID_key_usage,
                    "critical,keyCertSign,cRLSign") ||
      !AddExtension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(ca.get(), key.get(), EVP_sha256()) == 0) {
    return OpenSslError("making a CA");
  }
  return ToKeyPair(ca.get(), key.get());
}

absl::StatusOr<KeyPair> IssueLeaf(const KeyPair& ca, const LeafRequest& request,
                                  absl::Time now, absl::Duration life) {
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a key");
  LANDWAITER_ASSIGN_OR_RETURN(const Certificate leaf,
                              SignLeaf(ca, request, key.get(), now, life));
  return ToKeyPair(leaf.get(), key.get());
}

absl::StatusOr<std::string> IssueLeafFor(const KeyPair& ca,
                                         const LeafRequest& request,
                                         const std::string& public_key_pem,
                                         absl::Time now, absl::Duration life) {
  LANDWAITER_ASSIGN_OR_RETURN(const Key key, ReadPublicKey(public_key_pem));
  LANDWAITER_ASSIGN_OR_RETURN(const Certificate leaf,
                              SignLeaf(ca, request, key.get(), now, life));
  return ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, leaf.get()); });
}

absl::StatusOr<ClientKey> MakeClientKey() {
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a key");
  ClientKey made;
  LANDWAITER_ASSIGN_OR_RETURN(made.key, ToPem([&](BIO* bio) {
                                return PEM_write_bio_PKCS8PrivateKey(
                                    bio, key.get(), nullptr, nullptr, 0,
                                    nullptr, nullptr);
                              }));
  LANDWAITER_ASSIGN_OR_RETURN(made.public_key, ToPem([&](BIO* bio) {
                                return PEM_write_bio_PUBKEY(bio, key.get());
                              }));
  return made;
}

absl::StatusOr<std::string> PublicKeyOf(const std::string& certificate_pem) {
  LANDWAITER_ASSIGN_OR_RETURN(const Certificate certificate,
                              ReadCertificate(certificate_pem));
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) return OpenSslError("reading a certificate's key");
  return ToPem([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key); });
}

absl::StatusOr<std::string> PublicKeyOfPrivate(const std::string& key_pem) {
  LANDWAITER_ASSIGN_OR_RETURN(const Key key, ReadKey(key_pem));
  return ToPem([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); });
}

absl::StatusOr<Validity> ReadValidity(const std::string& certificate_pem) {
  LANDWAITER_ASSIGN_OR_RETURN(const Certificate certificate,
                              ReadCertificate(certificate_pem));
  Validity validity;
  LANDWAITER_ASSIGN_OR_RETURN(validity.from,
                              ToTime(X509_get0_notBefore(certificate.get())));
  LANDWAITER_ASSIGN_OR_RETURN(validity.until,
                              ToTime(X509_get0_notAfter(certificate.get())));
  return validity;
}

bool Matches(const KeyPair& leaf, const LeafRequest& request,
             const std::string& ca_pem) {
  const auto certificate = ReadCertificate(leaf.certificate);
  const auto key = ReadKey(leaf.key);
  const auto ca = ReadCertificate(ca_pem);
  if (!certificate.ok() || !key.ok() || !ca.ok()) return false;
  const std::set<std::string> wanted(request.dns_names.begin(),
                                     request.dns_names.end());
  const bool matches =
      X509_check_private_key(certificate->get(), key->get()) == 1 &&
      X509_verify(certificate->get(), X509_get0_pubkey(ca->get())) == 1 &&
      DnsNamesOf(certificate->get()) == wanted;
  ERR_clear_error();
  return matches;
}

}  // namespace landwaiter::certificates
