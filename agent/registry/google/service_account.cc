#include "agent/registry/google/service_account.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::google {
namespace {

constexpr size_t kMaxKeyFile = 32 << 10;
constexpr int kMinBits = 2048;
constexpr absl::Duration kGrantLasts = absl::Hours(1);  // the most allowed

// What keys of several ages name as the place of their tokens.
constexpr std::array<std::string_view, 3> kGooglesTokenUris = {
    kTokenUri, "https://accounts.google.com/o/oauth2/token",
    "https://www.googleapis.com/oauth2/v4/token"};

absl::Status NoKey(std::string_view why) {
  return WrongCredentials(base::StrCat(
      "the password is not the key file of a service account: ", why));
}

bool IsPlain(std::string_view text) {
  return !text.empty() && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7F; });
}

// A key with a passphrase is none of Google's, and nobody is there to ask.
int NoPassphrase(char*, int, int, void*) { return -1; }

std::shared_ptr<EVP_PKEY> ReadKey(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  std::shared_ptr<EVP_PKEY> key;
  if (bio != nullptr) {
    key.reset(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr),
        [](EVP_PKEY* made) { EVP_PKEY_free(made); });
  }
  ERR_clear_error();
  return key;
}

std::string WebBase64(std::string_view text) {
  std::string out;
  absl::WebSafeBase64Escape(base::ToAbsl(text), &out);  // without padding
  return out;
}

absl::StatusOr<std::string> Sign(EVP_PKEY* key, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) !=
          1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1) {
    ERR_clear_error();
    return absl::InternalError("the service account's key cannot sign");
  }
  std::vector<unsigned char> signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, data,
                     text.size()) != 1) {
    ERR_clear_error();
    return absl::InternalError("the service account's key cannot sign");
  }
  return std::string(reinterpret_cast<const char*>(signature.data()), size);
}

absl::StatusOr<std::string> KeyFileOf(const Credentials& credentials) {
  if (credentials.password.size() > kMaxKeyFile) return NoKey("it is too long");
  if (credentials.username == "_json_key") return credentials.password;
  std::string file;
  if (credentials.username != "_json_key_base64") {
    return WrongCredentials(
        "Google takes the key of a service account: the user name must be "
        "_json_key, and the password the content of the key file");
  }
  if (!absl::Base64Unescape(credentials.password, &file)) {
    return NoKey("it is not in base64");
  }
  return file;
}

}  // namespace

bool IsProject(std::string_view project) {
  return !project.empty() && project.size() <= 100 && project.front() >= 'a' &&
         project.front() <= 'z' &&
         project.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.:") ==
             project.npos;
}

absl::StatusOr<ServiceAccount> ServiceAccount::Parse(
    const Credentials& credentials) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string file, KeyFileOf(credentials));
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_object()) return NoKey("it is no JSON object");
  if (TextAt(json, "type") != "service_account") {
    return NoKey("its type is not service_account");
  }
  const std::string uri = TextAt(json, "token_uri");
  if (std::find(kGooglesTokenUris.begin(), kGooglesTokenUris.end(), uri) ==
      kGooglesTokenUris.end()) {
    return NoKey(base::StrCat("its tokens come from ",
                              base::Printable(uri, 100), ", not from Google"));
  }
  const std::string universe = TextAt(json, "universe_domain");
  if (!universe.empty() && universe != "googleapis.com") {
    return NoKey(base::StrCat("it is of another universe, ",
                              base::Printable(universe, 100)));
  }
  ServiceAccount account;
  account.project_ = TextAt(json, "project_id");
  account.email_ = TextAt(json, "client_email");
  account.key_id_ = TextAt(json, "private_key_id");
  if (!IsProject(account.project_)) return NoKey("it names no project");
  if (!IsPlain(account.email_) || !base::Contains(account.email_, "@")) {
    return NoKey("it names no account");
  }
  if (!IsPlain(account.key_id_)) return NoKey("it has no private_key_id");
  account.key_ = ReadKey(TextAt(json, "private_key"));
  if (account.key_ == nullptr ||
      EVP_PKEY_get_base_id(account.key_.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(account.key_.get()) < kMinBits) {
    return NoKey("its private_key is no RSA key of 2,048 bits or more");
  }
  return account;
}

absl::StatusOr<std::string> ServiceAccount::Grant(std::string_view scopes,
                                                  absl::Time now) const {
  const nlohmann::json header = {
      {"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id_}};
  const nlohmann::json claims = {
      {"iss", email_},
      {"scope", std::string(scopes)},
      {"aud", std::string(kTokenUri)},
      {"iat", absl::ToUnixSeconds(now)},
      {"exp", absl::ToUnixSeconds(now + kGrantLasts)}};
  const std::string text =
      base::StrCat(WebBase64(header.dump()), ".", WebBase64(claims.dump()));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string signature,
                              Sign(key_.get(), text));
  return base::StrCat(text, ".", WebBase64(signature));
}

}  // namespace landwaiter::agent::registry::google
