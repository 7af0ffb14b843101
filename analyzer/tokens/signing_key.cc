#include "analyzer/tokens/signing_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <utility>

#include "core/base/hash.h"

namespace landwaiter::analyzer::tokens {
namespace {

constexpr int kNumberBytes = 32;  // of R and of S

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Context = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string KidOf(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return "";
  const std::string hex = base::Sha256Hex(
      {reinterpret_cast<const char*>(der), static_cast<size_t>(size)});
  OPENSSL_free(der);
  return hex.substr(0, 16);
}

bool IsP256(EVP_PKEY* key) {
  char group[64] = {};
  size_t size = 0;
  return EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

absl::Status Failed(const char* what) {
  return absl::InternalError(std::string("tokens: cannot ") + what);
}

}  // namespace

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key, absl::Time created)
    : key_(std::move(key)), kid_(KidOf(key_.get())), created_(created) {}

absl::StatusOr<SigningKey> SigningKey::Generate(absl::Time created) {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (key == nullptr) return Failed("make a key");
  return SigningKey(std::move(key), created);
}

absl::StatusOr<SigningKey> SigningKey::FromPem(const std::string& pem,
                                               absl::Time created) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr),
      EVP_PKEY_free);
  if (key == nullptr || !IsP256(key.get())) {
    return absl::InvalidArgumentError("tokens: not a private P-256 key");
  }
  return SigningKey(std::move(key), created);
}

absl::StatusOr<std::string> SigningKey::ToPem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0,
                               nullptr, nullptr) != 1) {
    return Failed("write a key");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<std::string> SigningKey::Sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  unsigned char der[128];
  size_t size = sizeof(der);
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr,
                         key_.get()) != 1 ||
      EVP_DigestSign(context.get(), der, &size, Bytes(message),
                     message.size()) != 1) {
    return Failed("sign");
  }
  const unsigned char* cursor = der;
  const Signature parsed(
      d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(size)));
  if (parsed == nullptr) return Failed("sign");
  unsigned char raw[2 * kNumberBytes];
  if (BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), raw, kNumberBytes) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), raw + kNumberBytes,
                   kNumberBytes) < 0) {
    return Failed("sign");
  }
  return std::string(reinterpret_cast<char*>(raw), sizeof(raw));
}

bool SigningKey::Verify(std::string_view message,
                        std::string_view signature) const {
  if (signature.size() != 2 * kNumberBytes) return false;
  const Signature parsed(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(signature), kNumberBytes, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature) + kNumberBytes, kNumberBytes, nullptr);
  if (ECDSA_SIG_set0(parsed.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return false;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parsed.get(), &der);
  if (size <= 0) return false;
  const Context context(EVP_MD_CTX_new());
  const bool valid =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                           key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), der, static_cast<size_t>(size),
                       Bytes(message), message.size()) == 1;
  OPENSSL_free(der);
  return valid;
}

}  // namespace landwaiter::analyzer::tokens
