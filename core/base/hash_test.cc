#include "core/base/hash.h"

#include "core/base/hex.h"
#include "gtest/gtest.h"

namespace landwaiter::base {
namespace {

// The vectors of FIPS 180-4's examples.
TEST(Sha256Test, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(Sha256Hex(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, PiecesHashAsTheWhole) {
  Sha256 hash;
  hash.Update("a");
  hash.Update("");
  hash.Update("bc");
  EXPECT_EQ(hash.FinishHex(), Sha256Hex("abc"));
}

TEST(HexTest, UpperCaseIsNotDigestHex) {
  EXPECT_TRUE(IsLowerHex("09af"));
  EXPECT_FALSE(IsLowerHex("0A"));
  EXPECT_EQ(HexEncode(std::string_view("\x00\xff", 2)), "00ff");
}

}  // namespace
}  // namespace landwaiter::base
