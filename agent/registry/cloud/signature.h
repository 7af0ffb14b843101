#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_SIGNATURE_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_SIGNATURE_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::cloud {

// How requests to the clouds' APIs are signed with an access key, whose id is
// Credentials::username and whose secret is password. Nothing here knows the
// time or makes a nonce. tests: signature_test.cc, with published examples.

// Alibaba Cloud, RPC APIs (signature version 1.0, HMAC-SHA1): base64 of the
// signature over all of a request's parameters.
// https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
std::string AlibabaRpcSignature(
    std::string_view method,
    const std::map<std::string, std::string>& parameters,
    std::string_view secret);
// The target of a GET: `parameters`, those that are common to all calls, and
// the signature.
std::string AlibabaRpcTarget(std::map<std::string, std::string> parameters,
                             const Credentials& key, absl::Time now,
                             std::string_view nonce);

// Alibaba Cloud, ROA APIs (HMAC-SHA1): the value of Authorization for a
// request with exactly these headers of its own.
// https://www.alibabacloud.com/help/en/sdk/product-overview/roa-mechanism
std::string AlibabaRoaAuthorization(std::string_view method,
                                    std::string_view target,
                                    const http::Headers& headers,
                                    const Credentials& key);
// The headers of a request without a body, Authorization among them.
http::Headers AlibabaRoaHeaders(std::string_view method,
                                std::string_view target,
                                std::string_view api_version,
                                const Credentials& key, absl::Time now,
                                std::string_view nonce);

// Huawei Cloud (SDK-HMAC-SHA256): the value of Authorization.
// `signed_headers`: lower-case names, sorted; x-sdk-date is among them.
// https://support.huaweicloud.com/intl/en-us/devg-apisign
std::string HuaweiAuthorization(std::string_view method,
                                std::string_view target,
                                const http::Headers& signed_headers,
                                std::string_view body, const Credentials& key);
// Adds X-Sdk-Date and Authorization to a request to `host`.
void SignForHuawei(std::string_view host, const Credentials& key,
                   absl::Time now, http::Request& request);

// AWS signature version 4: the value of Authorization. `signed_headers` as
// above; x-amz-date is among them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
std::string AwsAuthorization(std::string_view method, std::string_view target,
                             const http::Headers& signed_headers,
                             std::string_view body, std::string_view region,
                             std::string_view service, const Credentials& key);
// Adds X-Amz-Date and Authorization to a request to `host`; its other headers
// are signed too.
void SignForAws(std::string_view host, std::string_view region,
                std::string_view service, const Credentials& key,
                absl::Time now, http::Request& request);

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_SIGNATURE_H_
