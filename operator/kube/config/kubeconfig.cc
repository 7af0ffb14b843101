#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "operator/kube/config/config.h"
#include "operator/kube/config/exec_plugin.h"
#include "operator/kube/config/file.h"
#include "operator/kube/config/yaml_field.h"

namespace landwaiter::kube {
namespace {

constexpr size_t kMaxKubeconfig = 1 << 20;

// Reads one kubeconfig; what its parts share.
class Reader {
 public:
  Reader(YamlField root, const KubeconfigOptions& options, base::Clock* clock)
      : root_(std::move(root)), options_(options), clock_(clock) {}

  absl::StatusOr<ClusterConfig> Read() const {
    LANDWAITER_ASSIGN_OR_RETURN(YamlField context, FindContext());
    ClusterConfig config;
    LANDWAITER_ASSIGN_OR_RETURN(config.ns, context.Child("namespace").Text());
    LANDWAITER_ASSIGN_OR_RETURN(
        YamlField cluster,
        FindNamed("clusters", "cluster", context.Child("cluster")));
    LANDWAITER_RETURN_IF_ERROR(ReadCluster(cluster, config));
    if (context.Child("user").Absent()) return config;
    LANDWAITER_ASSIGN_OR_RETURN(
        YamlField user, FindNamed("users", "user", context.Child("user")));
    LANDWAITER_RETURN_IF_ERROR(ReadUser(user, config));
    return config;
  }

 private:
  absl::StatusOr<YamlField> FindContext() const {
    const YamlField current = root_.Child("current-context");
    LANDWAITER_ASSIGN_OR_RETURN(std::string name, current.Text());
    if (!options_.context.empty()) name = options_.context;
    if (name.empty()) return current.Error("is empty; name a context");
    return FindByName("contexts", "context", name, current);
  }

  absl::StatusOr<YamlField> FindNamed(const std::string& list,
                                      const std::string& content,
                                      const YamlField& reference) const {
    LANDWAITER_ASSIGN_OR_RETURN(std::string name, reference.Text());
    return FindByName(list, content, name, reference);
  }

  // The `content` of the item of that name. `reference` is what named it.
  absl::StatusOr<YamlField> FindByName(const std::string& list,
                                       const std::string& content,
                                       const std::string& name,
                                       const YamlField& reference) const {
    LANDWAITER_ASSIGN_OR_RETURN(std::vector<YamlField> items,
                                root_.Child(list).Items());
    for (const YamlField& item : items) {
      LANDWAITER_ASSIGN_OR_RETURN(std::string item_name,
                                  item.Child("name").Text());
      if (item_name == name) return item.Child(content);
    }
    return reference.Error(
        absl::StrCat("there is nothing named \"", name, "\" in ", list));
  }

  absl::Status ReadCluster(const YamlField& cluster,
                           ClusterConfig& config) const {
    const YamlField server = cluster.Child("server");
    LANDWAITER_ASSIGN_OR_RETURN(std::string url, server.Text());
    absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
    if (!parsed.ok()) return server.Error(Message(parsed.status()));
    config.server = *std::move(parsed);
    if (options_.trust == KubeconfigTrust::kForeign &&
        config.server.scheme != "https") {
      return server.Error("is refused: credentials go over https alone");
    }
    // The target is put before each request's own, which begins with a slash.
    while (config.server.target.ends_with('/')) config.server.target.pop_back();
    LANDWAITER_ASSIGN_OR_RETURN(config.tls.ca_pem,
                                Material(cluster, "certificate-authority"));
    LANDWAITER_ASSIGN_OR_RETURN(config.tls.server_name,
                                cluster.Child("tls-server-name").Text());
    LANDWAITER_ASSIGN_OR_RETURN(
        config.tls.insecure_skip_verify,
        cluster.Child("insecure-skip-tls-verify").Flag());
    if (options_.trust == KubeconfigTrust::kForeign &&
        config.tls.insecure_skip_verify) {
      return cluster.Child("insecure-skip-tls-verify")
          .Error("is refused: give certificate-authority-data");
    }
    return ReadProxy(cluster.Child("proxy-url"), config.proxy);
  }

  static absl::Status ReadProxy(const YamlField& field,
                                http::ProxyOptions& proxy) {
    LANDWAITER_ASSIGN_OR_RETURN(std::string url, field.Text());
    if (url.empty()) return absl::OkStatus();
    // http://user:password@host: the URL itself may hold no secret.
    const size_t scheme = url.find("://");
    const size_t at = url.rfind('@');
    if (scheme != std::string::npos && at != std::string::npos) {
      const std::string user_info = url.substr(scheme + 3, at - scheme - 3);
      url.erase(scheme + 3, at - scheme - 2);
      const size_t colon = user_info.find(':');
      proxy.username = user_info.substr(0, colon);
      if (colon != std::string::npos) {
        proxy.password = user_info.substr(colon + 1);
      }
    }
    absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
    if (!parsed.ok() || parsed->scheme != "http") {
      return field.Error("is not the URL of an http proxy");
    }
    proxy.url = std::move(url);
    return absl::OkStatus();
  }

