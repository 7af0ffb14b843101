#include "analyzer/tokens/token_authority.h"

#include <openssl/rand.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/tokens/base64url.h"
#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::tokens {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kIssuer = "landwaiter-analyzer";
constexpr std::string_view kAudience = "landwaiter-agent";
constexpr size_t kMaxToken = 4096;

absl::Status Refused(const char* why) {
  return absl::UnauthenticatedError(why);
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::string> RandomId() {
  char bytes[16];
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes), sizeof(bytes)) != 1) {
    return absl::InternalError("no random numbers");
  }
  return base::HexEncode({bytes, sizeof(bytes)});
}

// An object; nullopt for anything else.
std::optional<Json> DecodeObject(std::string_view part) {
  const std::optional<std::string> text = Base64UrlDecode(part);
  if (!text) return std::nullopt;
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

std::string Text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

absl::Time Seconds(const Json& json, const char* key, absl::Time absent) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer()
             ? absl::FromUnixSeconds(found->get<int64_t>())
             : absent;
}

Json Claims(const model::AgentIdentity& identity, absl::Time now,
            absl::Time expires) {
  return {{"iss", kIssuer},
          {"aud", kAudience},
          {"iat", absl::ToUnixSeconds(now)},
          {"exp", absl::ToUnixSeconds(expires)},
          {"jti", identity.token_id},
          {"sub", identity.registry_uid},
          {"cluster", identity.cluster},
          {"tenant",
           {{"cluster_uid", identity.tenant.cluster_uid},
            {"namespace", identity.tenant.ns}}}};
}

absl::StatusOr<model::AgentIdentity> IdentityOf(const Json& claims) {
  const auto tenant = claims.find("tenant");
  if (tenant == claims.end() || !tenant->is_object()) {
    return Refused("the token has no tenant");
  }
  model::AgentIdentity identity{
      .tenant = {.cluster_uid = Text(*tenant, "cluster_uid"),
                 .ns = Text(*tenant, "namespace")},
      .cluster = Text(claims, "cluster"),
      .registry_uid = Text(claims, "sub"),
      .token_id = Text(claims, "jti")};
  if (identity.tenant.cluster_uid.empty() || identity.tenant.ns.empty() ||
      identity.registry_uid.empty() || identity.token_id.empty()) {
    return Refused("the token lacks a claim");
  }
  return identity;
}

absl::Status CheckClaims(const Json& claims, const TokenOptions& options,
                         absl::Time now, absl::Time& expires) {
  if (Text(claims, "iss") != kIssuer || Text(claims, "aud") != kAudience) {
    return Refused("the token is not for this service");
  }
  const absl::Time issued = Seconds(claims, "iat", absl::InfiniteFuture());
  expires = Seconds(claims, "exp", absl::InfinitePast());
  if (issued > now + options.skew) return Refused("the token is not valid yet");
  if (expires + options.skew <= now) return Refused("the token has expired");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<TokenAuthority>> TokenAuthority::Open(
    const std::string& key_path, base::Clock& clock,
    const TokenOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(KeyRing keys, KeyRing::Open(key_path));
  return std::unique_ptr<TokenAuthority>(
      new TokenAuthority(std::move(keys), clock, options));
}

absl::StatusOr<model::AgentToken> TokenAuthority::Issue(
    model::AgentIdentity identity) {
  LANDWAITER_ASSIGN_OR_RETURN(identity.token_id, RandomId());
  return Renew(identity);
}

absl::StatusOr<model::AgentToken> TokenAuthority::Renew(
    const model::AgentIdentity& identity) {
  const absl::Time now = clock_.Now();
  const absl::Time expires =
      absl::FromUnixSeconds(absl::ToUnixSeconds(now + options_.lifetime));
  absl::MutexLock lock(&mutex_);
  LANDWAITER_ASSIGN_OR_RETURN(
      const SigningKey* key,
      keys_.Current(now, options_.key_rotation,
                    options_.lifetime + 2 * options_.skew));
  const Json header = {{"alg", "ES256"}, {"typ", "JWT"}, {"kid", key->kid()}};
  std::string token = Base64UrlEncode(Dump(header)) + "." +
                      Base64UrlEncode(Dump(Claims(identity, now, expires)));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string signature, key->Sign(token));
  token += "." + Base64UrlEncode(signature);
  return model::AgentToken{.token = std::move(token), .expires = expires};
}

absl::StatusOr<TokenAuthority::Verified> TokenAuthority::Verify(
    std::string_view token) {
  if (token.size() > kMaxToken) return Refused("the token is too long");
  const std::vector<std::string_view> parts = base::Split(token, '.');
  if (parts.size() != 3) return Refused("not a token");
  const std::optional<Json> header = DecodeObject(parts[0]);
  const std::optional<std::string> signature = Base64UrlDecode(parts[2]);
  if (!header || !signature) return Refused("not a token");
  // One algorithm, whatever the token asks for.
  if (Text(*header, "alg") != "ES256") return Refused("not a token of ours");
  {
    absl::MutexLock lock(&mutex_);
    const SigningKey* key = keys_.Find(Text(*header, "kid"));
    const std::string_view signed_part =
        token.substr(0, parts[0].size() + 1 + parts[1].size());
    if (key == nullptr || !key->Verify(signed_part, *signature)) {
      return Refused("the token's signature is not ours");
    }
  }
  const std::optional<Json> claims = DecodeObject(parts[1]);
  if (!claims) return Refused("not a token");
  Verified verified;
  LANDWAITER_RETURN_IF_ERROR(
      CheckClaims(*claims, options_, clock_.Now(), verified.expires));
  LANDWAITER_ASSIGN_OR_RETURN(verified.identity, IdentityOf(*claims));
  return verified;
}

}  // namespace landwaiter::analyzer::tokens
