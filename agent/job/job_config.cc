#include "agent/job/job_config.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/address_policy.h"

namespace landwaiter::agent::job {
namespace {

constexpr std::streamsize kMaxFile = 1 << 20;

// A file's content byte for byte; nullopt if there is none.
absl::StatusOr<std::optional<std::string>> ReadFile(
    const std::string& directory, const std::string& name) {
  std::ifstream file(directory + "/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  std::string content(kMaxFile + 1, '\0');
  file.read(content.data(), kMaxFile + 1);
  if (file.gcount() > kMaxFile) {
    return absl::InvalidArgumentError(
        base::StrCat(name, " has more than ", kMaxFile, " bytes"));
  }
  content.resize(file.gcount());
  return content;
}

absl::StatusOr<std::string> OptionalFile(const std::string& directory,
                                         const std::string& name) {
  LANDWAITER_ASSIGN_OR_RETURN(auto content, ReadFile(directory, name));
  return content.value_or("");
}

absl::StatusOr<std::string> RequiredFile(const std::string& directory,
                                         const std::string& name) {
  LANDWAITER_ASSIGN_OR_RETURN(auto content, ReadFile(directory, name));
  if (content) return *std::move(content);
  return absl::InvalidArgumentError(
      base::StrCat(directory, " has no file ", name));
}

// Objects of job.json by key; missing keys are empty.
class Reader {
 public:
  explicit Reader(const nlohmann::json& object) : object_(object) {}

  std::string Text(const char* key) const {
    const auto found = object_.find(key);
    return found != object_.end() && found->is_string()
               ? found->get<std::string>()
               : std::string();
  }
  absl::StatusOr<std::string> RequiredText(const char* key) const {
    std::string text = Text(key);
    if (!text.empty()) return text;
    return absl::InvalidArgumentError(
        base::StrCat("job.json lacks the text ", key));
  }
  bool True(const char* key) const {
    const auto found = object_.find(key);
    return found != object_.end() && found->is_boolean() && found->get<bool>();
  }
  uint16_t Port(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end() || !found->is_number_unsigned()) return 0;
    const auto number = found->get<uint64_t>();
    return number <= 65535 ? static_cast<uint16_t>(number) : 0;
  }
  // INVALID_ARGUMENT if it is there and no list of texts.
  absl::StatusOr<std::vector<std::string>> Texts(const char* key) const {
    std::vector<std::string> texts;
    const auto found = object_.find(key);
    if (found == object_.end()) return texts;
    bool good = found->is_array();
    for (const auto& item : *found) {
      good = good && item.is_string();
      if (good) texts.push_back(item.get<std::string>());
    }
    if (good) return texts;
    return absl::InvalidArgumentError(
        base::StrCat("job.json: ", key, " is not a list of texts"));
  }
  nlohmann::json List(const char* key) const {
    const auto found = object_.find(key);
    return found != object_.end() && found->is_array()
               ? *found
               : nlohmann::json::array();
  }
  nlohmann::json Object(const char* key) const {
    const auto found = object_.find(key);
    return found != object_.end() && found->is_object()
               ? *found
               : nlohmann::json::object();
  }

 private:
  const nlohmann::json& object_;
};

absl::Status ReadSecrets(const std::string& directory,
                         registry::Connection& connection) {
  http::TlsOptions& tls = connection.http.tls;
  const auto read = [&](const char* name, std::string& into) -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(into, OptionalFile(directory, name));
    return absl::OkStatus();
  };
  LANDWAITER_RETURN_IF_ERROR(read("username", connection.credentials.username));
  LANDWAITER_RETURN_IF_ERROR(read("password", connection.credentials.password));
  LANDWAITER_RETURN_IF_ERROR(read("registry-ca.crt", tls.ca_pem));
  LANDWAITER_RETURN_IF_ERROR(
      read("registry-client.crt", tls.client_certificate_pem));
  LANDWAITER_RETURN_IF_ERROR(read("registry-client.key", tls.client_key_pem));
  LANDWAITER_RETURN_IF_ERROR(
      read("proxy-username", connection.http.proxy.username));
  return read("proxy-password", connection.http.proxy.password);
}

// "token-0": a name, so that no other file can be meant.
bool IsTokenFile(const std::string& file) {
  constexpr std::string_view kPrefix = "token-";
  return file.starts_with(kPrefix) && file.size() > kPrefix.size() &&
         file.find_first_not_of("0123456789", kPrefix.size()) ==
             std::string::npos;
}

absl::Status ReadTokens(const std::string& directory, const Reader& registry,
                        registry::Connection& connection) {
  for (const nlohmann::json& entry : registry.List("tokens")) {
    const Reader token(entry);
    LANDWAITER_ASSIGN_OR_RETURN(std::string name, token.RequiredText("name"));
    LANDWAITER_ASSIGN_OR_RETURN(const std::string file,
                                token.RequiredText("file"));
    if (!IsTokenFile(file)) {
      return absl::InvalidArgumentError(
          base::StrCat("registry.tokens: the file of ", base::Printable(name),
                       " is none of token-0, token-1, ..."));
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::string value,
                                RequiredFile(directory, file));
    connection.tokens.push_back({std::move(name), std::move(value)});
  }
  return absl::OkStatus();
}

void ReadProxy(const Reader& reader, http::ProxyOptions& options) {
  const nlohmann::json proxy = reader.Object("proxy");
  options.url = Reader(proxy).Text("url");
  options.no_proxy = Reader(proxy).Text("noProxy");
}

absl::Status ReadAddressPolicy(const Reader& root,
                               registry::Connection& connection) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> allowed,
                              root.Texts("allowedAddresses"));
  LANDWAITER_ASSIGN_OR_RETURN(
      connection.http.address_policy,
      http::NewAddressPolicy(allowed,
                             "agent.allowedAddresses in the operator's "
                             "configuration"));
  return absl::OkStatus();
}

