#include "operator/kube/status.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

std::string Body(std::string_view reason, std::string_view message) {
  return Json{{"kind", "Status"}, {"reason", reason}, {"message", message}}
      .dump();
}

TEST(StatusTest, HttpCodesBecomeCanonicalCodes) {
  struct Case {
    int http;
    absl::StatusCode code;
  };
  for (const Case& c : {Case{400, absl::StatusCode::kInvalidArgument},
                        Case{401, absl::StatusCode::kUnauthenticated},
                        Case{403, absl::StatusCode::kPermissionDenied},
                        Case{404, absl::StatusCode::kNotFound},
                        Case{410, absl::StatusCode::kFailedPrecondition},
                        Case{422, absl::StatusCode::kInvalidArgument},
                        Case{429, absl::StatusCode::kResourceExhausted},
                        Case{500, absl::StatusCode::kUnavailable},
                        Case{503, absl::StatusCode::kUnavailable},
                        Case{504, absl::StatusCode::kDeadlineExceeded}}) {
    EXPECT_EQ(StatusOfAnswer(c.http, "").code(), c.code) << c.http;
  }
}

TEST(StatusTest, ReasonTellsTheTwoConflictsApart) {
  EXPECT_TRUE(absl::IsAlreadyExists(
      StatusOfAnswer(409, Body("AlreadyExists", "it is there"))));
  absl::Status conflict = StatusOfAnswer(409, Body("Conflict", "modified"));
  EXPECT_TRUE(IsConflict(conflict));
  EXPECT_EQ(ReasonOf(conflict), "Conflict");
}

TEST(StatusTest, ServersMessageIsKeptAndForeignBodiesAreNot) {
  EXPECT_EQ(StatusOfAnswer(422, Body("Invalid", "spec.x: Required")).message(),
            "spec.x: Required");
  EXPECT_EQ(StatusOfAnswer(502, "<html>secret</html>").message(),
            "the API server answered 502");
  EXPECT_EQ(StatusOfAnswer(400, R"({"message":"x"})").message(),
            "the API server answered 400");
}

TEST(StatusTest, RetryAfterComesFromHeaderOrBody) {
  EXPECT_EQ(RetryAfterOf(StatusOfAnswer(429, "", absl::Seconds(3))),
            absl::Seconds(3));
  Json status = {{"kind", "Status"},
                 {"code", 429},
                 {"details", {{"retryAfterSeconds", 7}}}};
  EXPECT_EQ(RetryAfterOf(StatusOfObject(status)), absl::Seconds(7));
  EXPECT_EQ(RetryAfterOf(StatusOfAnswer(429, "")), std::nullopt);
}

TEST(StatusTest, ExpiredAndTooLargeResourceVersionsAreRecognised) {
  EXPECT_TRUE(IsExpired(StatusOfObject(
      {{"kind", "Status"}, {"code", 410}, {"reason", "Expired"}})));
  Json too_large = {
      {"kind", "Status"},
      {"code", 504},
      {"reason", "Timeout"},
      {"details", {{"causes", {{{"reason", "ResourceVersionTooLarge"}}}}}}};
  EXPECT_TRUE(IsTooLargeResourceVersion(StatusOfObject(too_large)));
  EXPECT_FALSE(IsTooLargeResourceVersion(StatusOfAnswer(504, "")));
}

TEST(StatusTest, ErrorObjectWithoutACodeIsInternal) {
  EXPECT_TRUE(absl::IsInternal(StatusOfObject(Json::object())));
}

}  // namespace
}  // namespace landwaiter::kube
