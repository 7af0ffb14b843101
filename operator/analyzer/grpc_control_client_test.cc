#include "operator/analyzer/grpc_control_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "landwaiter/v1/control.grpc.pb.h"
#include "tests/support/certificates.h"

namespace landwaiter::control {
namespace {

const model::Tenant kTenant{"cluster", "team"};

// An analyzer that answers what the test wants to see arrive.
class Analyzer : public v1::ControlService::Service {
 public:
  grpc::Status ApplyTask(grpc::ServerContext*,
                         const v1::ApplyTaskRequest* request,
                         v1::TaskStatus* status) override {
    if (request->task().uid() == "bad") {
      return {grpc::StatusCode::INVALID_ARGUMENT, "task.uid: is bad"};
    }
    status->set_phase(v1::TASK_PHASE_RUNNING);
    status->set_message(absl::StrCat(request->tenant().cluster_uid(), "/",
                                     request->tenant().namespace_(), "/",
                                     request->task().uid()));
    return grpc::Status::OK;
  }
  grpc::Status GetTask(grpc::ServerContext* context, const v1::GetTaskRequest*,
                       v1::TaskStatus*) override {
    asked.Notify();
    while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  }
  grpc::Status ListWork(grpc::ServerContext*, const v1::ListWorkRequest*,
                        v1::ListWorkResponse* response) override {
    response->add_work()->set_registry_uid("r");
    return grpc::Status::OK;
  }
  grpc::Status IssueAgentToken(grpc::ServerContext*,
                               const v1::IssueAgentTokenRequest* request,
                               v1::AgentToken* token) override {
    token->set_token(absl::StrCat("token of ", request->registry_uid()));
    return grpc::Status::OK;
  }
  grpc::Status WatchChanges(grpc::ServerContext* context,
                            const v1::WatchChangesRequest*,
                            grpc::ServerWriter<v1::Change>* writer) override {
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_WORK);
    writer->Write(change);
    while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  }
  absl::Notification asked;  // a call that is never answered
};

class GrpcControlClientTest : public testing::Test {
 protected:
  GrpcControlClientTest() {
    const test::CertificateAndKey leaf = ca_.Issue();
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = ca_.CertificatePem();
    tls.pem_key_cert_pairs = {{leaf.key, leaf.certificate}};
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls),
                             &port_);
    builder.RegisterService(&analyzer_);
    server_ = builder.BuildAndStart();
    client_ = std::make_unique<GrpcControlClient>(
        GrpcControlOptions{.address = absl::StrCat("127.0.0.1:", port_),
                           .server_name = "localhost",
                           .call_deadline = absl::Seconds(5)});
  }
  ~GrpcControlClientTest() override {
    client_->Stop();
    server_->Shutdown(std::chrono::system_clock::now());
  }

  ClientCredentials Credentials(const test::TestCa& ca) {
    const test::CertificateAndKey leaf =
        ca.Issue({.common_name = "landwaiter-operator"});
    return {ca_.CertificatePem(), leaf.certificate, leaf.key};
  }

  const test::TestCa ca_;
  Analyzer analyzer_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<GrpcControlClient> client_;
};

TEST_F(GrpcControlClientTest, WithoutCredentialsItIsUnavailable) {
  EXPECT_TRUE(absl::IsUnavailable(client_->ListWork().status()));
}

TEST_F(GrpcControlClientTest, CallsArriveAndAnswersComeBack) {
  client_->SetCredentials(Credentials(ca_));
  const auto status = client_->ApplyTask(kTenant, {.uid = "t1"});
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->phase, model::TaskPhase::kRunning);
  EXPECT_EQ(status->message, "cluster/team/t1");
  const auto work = client_->ListWork();
  ASSERT_TRUE(work.ok()) << work.status();
  EXPECT_EQ(work->at(0).registry_uid, "r");
  EXPECT_EQ(client_->IssueAgentToken(kTenant, "local", "r1")->token,
            "token of r1");
}

TEST_F(GrpcControlClientTest, RefusalKeepsItsCodeAndMessage) {
  client_->SetCredentials(Credentials(ca_));
  const auto status = client_->ApplyTask(kTenant, {.uid = "bad"});
  EXPECT_TRUE(absl::IsInvalidArgument(status.status()));
  EXPECT_EQ(status.status().message(), "task.uid: is bad");
}

TEST_F(GrpcControlClientTest, StopEndsACallThatIsNotAnswered) {
  client_->SetCredentials(Credentials(ca_));
  const absl::Time begin = absl::Now();
  absl::Status status;
  std::thread caller(
      [&] { status = client_->GetTask(kTenant, "t1").status(); });
  analyzer_.asked.WaitForNotification();
  client_->Stop();
  caller.join();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_LT(absl::Now() - begin, absl::Seconds(4));
  EXPECT_TRUE(absl::IsCancelled(client_->ListWork().status()));
}

TEST_F(GrpcControlClientTest, CertificateOfAnotherCaIsNotLetIn) {
  const test::TestCa other("another CA");
  client_->SetCredentials(Credentials(other));
  EXPECT_TRUE(absl::IsUnavailable(client_->ListWork().status()));
  client_->SetCredentials(Credentials(ca_));
  EXPECT_TRUE(client_->ListWork().ok());
}

TEST_F(GrpcControlClientTest, WatchEndsOnNewCredentialsAndOnStop) {
  client_->SetCredentials(Credentials(ca_));
  for (const bool stop : {false, true}) {
    absl::Notification first;
    absl::Status ended;
    std::thread watcher([&] {
      ended = client_->WatchChanges([&](const model::Change&) {
        first.Notify();
        return true;
      });
    });
    ASSERT_TRUE(first.WaitForNotificationWithTimeout(absl::Seconds(10)));
    if (stop) {
      client_->Stop();
    } else {
      client_->SetCredentials(Credentials(ca_));
    }
    watcher.join();
    EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  }
  EXPECT_TRUE(absl::IsCancelled(client_->ListWork().status()));
}

TEST_F(GrpcControlClientTest, WatchEndsWhenItsOwnerHasEnough) {
  client_->SetCredentials(Credentials(ca_));
  int changes = 0;
  (void)client_->WatchChanges([&](const model::Change& change) {
    EXPECT_EQ(change.kind, model::Change::Kind::kWork);
    ++changes;
    return false;
  });
  EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace landwaiter::control
