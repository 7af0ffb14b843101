#include "tests/support/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>

namespace landwaiter::test {
namespace {

template <typename T, void (*kFree)(T*)>
struct Deleter {
  void operator()(T* value) const { kFree(value); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;

template <typename T>
T* Must(T* value) {
  if (value == nullptr) std::abort();
  return value;
}
void Must(int result) {
  if (result <= 0) std::abort();
}

template <typename Write>
std::string Pem(Write write) {
  BIO* bio = Must(BIO_new(BIO_s_mem()));
  Must(write(bio));
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, size);
  BIO_free(bio);
  return pem;
}

std::string PemOf(X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string PemOf(EVP_PKEY* key) {
  return Pem([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr,
                                    nullptr);
  });
}

void AddExtension(X509* certificate, X509* issuer, int nid,
                  const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      Must(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  Must(X509_add_ext(certificate, extension, -1));
  X509_EXTENSION_free(extension);
}

Certificate Start(const std::string& common_name, EVP_PKEY* key,
                  long not_before, long not_after) {
  static long serial = 1;
  Certificate certificate(Must(X509_new()));
  Must(X509_set_version(certificate.get(), X509_VERSION_3));
  Must(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial));
  Must(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), not_before));
  Must(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), not_after));
  Must(X509_set_pubkey(certificate.get(), key));
  Must(X509_NAME_add_entry_by_txt(
      X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0));
  return certificate;
}

}  // namespace

struct TestCa::Impl {
  Key key;
  Certificate certificate;
};

TestCa::TestCa(const std::string& common_name)
    : impl_(std::make_unique<Impl>()) {
  impl_->key.reset(Must(EVP_EC_gen("P-256")));
  impl_->certificate = Start(common_name, impl_->key.get(), -3600, 86400);
  X509* certificate = impl_->certificate.get();
  Must(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)));
  AddExtension(certificate, certificate, NID_basic_constraints,
               "critical,CA:TRUE");
  AddExtension(certificate, certificate, NID_key_usage,
               "critical,keyCertSign,cRLSign");
  AddExtension(certificate, certificate, NID_subject_key_identifier, "hash");
  Must(X509_sign(certificate, impl_->key.get(), EVP_sha256()));
}

TestCa::~TestCa() = default;

std::string TestCa::CertificatePem() const {
  return PemOf(impl_->certificate.get());
}

CertificateAndKey TestCa::Issue(const LeafOptions& options) const {
  Key key(Must(EVP_EC_gen("P-256")));
  Certificate leaf = Start(options.common_name, key.get(), options.not_before,
                           options.not_after);
  X509* issuer = impl_->certificate.get();
  Must(X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer)));
  std::string names;
  for (const std::string& name : options.subject_alt_names) {
    names += (names.empty() ? "" : ",") + name;
  }
  if (!names.empty()) {
    AddExtension(leaf.get(), issuer, NID_subject_alt_name, names);
  }
  AddExtension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  AddExtension(leaf.get(), issuer, NID_authority_key_identifier, "keyid");
  Must(X509_sign(leaf.get(), impl_->key.get(), EVP_sha256()));
  return {PemOf(leaf.get()), PemOf(key.get())};
}

}  // namespace landwaiter::test
