#include "agent/registry/hosted/pull_side.h"

#include "gtest/gtest.h"

namespace landwaiter::agent::registry::hosted {
namespace {

TEST(OptionsForTest, AForwarderAndAClientCertificateAreForTheGivenAddress) {
  http::ClientOptions given;
  given.base = *http::Url::Parse("https://gitlab.example");
  given.connect_ip = "10.0.0.1";
  given.connect_port = 8443;
  given.tls = {
      .ca_pem = "ca", .client_certificate_pem = "c", .client_key_pem = "k"};
  const auto own =
      OptionsFor(given, *http::Url::Parse("https://gitlab.example/x"));
  EXPECT_EQ(own.connect_ip, "10.0.0.1");
  EXPECT_EQ(own.tls.client_key_pem, "k");
  const auto other =
      OptionsFor(given, *http::Url::Parse("https://registry.example"));
  EXPECT_EQ(other.connect_ip, "");
  EXPECT_EQ(other.connect_port, 0);
  EXPECT_EQ(other.tls.client_key_pem, "");
  EXPECT_EQ(other.tls.client_certificate_pem, "");
  EXPECT_EQ(other.tls.ca_pem, "ca");
}

TEST(TimeInTest, OnlyWhatIsATime) {
  EXPECT_EQ(TimeIn("2026-01-01T00:00:00Z"),
            absl::FromUnixSeconds(1'767'225'600));
  EXPECT_EQ(TimeIn("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace landwaiter::agent::registry::hosted
