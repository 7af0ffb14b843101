#include "agent/registry/cloud/signature.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/hmac.h"
#include "core/base/hash.h"
#include "core/base/hex.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

constexpr std::string_view kHuaweiAlgorithm = "SDK-HMAC-SHA256";
constexpr std::string_view kAwsAlgorithm = "AWS4-HMAC-SHA256";
constexpr const char* kEmptyMd5 = "1B2M2Y8AsgTpgAmY7PhCfg==";  // of no body

std::string Format(const char* format, absl::Time time) {
  return absl::FormatTime(format, time, absl::UTCTimeZone());
}

std::string BasicFormat(absl::Time time) {
  return Format("%Y%m%dT%H%M%SZ", time);
}

std::string ValueOf(const http::Headers& headers, std::string_view name) {
  const std::string* value = http::FindHeader(headers, name);
  return value == nullptr ? "" : *value;
}

}  // namespace

std::string AlibabaRpcSignature(
    std::string_view method,
    const std::map<std::string, std::string>& parameters,
    std::string_view secret) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    base::StrAppend(&query, query.empty() ? "" : "&",
                    http::EscapeComponent(name), "=",
                    http::EscapeComponent(value));
  }
  return absl::Base64Escape(
      HmacSha1(base::StrCat(secret, "&"),
               base::StrCat(method, "&%2F&", http::EscapeComponent(query))));
}

std::string AlibabaRpcTarget(std::map<std::string, std::string> parameters,
                             const Credentials& key, absl::Time now,
                             std::string_view nonce) {
  parameters["AccessKeyId"] = key.username;
  parameters["Format"] = "JSON";
  parameters["SignatureMethod"] = "HMAC-SHA1";
  parameters["SignatureNonce"] = std::string(nonce);
  parameters["SignatureVersion"] = "1.0";
  parameters["Timestamp"] = Format("%Y-%m-%dT%H:%M:%SZ", now);
  const std::string signature =
      AlibabaRpcSignature("GET", parameters, key.password);
  std::string target = "/?";
  for (const auto& [name, value] : parameters) {
    base::StrAppend(&target, name, "=", http::EscapeComponent(value), "&");
  }
  return base::StrCat(target, "Signature=", http::EscapeComponent(signature));
}

std::string AlibabaRoaAuthorization(std::string_view method,
                                    std::string_view target,
                                    const http::Headers& headers,
                                    const Credentials& key) {
  std::string text = base::StrCat(method, "\n");
  for (const char* name : {"Accept", "Content-MD5", "Content-Type", "Date"}) {
    base::StrAppend(&text, ValueOf(headers, name), "\n");
  }
  std::vector<std::string> own;
  for (const auto& [name, value] : headers) {
    if (name.starts_with("x-acs-")) {
      own.push_back(base::StrCat(name, ":", value, "\n"));
    }
  }
  std::sort(own.begin(), own.end());
  for (const std::string& line : own) text += line;
  text += PathOf(target);
  char separator = '?';
  for (const auto& [name, value] : QueryParameters(target)) {
    base::StrAppend(&text, std::string(1, separator), name, "=", value);
    separator = '&';
  }
  return base::StrCat("acs ", key.username, ":",
                      absl::Base64Escape(HmacSha1(key.password, text)));
}

http::Headers AlibabaRoaHeaders(std::string_view method,
                                std::string_view target,
                                std::string_view api_version,
                                const Credentials& key, absl::Time now,
                                std::string_view nonce) {
  http::Headers headers = {
      {"Accept", "application/json"},
      {"Content-MD5", kEmptyMd5},
      {"Content-Type", "application/json"},
      {"Date", Format("%a, %d %b %Y %H:%M:%S GMT", now)},
      {"x-acs-signature-method", "HMAC-SHA1"},
      {"x-acs-signature-nonce", std::string(nonce)},
      {"x-acs-signature-version", "1.0"},
      {"x-acs-version", std::string(api_version)},
  };
  headers.emplace_back("Authorization",
                       AlibabaRoaAuthorization(method, target, headers, key));
  return headers;
}

std::string HuaweiAuthorization(std::string_view method,
                                std::string_view target,
                                const http::Headers& signed_headers,
                                std::string_view body, const Credentials& key) {
  std::string path;
  for (const std::string_view segment : base::Split(PathOf(target), '/')) {
    base::StrAppend(&path, http::EscapeComponent(http::Unescape(segment)), "/");
  }
  // The path ends in "/", whether the request's does or not.
  if (path.ends_with("//")) path.pop_back();
  const std::string request = CanonicalRequest(
      method, path, CanonicalQuery(target), signed_headers, body);
  const std::string text = base::StrCat(kHuaweiAlgorithm, "\n",
                                        ValueOf(signed_headers, "x-sdk-date"),
                                        "\n", base::Sha256Hex(request));
  return base::StrCat(
      kHuaweiAlgorithm, " Access=", key.username,
      ", SignedHeaders=", SignedNames(signed_headers),
      ", Signature=", base::HexEncode(HmacSha256(key.password, text)));
}

void SignForHuawei(std::string_view host, const Credentials& key,
                   absl::Time now, http::Request& request) {
  const std::string date = BasicFormat(now);
  const http::Headers signed_headers = {{"host", std::string(host)},
                                        {"x-sdk-date", date}};
  request.headers.emplace_back("X-Sdk-Date", date);
  request.headers.emplace_back(
      "Authorization", HuaweiAuthorization(request.method, request.target,
                                           signed_headers, request.body, key));
}

std::string AwsAuthorization(std::string_view method, std::string_view target,
                             const http::Headers& signed_headers,
                             std::string_view body, std::string_view region,
                             std::string_view service, const Credentials& key) {
  const std::string time = ValueOf(signed_headers, "x-amz-date");
  const std::string date = time.substr(0, time.find('T'));
  const std::string scope =
      base::StrCat(date, "/", region, "/", service, "/aws4_request");
  const std::string request = CanonicalRequest(
      method, PathOf(target), CanonicalQuery(target), signed_headers, body);
  const std::string text = base::StrCat(kAwsAlgorithm, "\n", time, "\n", scope,
                                        "\n", base::Sha256Hex(request));
  std::string signing_key =
      HmacSha256(base::StrCat("AWS4", key.password), date);
  for (const std::string_view part : {region, service, {"aws4_request"}}) {
    signing_key = HmacSha256(signing_key, part);
  }
  return base::StrCat(
      kAwsAlgorithm, " Credential=", key.username, "/", scope,
      ", SignedHeaders=", SignedNames(signed_headers),
      ", Signature=", base::HexEncode(HmacSha256(signing_key, text)));
}

void SignForAws(std::string_view host, std::string_view region,
                std::string_view service, const Credentials& key,
                absl::Time now, http::Request& request) {
  const std::string date = BasicFormat(now);
  http::Headers signed_headers = {{"host", std::string(host)},
                                  {"x-amz-date", date}};
  for (const auto& [name, value] : request.headers) {
    signed_headers.emplace_back(base::ToLower(name), value);
  }
  if (!request.content_type.empty()) {
    signed_headers.emplace_back("content-type", request.content_type);
  }
  std::sort(signed_headers.begin(), signed_headers.end());
  request.headers.emplace_back("X-Amz-Date", date);
  request.headers.emplace_back(
      "Authorization",
      AwsAuthorization(request.method, request.target, signed_headers,
                       request.body, region, service, key));
}

}  // namespace landwaiter::agent::registry::cloud
