#include "operator/jobs/job_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "nlohmann/json.hpp"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;

Termination Example(const std::string& name) {
  std::ifstream file("../../tests/contract/scan_job/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return {0, "Completed", text.str()};
}

TEST(VerifyResultTest, TheContractsExamplesAreUnderstood) {
  const VerifyResult good = ParseVerifyResult(Example("verify_ok.json"));
  EXPECT_TRUE(good.ok);
  EXPECT_EQ(good.detected_version, "V2");
  const VerifyResult bad = ParseVerifyResult(Example("verify_failed.json"));
  EXPECT_FALSE(bad.ok);
  EXPECT_EQ(bad.code, "NetworkConnectError");
  EXPECT_EQ(bad.cause, "Dns");
}

TEST(VerifyResultTest, WhatIsNoResultIsInternal) {
  for (const char* text : {"", "not json", "[]", "{}", R"({"ok":"yes"})",
                           R"({"ok":false,"code":"Made Up"})"}) {
    const VerifyResult result = ParseVerifyResult({1, "Error", text});
    EXPECT_FALSE(result.ok) << text;
    EXPECT_EQ(result.code, "Internal") << text;
  }
}

TEST(JobStateTest, ReadsSuspensionEndAndSecret) {
  const Json job = Json::parse(R"({"spec": {"suspend": true, "template":
    {"spec": {"volumes": [{"emptyDir": {}}, {"secret": {"secretName": "s"}}]}}},
    "status": {"conditions": [
      {"type": "FailureTarget", "status": "True"},
      {"type": "Failed", "status": "True", "message": "deadline",
       "lastTransitionTime": "2026-01-01T00:00:00Z"}]}})");
  const JobState state = StateOf(job);
  EXPECT_TRUE(state.suspended);
  EXPECT_TRUE(state.finished);
  EXPECT_FALSE(state.succeeded);
  EXPECT_EQ(state.message, "deadline");
  EXPECT_EQ(state.secret, "s");
  EXPECT_FALSE(StateOf(Json::object()).finished);
}

TEST(PodTest, ImageThatCannotBePulledIsToldApart) {
  EXPECT_NE(ImagePullProblem(Json::parse(R"({"status": {"containerStatuses": [
    {"state": {"waiting": {"reason": "ImagePullBackOff",
                           "message": "no such image"}}}]}})")),
            "");
  EXPECT_EQ(ImagePullProblem(Json::parse(R"({"status": {"containerStatuses": [
    {"state": {"waiting": {"reason": "ContainerCreating"}}}]}})")),
            "");
}

}  // namespace
}  // namespace landwaiter::jobs
