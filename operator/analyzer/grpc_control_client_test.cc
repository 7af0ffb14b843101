#include "operator/analyzer/grpc_control_client.h"

#include <grpcpp/grpcpp.h>

#include <atomic>

#include "gtest/gtest.h"
#include "landwaiter/v1/control.grpc.pb.h"
#include "tests/support/certificates.h"

namespace landwaiter::control {
namespace {

class FakeAnalyzer : public v1::ControlService::Service {
 public:
  grpc::Status ApplyTask(grpc::ServerContext* context,
                         const v1::ApplyTaskRequest* request,
                         v1::TaskStatus* response) override {
    const auto name =
        context->auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
    caller = name.empty() ? "" : std::string(name[0].data(), name[0].size());
    task = request->task().uid();
    tenant_namespace = request->tenant().namespace_();
    response->set_phase(v1::TASK_PHASE_RUNNING);
    return grpc::Status::OK;
  }
  grpc::Status GetTask(grpc::ServerContext*, const v1::GetTaskRequest*,
                       v1::TaskStatus*) override {
    return {grpc::StatusCode::NOT_FOUND, "no such task"};
  }
  grpc::Status WatchChanges(grpc::ServerContext* context,
                            const v1::WatchChangesRequest*,
                            grpc::ServerWriter<v1::Change>* writer) override {
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_WORK);
    writer->Write(change);
    change.set_kind(v1::CHANGE_KIND_TASK);
    change.set_uid("t");
    for (int i = 0; i < 1000 && !context->IsCancelled(); ++i) {
      writer->Write(change);
    }
    return grpc::Status::OK;
  }
  std::string caller, task, tenant_namespace;
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
    Show(ca_, "operator");
    client_ =
        *NewGrpcControlClient({.address = "127.0.0.1:" + std::to_string(port_),
                               .call_deadline = absl::Seconds(5),
                               .credentials = [this] { return credentials_; }});
  }
  ~GrpcControlClientTest() override { server_->Shutdown(); }

  void Show(const test::TestCa& ca, const std::string& name) {
    const auto own = ca.Issue({.common_name = name});
    credentials_ = {ca_.CertificatePem(), own.certificate, own.key};
  }

  test::TestCa ca_;
  FakeAnalyzer analyzer_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  ControlCredentials credentials_;
  std::unique_ptr<ControlClient> client_;
  const model::Tenant tenant_{"cluster", "ns"};
};

TEST_F(GrpcControlClientTest, ShowsItsCertificateAndCarriesTheTenant) {
  model::TaskSpec task;
  task.uid = "t1";
  const auto status = client_->ApplyTask(tenant_, task);
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->phase, model::TaskPhase::kRunning);
  EXPECT_EQ(analyzer_.caller, "operator");
  EXPECT_EQ(analyzer_.task, "t1");
  EXPECT_EQ(analyzer_.tenant_namespace, "ns");
}

TEST_F(GrpcControlClientTest, RotatedCredentialsAreShownFromTheNextCallOn) {
  ASSERT_TRUE(client_->ApplyTask(tenant_, {}).ok());
  Show(ca_, "operator-renewed");
  ASSERT_TRUE(client_->ApplyTask(tenant_, {}).ok());
  EXPECT_EQ(analyzer_.caller, "operator-renewed");
}

TEST_F(GrpcControlClientTest, ACertificateOfAnotherAuthorityIsRefused) {
  Show(test::TestCa(), "operator");
  EXPECT_EQ(client_->ApplyTask(tenant_, {}).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(GrpcControlClientTest, ErrorsKeepTheirCode) {
  EXPECT_EQ(client_->GetTask(tenant_, "none").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(client_->CancelTask(tenant_, "none").code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(GrpcControlClientTest, AWatchEndsWhenItsCallerHasEnough) {
  std::vector<model::Change> changes;
  const absl::Status status =
      client_->WatchChanges([&](const model::Change& change) {
        changes.push_back(change);
        return changes.size() < 3;
      });
  EXPECT_TRUE(status.ok()) << status;
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].kind, model::Change::Kind::kWork);
  EXPECT_EQ(changes[1].uid, "t");
}

TEST(NewGrpcControlClientTest, RefusesToGoWithoutAddressOrCredentials) {
  EXPECT_FALSE(NewGrpcControlClient({}).ok());
  EXPECT_FALSE(NewGrpcControlClient({.address = "a:1"}).ok());
}

}  // namespace
}  // namespace landwaiter::control
