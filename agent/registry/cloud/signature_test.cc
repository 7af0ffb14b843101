#include "agent/registry/cloud/signature.h"

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/hmac.h"
#include "core/base/hex.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::cloud {
namespace {

// RFC 2202 and RFC 4231, test case 2.
TEST(HmacTest, AsTheStandardsHaveIt) {
  constexpr std::string_view kMessage = "what do ya want for nothing?";
  EXPECT_EQ(base::HexEncode(HmacSha1("Jefe", kMessage)),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(base::HexEncode(HmacSha256("Jefe", kMessage)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// The example of Alibaba's documentation of the signature (DescribeRegions
// with testid and testsecret).
TEST(AlibabaSignatureTest, RpcAsInThePublishedExample) {
  EXPECT_EQ(AlibabaRpcSignature(
                "GET",
                {{"AccessKeyId", "testid"},
                 {"Action", "DescribeRegions"},
                 {"Format", "XML"},
                 {"SignatureMethod", "HMAC-SHA1"},
                 {"SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"},
                 {"SignatureVersion", "1.0"},
                 {"Timestamp", "2016-02-23T12:46:24Z"},
                 {"Version", "2014-05-26"}},
                "testsecret"),
            "OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
}

TEST(AlibabaSignatureTest, RpcTargetCarriesTheSignatureOfItsParameters) {
  const std::string target =
      AlibabaRpcTarget({{"Action", "ListInstance"}}, {"id", "secret"},
                       absl::FromUnixSeconds(1456231584), "n/1");
  auto parameters = QueryParameters(target);
  std::map<std::string, std::string> without;
  std::string signature;
  for (auto& [name, value] : parameters) {
    (name == "Signature" ? signature : without[name]) = value;
  }
  EXPECT_EQ(without["Timestamp"], "2016-02-23T12:46:24Z");
  EXPECT_EQ(without["SignatureNonce"], "n/1");
  EXPECT_EQ(signature, AlibabaRpcSignature("GET", without, "secret"));
}

// The expectation of a test of Alibaba's SDK for Go (roa_signature_composer).
TEST(AlibabaSignatureTest, RoaAsTheVendorsOwnSdk) {
  EXPECT_EQ(
      AlibabaRoaAuthorization("GET", "/users/:user",
                              {{"Accept", "application/json"},
                               {"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="},
                               {"Content-Type", "application/octet-stream"},
                               {"Date", "mock date"},
                               {"x-acs-version", ""},
                               {"x-acs-signature-version", "1.0"},
                               {"x-acs-signature-method", "HMAC-SHA1"}},
                              {"accessKeyId", "accessKeySecret"}),
      "acs accessKeyId:degLHXLEN6rMojj+bOlK74U9iic=");
}

TEST(AlibabaSignatureTest, RoaSignsTheQuerySortedAndUnescaped) {
  const Credentials key{"id", "secret"};
  const auto sign = [&](std::string_view target) {
    return AlibabaRoaAuthorization("GET", target, {}, key);
  };
  EXPECT_EQ(sign("/repos?b=2&a=x%2Fy"), sign("/repos?a=x/y&b=2"));
  EXPECT_NE(sign("/repos?a=1"), sign("/repos?a=2"));
}

// The expectation of a test of Huawei's Terraform provider (signer_test.go).
TEST(HuaweiSignatureTest, AsTheVendorsOwnCode) {
  EXPECT_EQ(HuaweiAuthorization("GET", "/path?limit=1",
                                {{"x-sdk-date", "20060102T150405Z"}}, "",
                                {"AccessKey", "SecretKey"}),
            "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, "
            "Signature="
            "5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624");
  // Its body is what that code hashes for any object.
  EXPECT_EQ(HuaweiAuthorization(
                "POST", "/path?key=value", {{"x-sdk-date", "20060102T150405Z"}},
                "{\"Reader\":{}}\n", {"AccessKey", "SecretKey"}),
            "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, "
            "Signature="
            "b3e46ef778ad125ce1a1ca37544ba260863dde826d6fcd806feb4407f8e0c21b");
}

TEST(HuaweiSignatureTest, APathIsSignedEscapedOnceAndWithASlash) {
  const Credentials key{"a", "s"};
  const http::Headers headers = {{"x-sdk-date", "20060102T150405Z"}};
  const auto sign = [&](std::string_view target) {
    return HuaweiAuthorization("GET", target, headers, "", key);
  };
  EXPECT_EQ(sign("/a$b"), sign("/a%24b/"));
  EXPECT_NE(sign("/a$b"), sign("/a/b"));
}

// get-vanilla of AWS's test suite of the signature.
TEST(AwsSignatureTest, AsInTheVendorsTestSuite) {
  EXPECT_EQ(
      AwsAuthorization(
          "GET", "/",
          {{"host", "example.amazonaws.com"},
           {"x-amz-date", "20150830T123600Z"}},
          "", "us-east-1", "service",
          {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}),
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
      "aws4_request, SignedHeaders=host;x-amz-date, Signature="
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(AwsSignatureTest, ARequestsOwnHeadersAreSignedInOrder) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.emplace_back("X-Amz-Target", "t");
  request.content_type = "application/x-amz-json-1.1";
  SignForAws("h", "eu-central-1", "ecr", {"i", "s"},
             absl::FromUnixSeconds(1440938160), request);
  EXPECT_NE(http::FindHeader(request.headers, "Authorization")
                ->find("SignedHeaders=content-type;host;x-amz-date;"
                       "x-amz-target, "),
            std::string::npos);
  EXPECT_EQ(*http::FindHeader(request.headers, "X-Amz-Date"),
            "20150830T123600Z");
}

}  // namespace
}  // namespace landwaiter::agent::registry::cloud
