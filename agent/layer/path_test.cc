#include "agent/layer/path.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::layer {
namespace {

std::string Clean(std::string_view raw) {
  std::string scratch;
  const auto path = CleanPath(raw, scratch);
  return path ? std::string(*path) : "(climbs)";
}

TEST(CleanPath, IsRelativeToTheRootWithoutDots) {
  EXPECT_EQ(Clean("a/b"), "a/b");
  EXPECT_EQ(Clean("./a/b/"), "a/b");
  EXPECT_EQ(Clean("/a//./b"), "a/b");
  EXPECT_EQ(Clean("//a///b//"), "a/b");
  EXPECT_EQ(Clean("a/../b"), "b");
  EXPECT_EQ(Clean("a/.wh.b"), "a/.wh.b");
  EXPECT_EQ(Clean("..a/...b"), "..a/...b");
  for (const char* root : {"", ".", "./", "/", "a/.."}) {
    EXPECT_EQ(Clean(root), "") << root;
  }
}

TEST(CleanPath, RefusesToClimbAboveTheRoot) {
  for (const char* path : {"..", "../etc/passwd", "/../a", "a/../../b"}) {
    EXPECT_EQ(Clean(path), "(climbs)") << path;
  }
}

TEST(LinkTarget, IsReadFromTheLinksDirectory) {
  EXPECT_EQ(LinkTarget("etc/os-release", "../usr/lib/os-release"),
            "usr/lib/os-release");
  EXPECT_EQ(LinkTarget("etc/os-release", "/usr/lib/os-release"),
            "usr/lib/os-release");
  EXPECT_EQ(LinkTarget("lib", "usr/lib"), "usr/lib");
  EXPECT_EQ(LinkTarget("etc/x", "y"), "etc/y");
  EXPECT_EQ(LinkTarget("etc/x", "../../../../y"), "y");
}

}  // namespace
}  // namespace landwaiter::agent::layer
