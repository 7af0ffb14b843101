#include "tests/support/registries/quay/answers.h"

#include <atomic>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "core/model/digest.h"

namespace landwaiter::test::quay {
namespace {

using Json = nlohmann::json;

std::string CheckOf(const std::string& text) {
  return model::Digest::Of(text).text().substr(7, 16);
}

}  // namespace

Answer JsonAnswer(const Json& body, int status) {
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer Page(int status, const std::string& html) {
  return {.status = status,
          .headers = {},
          .body = html,
          .content_type = "text/html; charset=utf-8"};
}

Answer ApiError(const std::string& host, const std::string& type,
                const std::string& message) {
  int status = 400;
  std::string text = message;
  if (type == "invalid_token") {
    status = 401;
    text = "Requires authentication";
  } else if (type == "insufficient_scope") {
    status = 403;
    text = "Unauthorized";
  } else if (type == "not_found") {
    status = 404;
    text = "Not Found";
  }
  return JsonAnswer(
      {{"detail", text},
       {"error_message", text},
       {"error_type", type},
       {"title", type},
       {"type", base::StrCat("http://", host, "/api/v1/error/", type)},
       {"status", status}},
      status);
}

Answer MessageError(int status, const std::string& message) {
  return JsonAnswer({{"message", message}}, status);
}

Answer PlainError(int status, const std::string& error) {
  return Page(status, Json{{"error", error}}.dump());
}

Answer RegistryError(int status, const std::string& code,
                     const std::string& message) {
  return JsonAnswer(
      {{"errors",
        {{{"code", code}, {"detail", Json::object()}, {"message", message}}}}},
      status);
}

Answer Challenge(Answer answer, const std::string& host,
                 const std::string& repository) {
  std::string value = base::StrCat("Bearer realm=\"http://", host,
                                   "/v2/auth\",service=\"", host, "\"");
  if (!repository.empty()) {
    base::StrAppend(&value, ",scope=\"repository:", repository, ":pull\"");
  }
  answer.headers.emplace_back("WWW-Authenticate", value);
  answer.headers.emplace_back("Docker-Distribution-API-Version",
                              "registry/2.0");
  return answer;
}

std::string NextPage(const std::string& bound_to, size_t offset) {
  static std::atomic<int> made{0};  // no two are the same
  const std::string text = base::StrCat(bound_to, "\n", offset, "\n", ++made);
  return absl::WebSafeBase64Escape(base::StrCat(text, "\n", CheckOf(text))) +
         "==";
}

PagePosition ReadNextPage(const std::string& token,
                          const std::string& bound_to) {
  if (token.empty()) return {};
  std::string text;
  if (!token.ends_with("==") ||
      !absl::WebSafeBase64Unescape(token.substr(0, token.size() - 2), &text)) {
    return {.broken = true};
  }
  const size_t check = text.rfind('\n');
  if (check == text.npos ||
      CheckOf(text.substr(0, check)) != text.substr(check + 1)) {
    return {.broken = true};
  }
  text.resize(text.rfind('\n', check - 1));
  const size_t offset = text.rfind('\n');
  if (text.substr(0, offset) != bound_to) return {.strange = true};
  return {.offset = std::stoul(text.substr(offset + 1))};
}

}  // namespace landwaiter::test::quay
