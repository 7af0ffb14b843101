#include "tests/support/registries/google/grant.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "tests/support/registries/google/simulator.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;

EVP_PKEY* TheKey() {
  static EVP_PKEY* const key = EVP_RSA_gen(2048);
  if (key == nullptr) std::abort();
  return key;
}

std::string Pem() {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()),
                                                      &BIO_free);
  char* data = nullptr;
  if (PEM_write_bio_PrivateKey(bio.get(), TheKey(), nullptr, nullptr, 0,
                               nullptr, nullptr) != 1) {
    std::abort();
  }
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

bool IsSigned(const std::string& text, const std::string& signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const auto bytes = [](const std::string& s) {
    return reinterpret_cast<const unsigned char*>(s.data());
  };
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                              TheKey()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(),
                          bytes(text), text.size()) == 1;
}

}  // namespace

Json GoogleKeyFile() {
  static const std::string pem = Pem();
  return {{"type", "service_account"},
          {"project_id", "acme-prod"},
          {"private_key_id", "0123456789abcdef0123456789abcdef01234567"},
          {"private_key", pem},
          {"client_email", "scanner@acme-prod.iam.gserviceaccount.com"},
          {"client_id", "100000000000000000001"},
          {"auth_uri", "https://accounts.google.com/o/oauth2/auth"},
          {"token_uri", "https://oauth2.googleapis.com/token"},
          {"universe_domain", "googleapis.com"}};
}

std::string FaultOfGrant(const std::string& assertion, absl::Time now) {
  const auto parts = base::Split(assertion, '.');
  std::string header, claims, signature;
  if (parts.size() != 3 ||
      !absl::WebSafeBase64Unescape(base::ToAbsl(parts[0]), &header) ||
      !absl::WebSafeBase64Unescape(base::ToAbsl(parts[1]), &claims) ||
      !absl::WebSafeBase64Unescape(base::ToAbsl(parts[2]), &signature)) {
    return "Bad Request";
  }
  const Json head = Json::parse(header, nullptr, false);
  const Json body = Json::parse(claims, nullptr, false);
  if (!head.is_object() || !body.is_object() ||
      head.value("alg", "") != "RS256") {
    return "Bad Request";
  }
  const Json file = GoogleKeyFile();
  const auto told = [&](const char* key) {
    return file[key].get<std::string>();
  };
  if (body.value("iss", "") != told("client_email")) {
    return "Invalid grant: account not found";
  }
  if (body.value("aud", "") != told("token_uri")) {
    return "Invalid JWT: Failed audience check.";
  }
  const absl::Time from = absl::FromUnixSeconds(body.value("iat", int64_t{0}));
  const absl::Time to = absl::FromUnixSeconds(body.value("exp", int64_t{0}));
  if (to - from > absl::Hours(1) || to < now || from > now + absl::Minutes(5)) {
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in "
           "a reasonable timeframe. Check your iat and exp values in the JWT "
           "claim.";
  }
  if (head.value("kid", "") != told("private_key_id") ||
      !IsSigned(base::StrCat(parts[0], ".", parts[1]), signature)) {
    return "Invalid JWT Signature.";
  }
  return "";
}

}  // namespace landwaiter::test
