#include "operator/jobs/credentials.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/jobs/job_contract.h"

namespace landwaiter::jobs {
namespace {

using kube::Json;

constexpr std::string_view kDockerConfigKey = ".dockerconfigjson";

// One Secret, as something to read keys of.
class SecretReader {
 public:
  SecretReader(const Json& secret, std::string name)
      : secret_(secret), name_(std::move(name)) {}

  bool Has(std::string_view key) const {
    return kube::Find(secret_, {"data", key}) != nullptr;
  }

  absl::StatusOr<std::string> Get(std::string_view key) const {
    const Json* value = kube::Find(secret_, {"data", key});
    if (value == nullptr || !value->is_string()) {
      return absl::InvalidArgumentError(
          base::StrCat("Secret ", name_, " has no key ", key));
    }
    std::string bytes;
    if (!absl::Base64Unescape(value->get_ref<const std::string&>(), &bytes)) {
      return absl::InvalidArgumentError(
          base::StrCat("Secret ", name_, ": key ", key, " is not base64"));
    }
    if (bytes.empty()) {
      return absl::InvalidArgumentError(
          base::StrCat("Secret ", name_, ": key ", key, " is empty"));
    }
    return bytes;
  }

  absl::Status Copy(std::string_view key, std::string_view file,
                    SecretFiles& files) const {
    LANDWAITER_ASSIGN_OR_RETURN(std::string bytes, Get(key));
    files[std::string(file)] = std::move(bytes);
    return absl::OkStatus();
  }

  absl::Status Invalid(std::string_view what) const {
    return absl::InvalidArgumentError(
        base::StrCat("Secret ", name_, ": ", what));
  }

 private:
  const Json& secret_;
  const std::string name_;
};

// "https://host/v1/" and "host" are the same to docker.
std::string HostOfAuthKey(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  return base::ToLower(key.substr(0, key.find('/')));
}

const Json* AuthOfHost(const Json& config, const std::string& host) {
  const Json* auths = kube::Find(config, {"auths"});
  if (auths == nullptr || !auths->is_object()) return nullptr;
  for (const auto& [key, auth] : auths->items()) {
    const std::string auth_host = HostOfAuthKey(key);
    if (auth_host == host ||
        (host == "docker.io" && auth_host == "index.docker.io")) {
      return &auth;
    }
  }
  return nullptr;
}

absl::Status ReadDockerConfig(const SecretReader& secret,
                              const std::string& host, SecretFiles& files) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              secret.Get(kDockerConfigKey));
  const Json config = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const Json* auth = AuthOfHost(config, host);
  if (auth == nullptr) {
    return secret.Invalid(
        base::StrCat(kDockerConfigKey, " has no entry for ", host));
  }
  std::string username = kube::StringAt(*auth, {"username"});
  std::string password = kube::StringAt(*auth, {"password"});
  if (username.empty()) {
    std::string pair;
    if (!absl::Base64Unescape(kube::StringAt(*auth, {"auth"}), &pair)) {
      return secret.Invalid(
          base::StrCat(kDockerConfigKey, ": auth is not base64"));
    }
    const size_t colon = pair.find(':');
    if (colon == std::string::npos) {
      return secret.Invalid(
          base::StrCat(kDockerConfigKey, ": auth is not user:password"));
    }
    username = pair.substr(0, colon);
    password = pair.substr(colon + 1);
  }
  files[std::string(kUsernameFile)] = std::move(username);
  files[std::string(kPasswordFile)] = std::move(password);
  return absl::OkStatus();
}

absl::Status ReadAccount(const SecretReader& secret, const std::string& host,
                         SecretFiles& files) {
  if (secret.Has(kDockerConfigKey)) {
    return ReadDockerConfig(secret, host, files);
  }
  LANDWAITER_RETURN_IF_ERROR(secret.Copy("username", kUsernameFile, files));
  return secret.Copy("password", kPasswordFile, files);
}

absl::Status ReadClientCertificate(const SecretReader& secret,
                                   SecretFiles& files) {
  LANDWAITER_RETURN_IF_ERROR(
      secret.Copy("tls.crt", kRegistryCertificateFile, files));
  return secret.Copy("tls.key", kRegistryKeyFile, files);
}

absl::Status ReadProxyAccount(const SecretReader& secret, SecretFiles& files) {
  LANDWAITER_RETURN_IF_ERROR(
      secret.Copy("username", kProxyUsernameFile, files));
  return secret.Copy("password", kProxyPasswordFile, files);
}

}  // namespace

absl::StatusOr<Credentials> ResolveCredentials(
    const api::ImageRegistry& registry,
    absl::FunctionRef<kube::ObjectPtr(const std::string& name)> find) {
  Credentials credentials;
  const auto with_secret =
      [&](const std::string& name,
          absl::FunctionRef<absl::Status(const SecretReader&)> read) {
        if (name.empty()) return absl::OkStatus();
        const kube::ObjectPtr secret = find(name);
        if (secret == nullptr) {
          return absl::NotFoundError(base::StrCat("there is no Secret ", name));
        }
        base::StrAppend(&credentials.version, name, "=", kube::UidOf(*secret),
                        "/", kube::ResourceVersionOf(*secret), ";");
        return read(SecretReader(*secret, name));
      };
  SecretFiles& files = credentials.files;
  LANDWAITER_RETURN_IF_ERROR(
      with_secret(registry.credentials_secret, [&](const SecretReader& s) {
        return ReadAccount(s, registry.host, files);
      }));
  LANDWAITER_RETURN_IF_ERROR(
      with_secret(registry.ca_secret, [&](const SecretReader& s) {
        return s.Copy("ca.crt", kRegistryCaFile, files);
      }));
  LANDWAITER_RETURN_IF_ERROR(with_secret(
      registry.client_certificate_secret,
      [&](const SecretReader& s) { return ReadClientCertificate(s, files); }));
  LANDWAITER_RETURN_IF_ERROR(with_secret(
      registry.proxy_secret,
      [&](const SecretReader& s) { return ReadProxyAccount(s, files); }));
  for (size_t i = 0; i < registry.tokens.size(); ++i) {
    const api::TokenReference& token = registry.tokens[i];
    LANDWAITER_RETURN_IF_ERROR(
        with_secret(token.secret, [&](const SecretReader& s) {
          return s.Copy(token.key, base::StrCat(kScopedTokenPrefix, i), files);
        }));
  }
  return credentials;
}

}  // namespace landwaiter::jobs
