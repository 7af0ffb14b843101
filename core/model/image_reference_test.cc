#include "core/model/image_reference.h"

#include "gtest/gtest.h"

namespace landwaiter::model {
namespace {

std::string Read(std::string_view text) {
  auto reference = ImageReference::Parse(text);
  return reference.ok() ? reference->ToString() : "refused";
}

TEST(ImageReferenceTest, FillsInWhatPeopleLeaveOut) {
  EXPECT_EQ(Read("debian"), "docker.io/library/debian:latest");
  EXPECT_EQ(Read("team/app:v1"), "docker.io/team/app:v1");
  EXPECT_EQ(Read("localhost/app"), "localhost/app:latest");
  EXPECT_EQ(Read("127.0.0.1:5000/a/b"), "127.0.0.1:5000/a/b:latest");
  EXPECT_EQ(Read("[::1]:5000/a:1"), "[::1]:5000/a:1");
}

TEST(ImageReferenceTest, ADigestNeedsNoTagAndMayHaveOne) {
  const std::string digest = Digest::Of("x").text();
  EXPECT_EQ(Read("h.example/a@" + digest), "h.example/a@" + digest);
  auto both = ImageReference::Parse("h.example/a:1@" + digest);
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->tag, "1");
  EXPECT_EQ(both->TagOrDigest(), digest);
}

TEST(ImageReferenceTest, RefusesWhatIsNoName) {
  for (std::string_view bad :
       {"", ":tag", "a:", "a@sha256:1", "h.example/../a", "h.example/A", "a//b",
        "a/-b", "a___b", "a..b", "h.example/a:.x", "h ost.x/a", "h.example/a?b",
        "h.example/a%2fb"}) {
    EXPECT_EQ(Read(bad), "refused") << bad;
  }
}

TEST(ImageReferenceTest, SeparatorsFollowTheSpecification) {
  for (std::string_view good : {"a__b", "a_b", "a---b", "a.b", "0/1-2"}) {
    EXPECT_TRUE(IsValidRepository(good)) << good;
  }
  EXPECT_TRUE(IsValidRepository(std::string(255, 'a')));
  EXPECT_FALSE(IsValidRepository(std::string(256, 'a')));
  EXPECT_TRUE(IsValidTag(std::string(128, 'a')));
  EXPECT_FALSE(IsValidTag(std::string(129, 'a')));
}

}  // namespace
}  // namespace landwaiter::model
