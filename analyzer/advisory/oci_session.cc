#include "analyzer/advisory/oci_session.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr uint64_t kMaxAnswer = uint64_t{4} << 20;

std::string Basic(const RegistryLogin& login) {
  return base::StrCat("Basic ", absl::Base64Escape(base::StrCat(
                                    login.username, ":", login.password)));
}

// The value of `name="value"` in a challenge; empty if it has none.
std::string Parameter(std::string_view challenge, std::string_view name) {
  const std::string start = base::StrCat(name, "=\"");
  const size_t at = base::ToLower(challenge).find(start);
  if (at == std::string::npos) return "";
  challenge.remove_prefix(at + start.size());
  return std::string(challenge.substr(0, challenge.find('"')));
}

absl::Status Unauthorized(std::string_view message) {
  return base::Failure(base::FailureCode::kUnauthorized, message);
}

// A file that a body is written to; removed unless it was whole.
class Sink {
 public:
  Sink(const std::string& path, uint64_t size)
      : path_(path),
        left_(size),
        out_(path, std::ios::binary | std::ios::trunc) {}
  ~Sink() {
    std::error_code ignored;
    if (!whole_) std::filesystem::remove(path_, ignored);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  absl::Status Take(std::string_view data) {
    if (data.size() > left_) {
      return base::Failure(base::FailureCode::kDigestMismatch,
                           "the blob is larger than its manifest says");
    }
    left_ -= data.size();
    hash_.Update(data);
    out_.write(data.data(), static_cast<std::streamsize>(data.size()));
    return out_ ? absl::OkStatus() : CannotWrite();
  }
  absl::StatusOr<std::string> Finish() {
    if (!out_.flush()) return CannotWrite();
    if (left_ > 0) {
      return base::Failure(base::FailureCode::kDigestMismatch,
                           "the blob is smaller than its manifest says");
    }
    whole_ = true;
    return hash_.FinishHex();
  }

 private:
  absl::Status CannotWrite() const {
    return absl::ResourceExhaustedError(
        base::StrCat(path_, " cannot be written"));
  }
  const std::string path_;
  uint64_t left_;
  std::ofstream out_;
  base::Sha256 hash_;
  bool whole_ = false;
};

}  // namespace

absl::StatusOr<OciSession> OciSession::Open(const ArtifactReference& reference,
                                            std::string_view actions,
                                            const ArtifactOptions& options) {
  OciSession session;
  session.reference_ = reference;
  session.actions_ = actions;
  session.options_ = options;
  LANDWAITER_ASSIGN_OR_RETURN(
      session.origin_,
      http::Url::Parse(base::StrCat(options.plain_http ? "http" : "https",
                                    "://", reference.host, "/")));
  LANDWAITER_ASSIGN_OR_RETURN(session.client_,
                              session.NewClient(session.origin_));
  // Settles the login, before a body is on its way.
  http::Request ping;
  ping.target = "/v2/";
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response answer, session.Send(ping));
  if (answer.status == 200) return session;
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat(reference.host, " answered ", answer.status,
                                    ": is it a registry?"));
}

std::string OciSession::Target(std::string_view rest) const {
  return base::StrCat("/v2/", reference_.repository, "/", rest);
}

absl::StatusOr<std::unique_ptr<http::Client>> OciSession::NewClient(
    const http::Url& origin) const {
  http::ClientOptions options;
  options.base = origin;
  options.base.target = "/";
  options.tls = options_.tls;
  options.proxy = options_.proxy;
  return http::NewClient(options);
}

absl::StatusOr<http::Response> OciSession::Send(http::Request request) {
  const http::Headers own = request.headers;
  for (int tries = 0;; ++tries) {
    request.headers = own;
    if (!authorization_.empty()) {
      request.headers.emplace_back("Authorization", authorization_);
    }
    LANDWAITER_ASSIGN_OR_RETURN(
        http::Response response,
        client_->Send(request, kMaxAnswer, options_.deadline));
    if (response.status != 401 || tries == 2) {
      if (response.status != 401 && response.status != 403) return response;
      return Unauthorized(base::StrCat(
          reference_.host, " does not let this account ",
          actions_ == "pull" ? "read" : "write", " ", reference_.repository));
    }
    LANDWAITER_RETURN_IF_ERROR(LogIn(response));
  }
}

