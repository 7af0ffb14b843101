#include "operator/certificates/certificate_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/escaping.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::certificates {
namespace {

class CertificateSecretsTest : public testing::Test {
 protected:
  CertificateSecretsTest() {
    options_.ns = "landwaiter";
    options_.rotation.server = {"landwaiter-analyzer", {"analyzer"}, true};
    options_.rotation.client = {
        "landwaiter-operator", {"landwaiter-operator"}, false};
  }

  absl::StatusOr<absl::Time> Reconcile() {
    CertificateReconciler reconciler(
        &kube_, &clock_, options_,
        [this](const OperatorCertificates& ready) { ready_ = ready; });
    return reconciler.Reconcile(CertificateReconciler::Key());
  }

  std::string Data(const std::string& secret, const std::string& key) {
    const auto object = kube_.Get(kube::kSecrets, {"landwaiter", secret});
    if (!object.ok()) return "";
    std::string bytes;
    absl::Base64Unescape(kube::StringAt(*object, {"data", key}), &bytes);
    return bytes;
  }

  void SomebodyIssues() {
    const auto created = kube_.Create(
        kube::kSecrets,
        {{"metadata",
          {{"name", "landwaiter-operator-tls"}, {"namespace", "landwaiter"}}},
         {"data",
          {{"tls.crt", absl::Base64Escape("C")},
           {"tls.key", absl::Base64Escape("K")},
           {"ca.crt", absl::Base64Escape("A")}}}});
    ASSERT_TRUE(created.ok()) << created.status();
  }

  base::FakeClock clock_;
  kube::FakeKubeClient kube_{&clock_};
  CertificateOptions options_;
  std::optional<OperatorCertificates> ready_;
};

TEST_F(CertificateSecretsTest, ThreeSecretsAreMadeAndThenLeftAlone) {
  ASSERT_TRUE(Reconcile().ok());
  EXPECT_EQ(Data("landwaiter-analyzer-tls", "ca.crt"),
            Data("landwaiter-ca", "tls.crt"));
  EXPECT_TRUE(Matches({Data("landwaiter-analyzer-tls", "tls.crt"),
                       Data("landwaiter-analyzer-tls", "tls.key")},
                      options_.rotation.server,
                      Data("landwaiter-ca", "tls.crt")));
  ASSERT_TRUE(ready_);
  EXPECT_EQ(ready_->client.certificate,
            Data("landwaiter-operator-tls", "tls.crt"));
  kube_.ClearRequests();
  ASSERT_TRUE(Reconcile().ok());
  for (const std::string& request : kube_.requests()) {
    EXPECT_THAT(request, testing::StartsWith("get "));
  }
}

TEST_F(CertificateSecretsTest, CutShortItGoesOnWithTheSameCa) {
  int writes = 0;
  kube_.FailBefore([&writes](const kube::FakeRequest& request) {
    return request.verb == "create" && ++writes == 2
               ? absl::UnavailableError("cut")
               : absl::OkStatus();
  });
  EXPECT_FALSE(Reconcile().ok());
  const std::string ca = Data("landwaiter-ca", "tls.crt");
  ASSERT_NE(ca, "");
  ASSERT_TRUE(Reconcile().ok());
  EXPECT_EQ(Data("landwaiter-ca", "tls.crt"), ca);
  EXPECT_EQ(ready_->ca, ca);
}

TEST_F(CertificateSecretsTest, RotationIsWrittenWhenItIsDue) {
  const absl::Time due = *Reconcile();
  const std::string before = Data("landwaiter-analyzer-tls", "tls.crt");
  clock_.Advance(due - clock_.Now());
  ASSERT_TRUE(Reconcile().ok());
  EXPECT_NE(Data("landwaiter-analyzer-tls", "tls.crt"), before);
}

TEST_F(CertificateSecretsTest, SecretsOfSomeoneElseAreOnlyRead) {
  options_.issue = false;
  EXPECT_FALSE(Reconcile().ok());
  SomebodyIssues();
  EXPECT_TRUE(Reconcile().ok());
  ASSERT_TRUE(ready_);
  EXPECT_EQ(ready_->ca, "A");
  EXPECT_TRUE(ready_->signer.empty());
  EXPECT_EQ(Data("landwaiter-ca", "tls.crt"), "");
}

TEST_F(CertificateSecretsTest, ConnectorsGetACaWhereSomebodyElseIssues) {
  options_.issue = false;
  options_.connector_ca_secret = "connector-ca";
  SomebodyIssues();
  const auto due = Reconcile();
  ASSERT_TRUE(due.ok()) << due.status();
  ASSERT_TRUE(ready_);
  EXPECT_EQ(ready_->ca, "A");
  const KeyPair first = ready_->signer;
  EXPECT_EQ(first.certificate, Data("connector-ca", "tls.crt"));
  EXPECT_EQ(ready_->signer_ca, first.certificate);
  EXPECT_EQ(Data("landwaiter-ca", "tls.crt"), "");
  ASSERT_TRUE(Reconcile().ok());
  EXPECT_EQ(ready_->signer, first);
  // The next one is trusted before it signs.
  clock_.Advance(*due - clock_.Now());
  const auto signs = Reconcile();
  ASSERT_TRUE(signs.ok()) << signs.status();
  EXPECT_EQ(ready_->signer, first);
  EXPECT_NE(ready_->signer_ca, first.certificate);
  clock_.Advance(*signs - clock_.Now());
  ASSERT_TRUE(Reconcile().ok());
  EXPECT_NE(ready_->signer, first);
  EXPECT_THAT(ready_->signer_ca, testing::HasSubstr(first.certificate));
}

}  // namespace
}  // namespace landwaiter::certificates
