#include "operator/connector/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::connector {
namespace {

using kube::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class EnrolmentTest : public testing::Test {
 protected:
  EnrolmentTest() {
    ca_ = *certificates::MakeCa("CA", clock_.Now(), absl::Hours(24 * 1000));
    enrolment_.SetSigner(ca_, ca_.certificate);
  }
  static Json Cluster(const std::string& uid) {
    return {{"metadata", {{"name", uid}, {"namespace", "team"}, {"uid", uid}}}};
  }
  // The token of the command, which then is in the status.
  std::string Token(Json& cluster) {
    const auto state = enrolment_.Ensure(cluster);
    EXPECT_TRUE(state.ok()) << state.status();
    cluster["status"]["connector"]["installCommand"] = state->install_command;
    const std::string flag = "enrolment.token=";
    const size_t begin = state->install_command.find(flag) + flag.size();
    return state->install_command.substr(
        begin, state->install_command.find(' ', begin) - begin);
  }
  absl::Status Enrol(const std::string& uid, const std::string& token,
                     const certificates::ClientKey& key) {
    return enrolment_.Enrol(uid, token, key.public_key).status();
  }

  base::FakeClock clock_;
  kube::FakeKubeClient kube_{&clock_};
  std::vector<std::string> revoked_;
  certificates::KeyPair ca_;
  certificates::ClientKey key_ = *certificates::MakeClientKey();
  certificates::ClientKey other_key_ = *certificates::MakeClientKey();
  Enrolment enrolment_{
      &kube_,
      &clock_,
      {.ns = "landwaiter", .address = "op:8444", .chart = "c"},
      [this](const std::string& uid) { revoked_.push_back(uid); }};
};

TEST_F(EnrolmentTest, ATokenMakesACertificateThatIsAdmitted) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  const auto issued = enrolment_.Enrol("u1", token, key_.public_key);
  ASSERT_TRUE(issued.ok()) << issued.status();
  EXPECT_TRUE(enrolment_.Admit("u1", issued->certificate).ok());
  EXPECT_EQ(enrolment_.Admit("u1", issued->certificate)->certificate, "");
  const auto state = enrolment_.Ensure(cluster);
  EXPECT_TRUE(state->enrolled);
  EXPECT_EQ(state->install_command, "");
  // A third of its life later it is renewed, for the same key.
  clock_.Advance(absl::Hours(24 * 31));
  const auto renewed = enrolment_.Admit("u1", issued->certificate);
  ASSERT_NE(renewed->certificate, "");
  EXPECT_TRUE(enrolment_.Admit("u1", renewed->certificate).ok());
}

TEST_F(EnrolmentTest, TheTokenIsStoredAsAHashAlone) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  EXPECT_GE(token.size(), 40u);
  const auto secrets = kube_.List(kube::kSecrets, "landwaiter", {});
  ASSERT_EQ(secrets->items.size(), 1u);
  EXPECT_THAT(secrets->items[0].dump(), Not(HasSubstr(token)));
}

TEST_F(EnrolmentTest, ATokenIsGoodOnceButTheSameKeyMayAskAgain) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  EXPECT_TRUE(Enrol("u1", token, key_).ok());
  EXPECT_TRUE(Enrol("u1", token, key_).ok());  // the answer was lost
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u1", token, other_key_)));
}

TEST_F(EnrolmentTest, OfTwoThatUseATokenAtOnceOneIsRefused) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  // Between its reading and its writing, the other.
  bool once = true;
  kube_.FailBefore([&](const kube::FakeRequest& request) {
    if (request.verb == "update" && once) {
      once = false;
      EXPECT_TRUE(Enrol("u1", token, other_key_).ok());
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u1", token, key_)));
}

TEST_F(EnrolmentTest, AnExpiredTokenIsRefusedAndNotShown) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  clock_.Advance(absl::Hours(25));
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u1", token, key_)));
  EXPECT_EQ(enrolment_.Ensure(cluster)->install_command, "");
  // Until another is asked for.
  cluster["metadata"]["annotations"]["landwaiter.dev/connector-token"] = "2";
  const std::string next = Token(cluster);
  EXPECT_NE(next, token);
  EXPECT_TRUE(Enrol("u1", next, key_).ok());
}

TEST_F(EnrolmentTest, ATokenOfAnotherClusterIsRefused) {
  Json one = Cluster("u1");
  Json two = Cluster("u2");
  const std::string token = Token(one);
  Token(two);
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u2", token, key_)));
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u3", token, key_)));
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u1", "", key_)));
  EXPECT_TRUE(absl::IsUnauthenticated(Enrol("u1", token + "x", key_)));
  EXPECT_TRUE(Enrol("u1", token, key_).ok());
}

TEST_F(EnrolmentTest, ACertificateIsGoodForItsClusterAlone) {
  Json one = Cluster("u1");
  Json two = Cluster("u2");
  const auto issued = enrolment_.Enrol("u1", Token(one), key_.public_key);
  ASSERT_TRUE(Enrol("u2", Token(two), other_key_).ok());
  EXPECT_FALSE(enrolment_.Admit("u2", issued->certificate).ok());
}

TEST_F(EnrolmentTest, ANewTokenOrADeletionRevokesTheOldConnector) {
  Json cluster = Cluster("u1");
  const auto issued = enrolment_.Enrol("u1", Token(cluster), key_.public_key);
  cluster["metadata"]["annotations"]["landwaiter.dev/connector-token"] = "2";
  revoked_.clear();
  const std::string token = Token(cluster);
  EXPECT_THAT(revoked_, ElementsAre("u1"));
  EXPECT_FALSE(enrolment_.Admit("u1", issued->certificate).ok());
  ASSERT_TRUE(Enrol("u1", token, key_).ok());
  ASSERT_TRUE(enrolment_.Forget("u1").ok());
  EXPECT_FALSE(enrolment_.Admit("u1", issued->certificate).ok());
  EXPECT_TRUE(enrolment_.Forget("u1").ok());
}

TEST_F(EnrolmentTest, AKeyThatIsNoneDoesNotUseTheTokenUp) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  EXPECT_FALSE(enrolment_.Enrol("u1", token, "nonsense").ok());
  EXPECT_TRUE(Enrol("u1", token, key_).ok());
}

TEST_F(EnrolmentTest, TheCommandStaysTheSameAcrossARestart) {
  Json cluster = Cluster("u1");
  const std::string token = Token(cluster);
  Enrolment restarted(&kube_, &clock_,
                      {.ns = "landwaiter", .address = "op:8444", .chart = "c"},
                      [](const std::string&) {});
  restarted.SetSigner(ca_, ca_.certificate);
  EXPECT_THAT(restarted.Ensure(cluster)->install_command, HasSubstr(token));
  // One whose token nobody has seen gets another.
  EXPECT_THAT(restarted.Ensure(Cluster("u1"))->install_command,
              Not(HasSubstr(token)));
}

TEST_F(EnrolmentTest, WithoutAnAddressNothingIsMade) {
  Enrolment none(&kube_, &clock_, {.ns = "landwaiter"},
                 [](const std::string&) {});
  EXPECT_TRUE(absl::IsFailedPrecondition(none.Ensure(Cluster("u1")).status()));
}

}  // namespace
}  // namespace landwaiter::connector
