#include "agent/layer/inflater.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/status/statusor.h"
#include "agent/layer/testing/archive_builder.h"
#include "core/base/failure.h"

namespace landwaiter::agent::layer {
namespace {

using base::FailureCode;
using testing::Gzip;
using testing::Zstd;

absl::StatusOr<std::string> Inflate(std::string_view bytes,
                                    size_t piece = 100'000) {
  const auto inflater = NewSniffingInflater({});
  std::string result;
  const auto sink = [&result](std::string_view out) {
    result.append(out);
    return absl::OkStatus();
  };
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    LANDWAITER_RETURN_IF_ERROR(inflater->Push(bytes.substr(0, piece), sink));
  }
  LANDWAITER_RETURN_IF_ERROR(inflater->Finish(sink));
  return result;
}

FailureCode CodeOf(const absl::StatusOr<std::string>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? FailureCode::kInternal
                     : base::FailureCodeOf(result.status());
}

std::string SomeText(size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) {
    text.append(random() % 50, static_cast<char>('a' + random() % 26));
    text.push_back(static_cast<char>(random()));
  }
  text.resize(size);
  return text;
}

class InflaterTest : public ::testing::TestWithParam<size_t> {};

TEST_P(InflaterTest, EveryFormatGivesBackWhatWasCompressed) {
  const std::string text = SomeText(GetParam() < 16 ? 70'000 : 3'000'000);
  EXPECT_EQ(*Inflate(Gzip(text), GetParam()), text);
  EXPECT_EQ(*Inflate(Zstd(text), GetParam()), text);
  EXPECT_EQ(*Inflate(text, GetParam()), text);
}

TEST_P(InflaterTest, SeveralGzipMembersAndPaddingAreOneStream) {
  const std::string bytes = Gzip("one ") + Gzip("") + Gzip("two ") +
                            Gzip("three") + std::string(1000, '\0');
  EXPECT_EQ(*Inflate(bytes, GetParam()), "one two three");
}

TEST_P(InflaterTest, OptionalPartsOfAGzipHeaderAreSkipped) {
  // FHCRC is left out: its 16 bits would have to be computed.
  std::string member = Gzip("text");
  member[3] = 4 | 8 | 16;  // FEXTRA, FNAME, FCOMMENT
  member.insert(10, std::string("\x03\0abcname\0comment\0", 18));
  EXPECT_EQ(*Inflate(member, GetParam()), "text");
}

TEST_P(InflaterTest, SkippableZstdFramesAreSkipped) {
  const std::string skippable("\x53\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(
      *Inflate(skippable + Zstd("one ") + skippable + Zstd("two"), GetParam()),
      "one two");
}

TEST_P(InflaterTest, TruncatedStreamsAreCorrupt) {
  const std::string text = SomeText(5'000);
  for (const std::string& whole : {Gzip(text), Zstd(text)}) {
    for (const size_t cut :
         {size_t{7}, whole.size() / 2, whole.size() - 5, whole.size() - 1}) {
      EXPECT_EQ(CodeOf(Inflate(whole.substr(0, cut), GetParam())),
                FailureCode::kCorruptLayer)
          << cut << " of " << whole.size();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pieces, InflaterTest,
                         ::testing::Values(1, 2, 3, 13, 4096, 1'000'000));

TEST(Inflater, GarbageBehindTheEndIsCorrupt) {
  EXPECT_EQ(CodeOf(Inflate(Gzip("text") + "garbage")),
            FailureCode::kCorruptLayer);
  EXPECT_EQ(CodeOf(Inflate(Gzip("text") + std::string(2, '\0') + "x")),
            FailureCode::kCorruptLayer);
  EXPECT_EQ(CodeOf(Inflate(Zstd("text") + "garbage")),
            FailureCode::kCorruptLayer);
}

TEST(Inflater, AWrongChecksumIsCorrupt) {
  std::string bytes = Gzip("text");
  bytes[bytes.size() - 8] ^= 1;
  EXPECT_EQ(CodeOf(Inflate(bytes)), FailureCode::kCorruptLayer);
}

TEST(Inflater, AZstdWindowAboveTheLimitIsRefused) {
  const std::string text = SomeText(20'000'000);
  EXPECT_EQ(*Inflate(Zstd(text, 23)), text);
  const auto result = Inflate(Zstd(text, 24));
  EXPECT_EQ(CodeOf(result), FailureCode::kLimitExceeded);
  EXPECT_EQ(base::FailureCauseOf(result.status()), "zstdWindow");
}

TEST(Inflater, OtherCompressionsAreNamed) {
  using namespace std::string_literals;
  for (const std::string& bytes : {"\xfd"
                                   "7zXZ\0......"s,
                                   "BZh91AY&SY"s}) {
    EXPECT_EQ(CodeOf(Inflate(bytes)), FailureCode::kUnsupportedMedia);
  }
}

}  // namespace
}  // namespace landwaiter::agent::layer
