#include "operator/jobs/connection_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"

namespace landwaiter::jobs {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

VerifyResult Failure(const std::string& code, const std::string& cause = "",
                     const std::string& message = "") {
  VerifyResult result;
  result.code = code;
  result.cause = cause;
  result.message = message;
  return result;
}

api::ImageRegistry OfType(const std::string& type) {
  api::ImageRegistry registry;
  registry.type = type;
  return registry;
}

TEST(ConnectionErrorTest, MessageIsTheCodesSentenceThenWhatHappened) {
  const struct {
    const char* code;
    const char* sentence;
  } kTable[] = {
      {"FailedToVerifyUsernameOrPwd", "Username or password is invalid."},
      {"RegistryVersionError",
       "The version of the image repository is invalid."},
      {"UserDoesNotHaveAdminRole", "You do not have administrative rights."},
      {"NetworkConnectError", "The network connection timed out."},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(ErrorMessage(Failure(row.code)), row.sentence);
    EXPECT_EQ(ErrorMessage(Failure(row.code, "", "tried h:443")),
              std::string(row.sentence) + " tried h:443");
    // Said once, whoever says it first.
    EXPECT_EQ(
        ErrorMessage(Failure(row.code, "", std::string(row.sentence) + " x")),
        std::string(row.sentence) + " x");
    EXPECT_NE(SolutionFor(Failure(row.code), OfType("OCI")), "");
  }
  EXPECT_EQ(ErrorMessage(Failure("Internal", "", "died")), "died");
}

TEST(ConnectionErrorTest, VersionSolutionNamesWhatWasDetectedAndWhatWasSaid) {
  api::ImageRegistry registry = OfType("Harbor");
  registry.version = "V2";
  const std::string solution =
      SolutionFor(Failure("RegistryVersionError", "V1"), registry);
  EXPECT_THAT(solution, HasSubstr("detected as V1"));
  EXPECT_THAT(solution, HasSubstr("now V2"));
}

TEST(ConnectionErrorTest, RoleSolutionNamesTheRoleOfTheType) {
  const VerifyResult result = Failure("UserDoesNotHaveAdminRole");
  EXPECT_THAT(SolutionFor(result, OfType("Harbor")),
              HasSubstr("system administrator"));
  EXPECT_THAT(SolutionFor(result, OfType("GitLab")),
              HasSubstr("read_registry"));
  EXPECT_THAT(SolutionFor(result, OfType("ACR")), HasSubstr("RAM policy"));
}

TEST(ConnectionErrorTest, NetworkSolutionSaysWhichStepFailed) {
  const auto solution = [](const char* cause) {
    return SolutionFor(Failure("NetworkConnectError", cause), OfType("OCI"));
  };
  EXPECT_THAT(solution("Dns"), HasSubstr("could not be resolved"));
  EXPECT_THAT(solution("Connect"), HasSubstr("port is open"));
  EXPECT_THAT(solution("Tls"), HasSubstr("caSecretRef"));
  EXPECT_THAT(solution("Timeout"), HasSubstr("in time"));
  EXPECT_THAT(solution("BlockedAddress"), HasSubstr("agent.allowedAddresses"));
  EXPECT_THAT(solution("ClockSkew"), HasSubstr("set the clock"));
  EXPECT_THAT(solution("Dns"), Not(HasSubstr("forwarding rule")));
}

TEST(ConnectionErrorTest, PrivateNetworkSolutionNamesTheForwardingRule) {
  api::ImageRegistry registry = OfType("OCI");
  registry.private_network = true;
  const VerifyResult result = Failure("NetworkConnectError", "Connect");
  EXPECT_THAT(SolutionFor(result, registry), HasSubstr("forwarding rule"));
  registry.private_network = false;
  registry.connect_ip = "10.0.0.7";
  EXPECT_THAT(SolutionFor(result, registry),
              HasSubstr("forwarding rule on 10.0.0.7"));
}

TEST(ConnectionErrorTest, UploadedComponentsSolutionIsItsCommands) {
  api::ImageRegistry registry = OfType("Harbor");
  registry.component_path = "library";
  EXPECT_THAT(SolutionFor(Failure("ScanComponentMissing"), registry),
              HasSubstr("status.commands.scanComponent"));
  EXPECT_THAT(
      SolutionFor(Failure("ScanComponentMissing", "Unauthorized"), registry),
      HasSubstr("username and password"));
}

TEST(ConnectionErrorTest, RefusalsAreThoseThatLockAccounts) {
  EXPECT_TRUE(IsRefusal(Failure("FailedToVerifyUsernameOrPwd")));
  EXPECT_TRUE(IsRefusal(Failure("UserDoesNotHaveAdminRole")));
  EXPECT_TRUE(IsRefusal(Failure("RegistryVersionError")));
  EXPECT_TRUE(IsRefusal(Failure("ScanComponentMissing", "Unauthorized")));
  EXPECT_FALSE(IsRefusal(Failure("ScanComponentMissing", "NotFound")));
  EXPECT_FALSE(IsRefusal(Failure("NetworkConnectError", "Dns")));
  EXPECT_FALSE(IsRefusal(Failure("Internal")));
}

}  // namespace
}  // namespace landwaiter::jobs
