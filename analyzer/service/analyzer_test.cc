#include "analyzer/service/analyzer.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/synchronization/notification.h"
#include "analyzer/service/feed_source.h"
#include "core/base/strings.h"
#include "core/http/client.h"
#include "landwaiter/v1/advisories.grpc.pb.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"

namespace landwaiter::analyzer::service {
namespace {

using ::testing::HasSubstr;

class NoSource : public AdvisorySource {
 public:
  absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() override {
    return absl::UnavailableError("no feed yet");
  }
};

// A feed that takes as long as the test wants.
class StuckSource : public AdvisorySource {
 public:
  absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() override {
    go_on.WaitForNotification();
    return std::nullopt;
  }
  absl::Notification go_on;
};

class CountingClock : public base::RealClock {
 public:
  bool Sleep(absl::Duration duration) override {
    ++sleeps;
    return base::RealClock::Sleep(duration);
  }
  std::atomic<int> sleeps = 0;
};

class AnalyzerTest : public ::testing::Test {
 protected:
  AnalyzerTest()
      : dir_(std::filesystem::path(::testing::TempDir()) /
             ("landwaiter-analyzer-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    const test::CertificateAndKey leaf = ca_.Issue();
    config_.server.listen = "127.0.0.1:0";
    config_.server.certificate_file = Put("tls.crt", leaf.certificate);
    config_.server.key_file = Put("tls.key", leaf.key);
    config_.server.client_ca_file = Put("ca.crt", ca_.CertificatePem());
    config_.health_listen = "127.0.0.1:0";
    config_.store_directory = dir_ / "store";
    config_.advisory_interval = absl::Seconds(1);
  }
  ~AnalyzerTest() override { std::filesystem::remove_all(dir_); }

  std::string Put(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
    return dir_ / name;
  }
  static http::Response Get(int port, const std::string& target) {
    http::ClientOptions options;
    options.base.scheme = "http";
    options.base.host = "127.0.0.1";
    options.base.port = static_cast<uint16_t>(port);
    auto response = (*http::NewClient(options))->Send({.target = target});
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(http::Response{});
  }

  std::unique_ptr<v1::AdvisoryService::Stub> Advisories(
      int port, const test::CertificateAndKey& client) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = ca_.CertificatePem();
    options.pem_cert_chain = client.certificate;
    options.pem_private_key = client.key;
    return v1::AdvisoryService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port), grpc::SslCredentials(options)));
  }

  const test::TestCa ca_;
  std::filesystem::path dir_;
  AnalyzerConfig config_;
  base::RealClock clock_;
  NoSource source_;
};

TEST_F(AnalyzerTest, ItIsReadyWithoutAdvisoriesAndStopsWhenTold) {
  auto analyzer = Analyzer::Start(config_, clock_, source_);
  ASSERT_TRUE(analyzer.ok()) << analyzer.status();
  const int port = (*analyzer)->health_port();
  std::thread runner([&] { (*analyzer)->Run(); });
  EXPECT_EQ(Get(port, "/healthz").status, 200);
  EXPECT_EQ(Get(port, "/readyz").status, 200);
  const http::Response metrics = Get(port, "/metrics");
  EXPECT_THAT(metrics.body, HasSubstr("landwaiter_queue_items{state=\"ready\"} "
                                      "0\n"));
  EXPECT_EQ(Get(port, "/other").status, 404);
  clock_.Interrupt();
  runner.join();
  EXPECT_TRUE(std::filesystem::exists(dir_ / "store" / "store.db"));
}

