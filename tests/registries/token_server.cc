#include "tests/registries/token_server.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/strings.h"
#include "core/http/tls.h"
#include "core/http/url.h"
#include "tests/registries/distribution_server.h"

namespace landwaiter::test {
namespace {

constexpr char kService[] = "the registry";
constexpr char kIssuer[] = "the token server";

std::string Base64Url(const std::string& bytes) {
  return absl::WebSafeBase64Escape(bytes);
}

// A certificate as x5c has it: PEM's base64, in one line.
std::string Der64(const std::string& pem) {
  std::string text;
  for (std::string_view line : base::Split(pem, '\n')) {
    if (!line.starts_with("-----")) text.append(line);
  }
  return text;
}

// r and s of an ECDSA signature on P-256, 32 bytes each (RFC 7518, 3.4).
std::string Sign(const std::string& text, const std::string& key_pem) {
  const auto key = http::ReadPrivateKey(key_pem);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  unsigned char der[128];
  size_t size = sizeof(der);
  if (!key.ok() ||
      EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key->get()) !=
          1 ||
      EVP_DigestSign(context, der, &size,
                     reinterpret_cast<const unsigned char*>(text.data()),
                     text.size()) != 1) {
    std::abort();
  }
  EVP_MD_CTX_free(context);
  const unsigned char* at = der;
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
  std::string raw(64, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 32, 32);
  ECDSA_SIG_free(signature);
  return raw;
}

// "type:name:actions"; a name may hold colons, neither of the others does.
nlohmann::json AccessOf(std::string_view scope) {
  const size_t first = scope.find(':');
  const size_t last = scope.rfind(':');
  nlohmann::json actions = nlohmann::json::array();
  for (std::string_view action : base::Split(scope.substr(last + 1), ',')) {
    actions.push_back(std::string(action));
  }
  return {{"type", std::string(scope.substr(0, first))},
          {"name", std::string(scope.substr(first + 1, last - first - 1))},
          {"actions", std::move(actions)}};
}

// Values of `key` in a target's query.
std::vector<std::string> QueryValues(const std::string& target,
                                     std::string_view key) {
  std::vector<std::string> values;
  const size_t question = target.find('?');
  if (question == std::string::npos) return values;
  for (std::string_view pair :
       base::Split(std::string_view(target).substr(question + 1), '&')) {
    const size_t equals = pair.find('=');
    if (equals == pair.npos || pair.substr(0, equals) != key) continue;
    values.push_back(http::Unescape(pair.substr(equals + 1)));
  }
  return values;
}

}  // namespace

TokenServer::TokenServer()
    : signer_(ca_.Issue()),
      server_([this](const SeenRequest& request) { return Serve(request); }) {
  testing::WriteFile(directory_.path() + "/roots", ca_.CertificatePem());
}

std::string TokenServer::RegistryConfig(const std::string& host) const {
  return base::StrCat("auth:\n  token:\n    realm: http://", host, ":",
                      server_.port(), "/token\n    service: ", kService,
                      "\n    issuer: ", kIssuer,
                      "\n    rootcertbundle: ", directory_.path(), "/roots\n");
}

std::string TokenServer::Issue(const std::vector<std::string>& scopes) const {
  nlohmann::json access = nlohmann::json::array();
  for (const std::string& scope : scopes) {
    if (!denied.contains(scope)) access.push_back(AccessOf(scope));
  }
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const nlohmann::json header = {
      {"typ", "JWT"}, {"alg", "ES256"}, {"x5c", {Der64(signer_.certificate)}}};
  const nlohmann::json claims = {
      {"iss", kIssuer},   {"sub", kUser},
      {"aud", kService},  {"exp", now + absl::ToInt64Seconds(life - kLeeway)},
      {"nbf", now - 600}, {"iat", now},
      {"jti", "1"},       {"access", std::move(access)}};
  const std::string text =
      base::StrCat(Base64Url(header.dump()), ".", Base64Url(claims.dump()));
  return base::StrCat(text, ".", Base64Url(Sign(text, signer_.key)));
}

Answer TokenServer::Serve(const SeenRequest& request) const {
  const std::string login = request.Header("Authorization");
  const auto right = agent::registry::BasicHeaders({kUser, kPassword});
  if (!login.empty() && login != right.front().second) {
    return {401, {}, R"({"details":"incorrect username or password"})"};
  }
  if (QueryValues(request.target, "service") !=
      std::vector<std::string>{kService}) {
    return {400, {}, "{}"};
  }
  const nlohmann::json answer = {
      {"token", Issue(login.empty() ? std::vector<std::string>()
                                    : QueryValues(request.target, "scope"))},
      {"expires_in", absl::ToInt64Seconds(told)}};
  return {.body = answer.dump()};
}

http::Headers TokenServer::PushHeaders(const std::string& repository) const {
  return {
      {"Authorization",
       base::StrCat("Bearer ", Issue({base::StrCat("repository:", repository,
                                                   ":pull,push")}))}};
}

std::vector<std::string> TokenServer::Asked() const {
  std::vector<std::string> scopes;
  for (const SeenRequest& request : server_.Seen()) {
    const auto values = QueryValues(request.target, "scope");
    scopes.push_back(values.empty() ? "" : values.front());
  }
  return scopes;
}

int TokenServer::AskedFor(const std::string& scope) const {
  const std::vector<std::string> asked = Asked();
  return static_cast<int>(std::count(asked.begin(), asked.end(), scope));
}

}  // namespace landwaiter::test