absl::StatusOr<nlohmann::json> ReadJobJson(const std::string& directory) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              RequiredFile(directory, "job.json"));
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_object()) return json;
  return absl::InvalidArgumentError("job.json is not a JSON object");
}

absl::Status ReadRegistry(const nlohmann::json& json, JobConfig& config) {
  const Reader registry(json);
  config.registry_name = registry.Text("name");
  LANDWAITER_ASSIGN_OR_RETURN(config.registry_type,
                              registry.RequiredText("type"));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string url,
                              registry.RequiredText("url"));
  http::ClientOptions& http = config.connection.http;
  auto base = http::Url::Parse(url);
  if (!base.ok()) return base::WithContext(base.status(), "registry.url");
  http.base = *std::move(base);
  http.user_agent = "landwaiter-agent";
  http.tls.insecure_skip_verify = registry.True("insecureSkipVerify");
  const nlohmann::json connect = registry.Object("connect");
  http.connect_ip = Reader(connect).Text("ip");
  http.connect_port = Reader(connect).Port("port");
  ReadProxy(registry, http.proxy);
  config.connection.version = registry.Text("version");
  config.connection.region = registry.Text("region");
  config.connection.private_network = registry.Text("network") == "VPC";
  // At most one of these is there.
  for (const char* type : {"acr", "swr"}) {
    const nlohmann::json block = registry.Object(type);
    const std::string edition = Reader(block).Text("edition");
    if (edition.empty()) continue;
    config.connection.edition = edition;
    config.connection.instance_id = Reader(block).Text("instanceId");
  }
  const nlohmann::json google = registry.Object("google");
  config.connection.google_project = Reader(google).Text("project");
  return absl::OkStatus();
}

absl::StatusOr<UploadedComponent> ReadComponent(const nlohmann::json& json) {
  const Reader reader(json);
  UploadedComponent component;
  LANDWAITER_ASSIGN_OR_RETURN(component.repository,
                              reader.RequiredText("repository"));
  LANDWAITER_ASSIGN_OR_RETURN(component.tag, reader.RequiredText("tag"));
  LANDWAITER_ASSIGN_OR_RETURN(component.version,
                              reader.RequiredText("version"));
  LANDWAITER_ASSIGN_OR_RETURN(component.config_digests,
                              reader.Texts("configDigests"));
  return component;
}

}  // namespace

absl::StatusOr<JobConfig> ReadJobConfig(const std::string& directory,
                                        JobKind kind) {
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              ReadJobJson(directory));
  const Reader root(json);
  JobConfig config;
  const nlohmann::json registry = root.Object("registry");
  LANDWAITER_RETURN_IF_ERROR(ReadRegistry(registry, config));
  LANDWAITER_RETURN_IF_ERROR(ReadSecrets(directory, config.connection));
  LANDWAITER_RETURN_IF_ERROR(
      ReadTokens(directory, Reader(registry), config.connection));
  LANDWAITER_RETURN_IF_ERROR(ReadAddressPolicy(root, config.connection));
  LANDWAITER_ASSIGN_OR_RETURN(config.spill_directory,
                              root.RequiredText("spillDirectory"));
  if (kind == JobKind::kVerify) {
    if (!json.contains("component")) return config;
    LANDWAITER_ASSIGN_OR_RETURN(config.component,
                                ReadComponent(root.Object("component")));
    return config;
  }
  const nlohmann::json analyzer = root.Object("analyzer");
  LANDWAITER_ASSIGN_OR_RETURN(config.analyzer_address,
                              Reader(analyzer).RequiredText("address"));
  config.analyzer_server_name = Reader(analyzer).Text("serverName");
  LANDWAITER_ASSIGN_OR_RETURN(config.analyzer_ca_pem,
                              RequiredFile(directory, "analyzer-ca.crt"));
  LANDWAITER_ASSIGN_OR_RETURN(config.token, RequiredFile(directory, "token"));
  return config;
}

absl::StatusOr<AccountConfig> ReadAccountConfig(const std::string& directory) {
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              ReadJobJson(directory));
  const Reader root(json);
  const nlohmann::json object = root.Object("account");
  const Reader account(object);
  AccountConfig config;
  config.name = account.Text("name");
  LANDWAITER_ASSIGN_OR_RETURN(config.provider,
                              account.RequiredText("provider"));
  LANDWAITER_ASSIGN_OR_RETURN(config.regions, account.Texts("regions"));
  config.connection.http.user_agent = "landwaiter-agent";
  ReadProxy(account, config.connection.http.proxy);
  LANDWAITER_RETURN_IF_ERROR(ReadSecrets(directory, config.connection));
  LANDWAITER_RETURN_IF_ERROR(ReadAddressPolicy(root, config.connection));
  return config;
}

}  // namespace landwaiter::agent::job
