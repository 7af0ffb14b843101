#include "tests/support/registries/gitlab/simulator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/gitlab/registry_call.h"

namespace landwaiter::test::gitlab {
namespace {

std::string Decoded(std::string_view base64) {
  std::string text;
  absl::Base64Unescape(base::ToAbsl(base64), &text);
  return text;
}

bool Has(const AccessToken& token, std::string_view scope) {
  return std::find(token.scopes.begin(), token.scopes.end(), scope) !=
         token.scopes.end();
}

}  // namespace

Simulator::Simulator(base::Clock& clock, Content initial, const Listen& gitlab,
                     const Listen& registry)
    : content(std::move(initial)),
      clock_(clock),
      api_(content, [this](std::string_view text) { return ReadToken(text); }),
      registry_([this](const SeenRequest& r) { return AskRegistry(r); },
                registry),
      gitlab_([this](const SeenRequest& r) { return ServeGitLab(r); }, gitlab) {
  api_.set_gitlab(gitlab_.url().Origin());
  registry_location = agent::registry::cloud::HostHeader(registry_.url());
}

Answer Simulator::AskRegistry(const SeenRequest& request) {
  if (intercept_registry) {
    if (auto answer = intercept_registry(request)) return *std::move(answer);
  }
  api_.set_metadata_database(metadata_database);
  return api_.Serve(request);
}

std::string Simulator::MakeToken(Access access, absl::Duration life) {
  std::string name = base::StrCat("pull-", pulls_.size() + 1);
  pulls_[name] = {std::move(access), clock_.Now() + life};
  return name;
}

std::optional<Access> Simulator::ReadToken(std::string_view text) const {
  const auto found = pulls_.find(text);
  if (found == pulls_.end() || clock_.Now() >= found->second.expires) {
    return std::nullopt;
  }
  return found->second.access;
}

const AccessToken* Simulator::TokenOf(std::string_view text) {
  const auto found = content.tokens.find(std::string(text));
  if (found != content.tokens.end() && found->second.active) {
    return &found->second;
  }
  ++failed_logins_;
  return nullptr;
}

bool Simulator::MayRead(const AccessToken& token, std::string_view path) const {
  return token.admin || token.group.empty() || IsBelow(path, token.group);
}

Answer Simulator::ServeGitLab(const SeenRequest& request) {
  if (banned()) return {403, {}, "Forbidden\n", "text/plain"};
  if (intercept_gitlab) {
    if (auto answer = intercept_gitlab(request)) return *std::move(answer);
  }
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/jwt/auth") return ServeJwt(request);
  if (path.starts_with("/api/v4/")) return ServeRest(request, path.substr(8));
  return {404,
          {},
          "<!DOCTYPE html><html><title>404</title></html>",
          "text/html; charset=utf-8"};
}

Answer Simulator::ServeJwt(const SeenRequest& request) {
  const auto error = [](int status, const char* code, const char* message) {
    return ErrorAnswer(status, code, message);
  };
  if (!registry_enabled) {
    return error(404, "UNAVAILABLE", "registry not enabled");
  }
  const std::string header = request.Header("Authorization");
  const AccessToken* token = nullptr;
  if (header.starts_with("Basic ")) {
    const std::string login = Decoded(std::string_view(header).substr(6));
    const auto parts = base::SplitOnce(login, ':');
    token = parts && !parts->first.empty() ? TokenOf(parts->second) : nullptr;
    if (token == nullptr) {
      return error(401, "UNAUTHORIZED",
                   "HTTP Basic: Access denied. The provided password or token "
                   "is incorrect");
    }
    if (!Has(*token, "read_registry") && !Has(*token, "api")) {
      return error(403, "DENIED", "access forbidden");
    }
  }
  // What is refused of the scopes is left out without a word.
  Access access;
  const auto scope =
      agent::registry::QueryValue(request.target, "scope").value_or("");
  for (const std::string_view wanted : base::Split(scope, ' ')) {
    const size_t colon = wanted.rfind(':');
    if (token == nullptr || colon == wanted.npos) continue;
    const std::string name(wanted.substr(0, colon));
    const bool granted = name.starts_with("repository:")
                             ? MayRead(*token, name.substr(11))
                             : token->admin;
    if (granted) access.emplace_back(wanted);
  }
  return JsonAnswer(200, {{"token", MakeToken(std::move(access))}});
}

}  // namespace landwaiter::test::gitlab