TEST_F(AnalyzerTest, ItIsAliveButNotReadyWhileItOpensItsFiles) {
  const int port = test::FreePort();
  config_.health_listen = base::StrCat("127.0.0.1:", port);
  // Whoever opens this waits until somebody writes.
  std::filesystem::create_directories(dir_ / "store");
  const std::string keys = dir_ / "store" / "token-keys.json";
  ASSERT_EQ(::mkfifo(keys.c_str(), 0600), 0);
  absl::Status status;
  std::thread starter(
      [&] { status = Analyzer::Start(config_, clock_, source_).status(); });
  std::ofstream writer(keys);  // is open once the other side is
  EXPECT_EQ(Get(port, "/healthz").status, 200);
  EXPECT_EQ(Get(port, "/readyz").status, 503);
  EXPECT_EQ(Get(port, "/metrics").status, 503);
  writer << "no keys\n";
  writer.close();
  starter.join();
  EXPECT_FALSE(status.ok());
}

TEST_F(AnalyzerTest, AFeedThatIsBeingBuiltHoldsUpNoTick) {
  CountingClock clock;
  StuckSource source;
  auto analyzer = Analyzer::Start(config_, clock, source);
  ASSERT_TRUE(analyzer.ok()) << analyzer.status();
  std::thread runner([&] { (*analyzer)->Run(); });
  // Only ticks sleep while the source does not answer.
  for (int i = 0; i < 100 && clock.sleeps < 2; ++i) {
    absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_GE(clock.sleeps, 2);
  source.go_on.Notify();
  clock.Interrupt();
  runner.join();
}

TEST_F(AnalyzerTest, ControllersAreToldOfAdvisoriesAndOfImages) {
  std::filesystem::create_directories(dir_ / "feed");
  Put("feed/a.json", R"({"id": "A", "affected": [{"package": {"ecosystem":
      "Debian:12", "name": "curl"}, "versions": ["1"]}]})");
  base::NoFailpoints failpoints;
  FeedSource source(
      {.feeds = {dir_ / "feed"}, .directory = dir_ / "advisories", .fetch = {}},
      clock_, failpoints);
  auto analyzer = Analyzer::Start(config_, clock_, source);
  ASSERT_TRUE(analyzer.ok()) << analyzer.status();
  std::thread runner([&] { (*analyzer)->Run(); });
  const auto stub =
      Advisories((*analyzer)->port(),
                 ca_.Issue({.common_name = "landwaiter-operator",
                            .subject_alt_names = {"DNS:landwaiter-operator"}}));
  v1::AdvisoriesStatus status;
  for (int i = 0; i < 200 && status.version().empty(); ++i) {
    grpc::ClientContext context;
    stub->GetAdvisories(&context, {}, &status);
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(status.version().size(), 64u);
  ASSERT_EQ(status.feeds_size(), 1);
  EXPECT_EQ(status.feeds(0).name(), "osv-feed");
  EXPECT_EQ(status.feeds(0).advisories(), 1u);
  EXPECT_TRUE(status.feeds(0).has_checked());
  {
    grpc::ClientContext context;
    v1::QueryImagesRequest request;
    request.set_package("curl");
    v1::QueryImagesResponse response;
    EXPECT_TRUE(stub->QueryImages(&context, request, &response).ok());
    EXPECT_EQ(response.total_images(), 0u);
  }
  {
    grpc::ClientContext context;
    v1::ApplyAdvisoriesRequest request;
    request.add_sources()->set_name("a");
    EXPECT_EQ(stub->ApplyAdvisories(&context, request, &status).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  {
    grpc::ClientContext context;
    EXPECT_EQ(Advisories((*analyzer)->port(), {})
                  ->GetAdvisories(&context, {}, &status)
                  .error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
  }
  EXPECT_THAT(
      Get((*analyzer)->health_port(), "/metrics").body,
      HasSubstr("landwaiter_advisory_feed_age_seconds{feed=\"osv-feed\"}"));
  clock_.Interrupt();
  runner.join();
}

TEST_F(AnalyzerTest, AStoreThatCannotBeMadeIsNamed) {
  config_.store_directory = Put("file", "x") + "/below";
  const auto analyzer = Analyzer::Start(config_, clock_, source_);
  EXPECT_THAT(std::string(analyzer.status().message()), HasSubstr("below"));
}

}  // namespace
}  // namespace landwaiter::analyzer::service
