#include "operator/kube/request_path.h"

#include "gtest/gtest.h"

namespace landwaiter::kube {
namespace {

TEST(RequestPathTest, PathsAreThoseOfTheApi) {
  EXPECT_EQ(*CollectionPath(kPods, ""), "/api/v1/pods");
  EXPECT_EQ(*CollectionPath(kPods, "n"), "/api/v1/namespaces/n/pods");
  EXPECT_EQ(*CollectionPath(kNodes, "n"), "/api/v1/nodes");
  EXPECT_EQ(*ObjectPath(kJobs, {"n", "j"}, "status"),
            "/apis/batch/v1/namespaces/n/jobs/j/status");
  EXPECT_EQ(*ObjectPath(kNodes, {"", "x"}), "/api/v1/nodes/x");
}

TEST(RequestPathTest, NameCannotLeaveItsSegment) {
  EXPECT_EQ(*ObjectPath(kSecrets, {"n", "../../x/secrets/y?a=b"}),
            "/api/v1/namespaces/n/secrets/..%2F..%2Fx%2Fsecrets%2Fy%3Fa%3Db");
  for (const char* bad : {"", ".", ".."}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(ObjectPath(kSecrets, {"n", bad}).status()));
  }
  EXPECT_FALSE(ObjectPath(kSecrets, {"", "x"}).ok());
  EXPECT_FALSE(ObjectPath(kSecrets, {"..", "x"}).ok());
}

TEST(RequestPathTest, QueryIsEscapedAndEmptyValuesAreLeftOut) {
  std::string target = "/x";
  AddQuery(target, "labelSelector", "a in (b, c)");
  AddQuery(target, "fieldSelector", "");
  AddQuery(target, "limit", int64_t{0});
  AddQuery(target, "tailLines", int64_t{5});
  EXPECT_EQ(target, "/x?labelSelector=a%20in%20%28b%2C%20c%29&tailLines=5");
}

}  // namespace
}  // namespace landwaiter::kube
