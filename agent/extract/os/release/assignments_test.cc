#include "agent/extract/os/release/assignments.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::extract::os {
namespace {

TEST(AssignmentsTest, QuotesAndBackslashesAreTheShells) {
  const Assignments values(
      "# a comment\n"
      "PLAIN=debian\n"
      "DOUBLE=\"two words\"\n"
      "SINGLE='as it \\ is'\n"
      "ESCAPED=\"Red Hat \\$NAME \\\"x\\\"\"\n"
      "TAIL=12 # not a part\n"
      "  INDENTED=yes\r\n"
      "no assignment\n"
      "OPEN=\"never closed");
  EXPECT_EQ(values["PLAIN"], "debian");
  EXPECT_EQ(values["DOUBLE"], "two words");
  EXPECT_EQ(values["SINGLE"], "as it \\ is");
  EXPECT_EQ(values["ESCAPED"], "Red Hat $NAME \"x\"");
  EXPECT_EQ(values["TAIL"], "12");
  EXPECT_EQ(values["INDENTED"], "yes");
  EXPECT_EQ(values["OPEN"], "never closed");
  EXPECT_EQ(values["ABSENT"], "");
}

TEST(AssignmentsTest, TheLastOfAKeyCounts) {
  EXPECT_EQ(Assignments("ID=a\nID=b\n")["ID"], "b");
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