  absl::Status ReadUser(const YamlField& user, ClusterConfig& config) const {
    LANDWAITER_RETURN_IF_ERROR(RefuseUnsupported(user));
    LANDWAITER_ASSIGN_OR_RETURN(config.tls.client_certificate_pem,
                                Material(user, "client-certificate"));
    LANDWAITER_ASSIGN_OR_RETURN(config.tls.client_key_pem,
                                Material(user, "client-key"));
    if (config.tls.client_certificate_pem.empty() !=
        config.tls.client_key_pem.empty()) {
      return user.Error("has one of client certificate and client key only");
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::string token, user.Child("token").Text());
    if (!token.empty()) config.token = std::make_shared<StaticToken>(token);
    const YamlField token_file = user.Child("tokenFile");
    LANDWAITER_ASSIGN_OR_RETURN(std::string path, OwnPath(token_file));
    if (!path.empty()) {
      config.token = std::make_shared<FileToken>(path, clock_);
      absl::Status status = config.token->Token().status();
      if (!status.ok()) return token_file.Error(Message(status));
    }
    return ReadExec(user.Child("exec"), config);
  }

  static absl::Status RefuseUnsupported(const YamlField& user) {
    for (const char* name : {"auth-provider", "username", "password", "as",
                             "as-uid", "as-groups", "as-user-extra"}) {
      const YamlField field = user.Child(name);
      if (!field.Absent()) return field.Error("is not supported");
    }
    return absl::OkStatus();
  }

  absl::Status ReadExec(const YamlField& exec, ClusterConfig& config) const {
    if (exec.Absent()) return absl::OkStatus();
    if (options_.trust == KubeconfigTrust::kForeign) {
      return exec.Error("is refused: this kubeconfig may run no program");
    }
    LANDWAITER_ASSIGN_OR_RETURN(ExecPlugin plugin, ReadPlugin(exec));
    auto ask = [plugin]() -> absl::StatusOr<ExecCredential> {
      LANDWAITER_ASSIGN_OR_RETURN(std::string answer, RunExecPlugin(plugin));
      return ParseExecCredential(answer);
    };
    absl::StatusOr<ExecCredential> first = ask();
    if (!first.ok()) return base::WithContext(first.status(), exec.path());
    if (!first->client_certificate_pem.empty()) {
      config.tls.client_certificate_pem = first->client_certificate_pem;
      config.tls.client_key_pem = first->client_key_pem;
    }
    if (!first->token.empty()) {
      config.token =
          std::make_shared<ExecToken>(ask, *std::move(first), clock_);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ExecPlugin> ReadPlugin(const YamlField& exec) const {
    ExecPlugin plugin;
    LANDWAITER_ASSIGN_OR_RETURN(plugin.api_version,
                                exec.Child("apiVersion").Text());
    LANDWAITER_ASSIGN_OR_RETURN(plugin.command, exec.Child("command").Text());
    if (plugin.command.empty()) return exec.Child("command").Error("is empty");
    // As everywhere: with a slash it is a path, relative to the file.
    if (plugin.command.find('/') != std::string::npos) {
      plugin.command = Absolute(plugin.command);
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::string mode,
                                exec.Child("interactiveMode").Text());
    if (mode == "Always") {
      return exec.Child("interactiveMode").Error("there is no terminal here");
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::vector<YamlField> arguments,
                                exec.Child("args").Items());
    for (const YamlField& argument : arguments) {
      LANDWAITER_ASSIGN_OR_RETURN(std::string text, argument.Text());
      plugin.arguments.push_back(std::move(text));
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::vector<YamlField> variables,
                                exec.Child("env").Items());
    for (const YamlField& variable : variables) {
      LANDWAITER_ASSIGN_OR_RETURN(std::string name,
                                  variable.Child("name").Text());
      LANDWAITER_ASSIGN_OR_RETURN(std::string value,
                                  variable.Child("value").Text());
      plugin.environment.push_back({std::move(name), std::move(value)});
    }
    return plugin;
  }

  // PEM from "`name`-data", or from the file that `name` is the path of.
  absl::StatusOr<std::string> Material(const YamlField& parent,
                                       const std::string& name) const {
    const YamlField file = parent.Child(name);
    LANDWAITER_ASSIGN_OR_RETURN(std::string path, OwnPath(file));
    const YamlField data = parent.Child(name + "-data");
    LANDWAITER_ASSIGN_OR_RETURN(std::string encoded, data.Text());
    if (!encoded.empty()) {
      std::string pem;
      if (!absl::Base64Unescape(encoded, &pem)) {
        return data.Error("is not base64");
      }
      return pem;
    }
    if (path.empty()) return std::string();
    absl::StatusOr<std::string> pem = ReadSmallFile(path);
    if (!pem.ok()) return file.Error(Message(pem.status()));
    return pem;
  }

  // The path that a field holds; refused in a kubeconfig of someone else.
  absl::StatusOr<std::string> OwnPath(const YamlField& field) const {
    LANDWAITER_ASSIGN_OR_RETURN(std::string path, field.Text());
    if (path.empty()) return path;
    if (options_.trust == KubeconfigTrust::kForeign) {
      return field.Error("is refused: this kubeconfig may name no file");
    }
    return Absolute(path);
  }

  std::string Absolute(const std::string& path) const {
    return path.starts_with('/') ? path
                                 : absl::StrCat(options_.directory, "/", path);
  }

  static std::string Message(const absl::Status& status) {
    return std::string(status.message());
  }

  const YamlField root_;
  const KubeconfigOptions& options_;
  base::Clock* const clock_;
};

}  // namespace

absl::StatusOr<ClusterConfig> ParseKubeconfig(std::string_view yaml,
                                              const KubeconfigOptions& options,
                                              base::Clock* clock) {
  if (yaml.size() > kMaxKubeconfig) {
    return absl::InvalidArgumentError("the kubeconfig is too large");
  }
  LANDWAITER_ASSIGN_OR_RETURN(YamlField root, YamlField::Parse(yaml));
  return Reader(std::move(root), options, clock).Read();
}

}  // namespace landwaiter::kube
