#ifndef LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_FIXTURE_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::agent::registry::oci {

using test::Answer;
using test::HttpServer;
using test::SeenRequest;

inline std::vector<std::string> NamesIn(const RepositoryPage& page) {
  std::vector<std::string> names;
  for (const RepositoryEntry& entry : page.repositories) {
    names.push_back(entry.name);
  }
  return names;
}

// A registry that answers by target, with login as a test asks for it.
class OciRegistryTest : public testing::Test {
 protected:
  Answer Serve(const SeenRequest& request) {
    if (!scripted_.empty()) {
      Answer next = scripted_.front();
      scripted_.erase(scripted_.begin());
      return next;
    }
    if (request.target.starts_with("/token")) return Token(request);
    if (login_ == "bearer" && request.Header("Authorization") != bearer_) {
      return {401,
              {{"WWW-Authenticate",
                base::StrCat("Bearer realm=\"", realm_, "\",service=\"s\"")}},
              ""};
    }
    if (login_ == "basic" && request.Header("Authorization") != Basic()) {
      return {401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
    }
    const auto found = answers_.find(request.target);
    return found == answers_.end() ? Answer{404, {}, "{}"} : found->second;
  }

  Answer Token(const SeenRequest& request) {
    if (!right_password_) return {401, {}, ""};
    if (request.Header("Authorization") != Basic()) return {401, {}, ""};
    return {200, {}, token_answer_};
  }

  std::string Basic() const {
    return base::StrCat("Basic ", absl::Base64Escape("user:password"));
  }

  std::unique_ptr<Registry> Make(bool with_credentials = true) {
    Connection connection;
    connection.http.base = server_.url();
    if (with_credentials) connection.credentials = {"user", "password"};
    auto registry = NewOciRegistry(std::move(connection), clock_);
    EXPECT_TRUE(registry.ok());
    return *std::move(registry);
  }

  absl::StatusOr<std::string> Fetch(const std::string& content) {
    std::string got;
    const model::Descriptor blob{.digest = model::Digest::Of(content),
                                 .size = content.size()};
    const absl::Status status =
        Make()->FetchBlob("a/b", blob, [&](std::string_view data) {
          got.append(data);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return got;
  }

  // How often the token server was asked.
  int Logins() const {
    int logins = 0;
    for (const SeenRequest& request : server_.Seen()) {
      logins += request.target.starts_with("/token");
    }
    return logins;
  }

  std::string BlobTarget(const std::string& content) {
    return "/v2/a/b/blobs/" + model::Digest::Of(content).text();
  }

  base::FakeClock clock_;
  std::string login_ = "none";
  bool right_password_ = true;
  std::string bearer_ = "Bearer t1";
  std::string token_answer_ = R"({"token":"t1"})";
  std::map<std::string, Answer> answers_ = {
      {"/v2/", {200, {}, "{}"}},
      {"/v2/_catalog?n=1", {200, {}, R"({"repositories":["a/b"]})"}}};
  std::vector<Answer> scripted_;
  HttpServer server_{[this](const SeenRequest& r) { return Serve(r); }};
  std::string realm_ = server_.url().Origin() + "/token";
};

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_FIXTURE_H_