absl::Status OciSession::LogIn(const http::Response& refused) {
  for (const auto& [name, value] : refused.headers) {
    if (!base::EqualsIgnoreCase(name, "WWW-Authenticate")) continue;
    const std::string_view scheme =
        std::string_view(value).substr(0, value.find(' '));
    if (base::EqualsIgnoreCase(scheme, "Bearer")) return GetToken(value);
    if (base::EqualsIgnoreCase(scheme, "Basic") &&
        !options_.login.username.empty()) {
      authorization_ = Basic(options_.login);
      return absl::OkStatus();
    }
  }
  return Unauthorized(base::StrCat(
      reference_.host, " wants a login, and none is configured for it"));
}

absl::Status OciSession::GetToken(std::string_view challenge) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url realm,
                              http::Url::Parse(Parameter(challenge, "realm")));
  if (origin_.scheme == "https" && realm.scheme != "https") {
    return Unauthorized("the registry sends to a token server without TLS");
  }
  http::Request request;
  request.target = base::StrCat(
      realm.target, base::Contains(realm.target, "?") ? "&" : "?",
      "service=", http::EscapeComponent(Parameter(challenge, "service")),
      "&scope=",
      http::EscapeComponent(
          base::StrCat("repository:", reference_.repository, ":", actions_)));
  if (!options_.login.username.empty()) {
    request.headers.emplace_back("Authorization", Basic(options_.login));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const auto client, NewClient(realm));
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              client->Send(request, kMaxAnswer));
  if (response.status != 200) {
    return Unauthorized(base::StrCat("the token server of ", reference_.host,
                                     " answered ", response.status));
  }
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  for (const char* key : {"token", "access_token"}) {
    if (!json.is_object() || !json.contains(key)) continue;
    if (!json[key].is_string()) continue;
    authorization_ = base::StrCat("Bearer ", json[key].get<std::string>());
    return absl::OkStatus();
  }
  return Unauthorized("the token server gave no token");
}

absl::StatusOr<std::string> OciSession::Download(const std::string& target,
                                                 uint64_t size,
                                                 const std::string& path) {
  Sink sink(path, size);
  LANDWAITER_ASSIGN_OR_RETURN(http::Url url, origin_.Resolve(target));
  http::Headers headers;
  if (!authorization_.empty()) {
    headers.emplace_back("Authorization", authorization_);
  }
  for (int hops = 0; hops <= http::kMaxRedirects; ++hops) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto client, NewClient(url));
    http::Request request;
    request.target = url.target;
    request.headers = headers;
    std::optional<http::Url> redirect;
    LANDWAITER_RETURN_IF_ERROR(client->Stream(
        request,
        [&](const http::Response& head) -> absl::Status {
          if (http::IsRedirect(head)) {
            LANDWAITER_ASSIGN_OR_RETURN(redirect,
                                        http::RedirectTarget(url, head));
            return absl::OkStatus();
          }
          if (head.status == 200) return absl::OkStatus();
          return base::Failure(
              base::FailureCode::kNetworkError,
              base::StrCat(url.host, " answered ", head.status));
        },
        [&](std::string_view data) {
          return redirect ? absl::OkStatus() : sink.Take(data);
        },
        options_.deadline));
    if (!redirect) return sink.Finish();
    headers = http::HeadersForRedirect(headers, url, *redirect);
    url = *redirect;
  }
  return base::Failure(base::FailureCode::kNetworkError,
                       "there are too many redirects", "Redirect");
}

}  // namespace landwaiter::analyzer::advisory
