#include "core/model/digest.h"

#include "gtest/gtest.h"

namespace landwaiter::model {
namespace {

TEST(DigestTest, ReadsWhatItWrites) {
  const Digest digest = Digest::Of("abc");
  const auto parsed = Digest::Parse(digest.text());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, digest);
  EXPECT_EQ(digest.hex().substr(0, 8), "ba7816bf");
}

TEST(DigestTest, RefusesWhatCouldReachAPathOrAQuery) {
  const std::string good = Digest::Of("").text();
  const std::vector<std::string> refused = {"",
                                            "sha256:",
                                            good + "0",
                                            "sha512:" + good.substr(7),
                                            "sha256:../../../../etc",
                                            "SHA256" + good.substr(6),
                                            good.substr(0, 70) + "G"};
  for (const std::string& bad : refused) {
    EXPECT_FALSE(Digest::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace landwaiter::model
