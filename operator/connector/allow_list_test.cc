#include "operator/connector/allow_list.h"

#include <gtest/gtest.h>

namespace landwaiter::connector {
namespace {

bool Allowed(std::string_view method, std::string_view target) {
  return CheckAllowed(method, target, "scans").ok();
}

TEST(AllowListTest, WhatTheOperatorNeedsIsAllowed) {
  EXPECT_TRUE(Allowed("GET", "/version"));
  EXPECT_TRUE(Allowed("GET", "/api/v1/nodes?limit=500"));
  EXPECT_TRUE(Allowed(
      "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"));
  EXPECT_TRUE(Allowed("GET", "/apis/batch/v1/namespaces/scans/jobs?watch=1"));
  EXPECT_TRUE(Allowed("POST", "/apis/batch/v1/namespaces/scans/jobs"));
  EXPECT_TRUE(Allowed("PATCH", "/apis/batch/v1/namespaces/scans/jobs/scan-a"));
  EXPECT_TRUE(Allowed("DELETE", "/apis/batch/v1/namespaces/scans/jobs/scan-a"));
  EXPECT_TRUE(Allowed("GET", "/api/v1/namespaces/scans/pods"));
  EXPECT_TRUE(Allowed("POST", "/api/v1/namespaces/scans/secrets"));
  EXPECT_TRUE(Allowed("PATCH",
                      "/apis/networking.k8s.io/v1/namespaces/scans/"
                      "networkpolicies/landwaiter-scan-pods-1?force=true"));
}

TEST(AllowListTest, EverythingElseIsRefused) {
  // No Secret is ever read, changed or listed.
  EXPECT_FALSE(Allowed("GET", "/api/v1/namespaces/scans/secrets"));
  EXPECT_FALSE(Allowed("GET", "/api/v1/namespaces/scans/secrets/x"));
  EXPECT_FALSE(Allowed("DELETE", "/api/v1/namespaces/scans/secrets/x"));
  // Nothing in other namespaces, nothing of the whole cluster.
  EXPECT_FALSE(Allowed("POST", "/apis/batch/v1/namespaces/kube-system/jobs"));
  EXPECT_FALSE(Allowed("POST", "/apis/batch/v1/namespaces/scans2/jobs"));
  EXPECT_FALSE(Allowed("GET", "/apis/batch/v1/jobs"));
  EXPECT_FALSE(Allowed("GET", "/api/v1/nodes/n/proxy/exec"));
  // No subresource: no exec, no log, no token.
  EXPECT_FALSE(Allowed("POST", "/api/v1/namespaces/scans/pods/p/exec"));
  EXPECT_FALSE(Allowed("GET", "/api/v1/namespaces/scans/pods/p/log"));
  EXPECT_FALSE(Allowed("POST", "/api/v1/namespaces/scans/pods"));
  EXPECT_FALSE(Allowed("PUT", "/apis/batch/v1/namespaces/scans/jobs/a"));
  EXPECT_FALSE(
      Allowed("POST", "/api/v1/namespaces/scans/serviceaccounts/x/token"));
}

TEST(AllowListTest, APathThatIsNotPlainIsRefused) {
  for (const char* path :
       {"/apis/batch/v1/namespaces/scans/jobs/../secrets",
        "/apis/batch/v1/namespaces/scans/jobs/..", "//version",
        "/apis/batch/v1/namespaces/scans/jobs/a%2f..%2fsecrets",
        "/apis/batch/v1/namespaces/scans/jobs/", "/version/",
        "/apis/batch/v1/namespaces/scans/jobs/a;b", "version", "",
        "https://elsewhere/version", "/version#/api"}) {
    EXPECT_FALSE(Allowed("GET", path)) << path;
  }
}

}  // namespace
}  // namespace landwaiter::connector
