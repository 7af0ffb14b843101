#include "agent/registry/transport/transport.h"

#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry {
namespace {

TEST(OptionsForOriginTest,
     AForwarderAndAClientCertificateAreForTheGivenAddress) {
  http::ClientOptions given;
  given.base = *http::Url::Parse("https://gitlab.example");
  given.connect_ip = "10.0.0.1";
  given.connect_port = 8443;
  given.tls = {
      .ca_pem = "ca", .client_certificate_pem = "c", .client_key_pem = "k"};
  const auto own =
      OptionsForOrigin(given, *http::Url::Parse("https://gitlab.example/x"));
  EXPECT_EQ(own.connect_ip, "10.0.0.1");
  EXPECT_EQ(own.tls.client_key_pem, "k");
  const auto other =
      OptionsForOrigin(given, *http::Url::Parse("https://registry.example"));
  EXPECT_EQ(other.connect_ip, "");
  EXPECT_EQ(other.connect_port, 0);
  EXPECT_EQ(other.tls.client_key_pem, "");
  EXPECT_EQ(other.tls.client_certificate_pem, "");
  EXPECT_EQ(other.tls.ca_pem, "ca");
  // Whoever has another port may be somebody else.
  const auto port =
      OptionsForOrigin(given, *http::Url::Parse("https://gitlab.example:5050"));
  EXPECT_EQ(port.connect_ip, "");
  EXPECT_EQ(port.tls.client_key_pem, "");
}

TEST(AsListingFailureTest, LoginAndRightsAreBothUnauthorized) {
  EXPECT_TRUE(AsListingFailure(absl::OkStatus()).ok());
  for (const base::FailureCode code :
       {base::FailureCode::kFailedToVerifyUsernameOrPwd,
        base::FailureCode::kUserDoesNotHaveAdminRole}) {
    const absl::Status status =
        AsListingFailure(base::Failure(code, "why", "Cause"));
    EXPECT_EQ(base::FailureCodeOf(status), base::FailureCode::kUnauthorized);
    EXPECT_EQ(base::FailureCauseOf(status), "Cause");
  }
  EXPECT_EQ(base::FailureCodeOf(AsListingFailure(
                base::Failure(base::FailureCode::kRateLimited, "why"))),
            base::FailureCode::kRateLimited);
}

}  // namespace
}  // namespace landwaiter::agent::registry
