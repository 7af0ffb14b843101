#include "analyzer/detect/fixing.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Impact(const char* type, const char* from, const char* to) {
  const model::Inventory none;
  return Fixing(none).Impact({.type = type, .name = "p", .version = from}, to);
}

TEST(FixingTest, TheStepIsToldByTheVersionsOfTheSource) {
  EXPECT_EQ(Impact("deb", "1:2.3-4", "1:2.3-4+deb12u1"),
            "patched build of the same version");
  EXPECT_THAT(Impact("rpm", "7.61.1-18.el8", "7.61.2-1.el8"),
              HasSubstr("patch version step, 7.61.1 to 7.61.2"));
  EXPECT_THAT(Impact("golang", "v0.1.0", "0.7.0"), HasSubstr("minor"));
  EXPECT_THAT(Impact("npm", "1.9.9", "2.0.0"),
              HasSubstr("major version step, 1.9.9 to 2.0.0: may break"));
}

TEST(FixingTest, LibrariesOfRunningServicesSayWhatToRestart) {
  const model::Inventory none;
  const model::Package libc{.type = "deb",
                            .name = "libc6",
                            .version = "2.36-9",
                            .source_name = "glibc"};
  EXPECT_THAT(Fixing(none).Impact(libc, "2.36-10"), HasSubstr("restart all"));
}

TEST(FixingTest, ManySiblingsAreCounted) {
  model::Inventory inventory;
  const model::Package first{
      .type = "deb", .name = "p0", .version = "1", .source_name = "s"};
  for (int i = 0; i < 12; ++i) {
    model::Package package = first;
    package.name = "p" + std::to_string(i);
    inventory.packages.push_back({.package = package});
  }
  EXPECT_THAT(Fixing(inventory).Impact(first, "1"),
              HasSubstr("p10, p11, p2, p3, p4, p5, p6 and 3 more"));
}

TEST(FixingTest, OfAPackagesCommandsTheLastIsJoined) {
  std::vector<model::Finding> findings;
  const auto add = [&](const char* type, const char* package,
                       const char* command) {
    findings.push_back(
        {.package = package, .type = type, .fix_command = command});
  };
  add("npm", "a", "npm install 'a@1'");
  add("npm", "a", "npm install 'a@2'");
  add("npm", "b", "npm install 'b@1'");
  add("maven", "g:a", "mvn x -Dincludes=g:a -DdepVersion=1");
  add("maven", "g:b", "mvn x -Dincludes=g:b -DdepVersion=1");
  std::vector<const model::Finding*> pointers;
  for (const model::Finding& finding : findings) pointers.push_back(&finding);
  EXPECT_THAT(JoinCommands(pointers),
              ElementsAre("mvn x -Dincludes=g:a -DdepVersion=1",
                          "mvn x -Dincludes=g:b -DdepVersion=1",
                          "npm install 'a@2' 'b@1'"));
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
