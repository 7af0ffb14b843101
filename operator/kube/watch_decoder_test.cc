#include "operator/kube/watch_decoder.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

constexpr char kTwo[] =
    R"({"type":"ADDED","object":{"metadata":{"name":"a"}}})"
    "\n"
    R"({"type":"DELETED","object":{"metadata":{"name":"b"}}})"
    "\n";

class WatchDecoderTest : public testing::Test {
 protected:
  absl::Status Note(const WatchEvent& event) {
    const char* const signs[] = {"+", "~", "-", "."};
    notes_.push_back(signs[static_cast<int>(event.type)] +
                     NameOf(*event.object));
    return result_;
  }
  std::vector<std::string> notes_;
  absl::Status result_;
};

TEST_F(WatchDecoderTest, EventsComeOutWhereverTheChunksAreCut) {
  const std::string text = kTwo;
  for (size_t size = 1; size <= text.size(); ++size) {
    notes_.clear();
    auto note = [&](const WatchEvent& event) { return Note(event); };
    WatchDecoder decoder(1000, note);
    for (size_t i = 0; i < text.size(); i += size) {
      ASSERT_TRUE(decoder.Feed(text.substr(i, size)).ok());
    }
    EXPECT_TRUE(decoder.Finish().ok());
    ASSERT_THAT(notes_, testing::ElementsAre("+a", "-b")) << size;
  }
}

TEST_F(WatchDecoderTest, BodyThatEndsWithinAnEventIsBroken) {
  auto note = [&](const WatchEvent& event) { return Note(event); };
  WatchDecoder decoder(1000, note);
  ASSERT_TRUE(decoder.Feed(std::string(kTwo).substr(0, 70)).ok());
  EXPECT_TRUE(absl::IsUnavailable(decoder.Finish()));
  EXPECT_THAT(notes_, testing::ElementsAre("+a"));
}

TEST_F(WatchDecoderTest, ErrorEventIsTheStatusItHolds) {
  auto note = [&](const WatchEvent& event) { return Note(event); };
  WatchDecoder decoder(1000, note);
  absl::Status status =
      decoder.Feed(R"({"type":"ERROR","object":{"kind":"Status","code":410,)"
                   R"("reason":"Expired","message":"too old"}})"
                   "\n");
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(), "too old");
}

TEST_F(WatchDecoderTest, WhatIsNoEventIsRefused) {
  for (const char* line : {"<html>\n", "[]\n", "{}\n", "{\"type\":\"ADDED\"}\n",
                           "{\"type\":\"ADDED\",\"object\":3}\n",
                           "{\"type\":\"NEW\",\"object\":{}}\n"}) {
    auto note = [&](const WatchEvent& event) { return Note(event); };
    WatchDecoder decoder(1000, note);
    EXPECT_TRUE(absl::IsInternal(decoder.Feed(line))) << line;
  }
  EXPECT_TRUE(notes_.empty());
}

TEST_F(WatchDecoderTest, EventPastTheLimitIsRefusedBeforeItIsKept) {
  auto note = [&](const WatchEvent& event) { return Note(event); };
  WatchDecoder decoder(100, note);
  absl::Status status;
  int fed = 0;
  while (status.ok() && fed < 100) {
    status = decoder.Feed("xxxxxxxxxx");
    ++fed;
  }
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(fed, 11);
}

TEST_F(WatchDecoderTest, ReceiversErrorEndsTheWatch) {
  result_ = absl::AbortedError("enough");
  auto note = [&](const WatchEvent& event) { return Note(event); };
  WatchDecoder decoder(1000, note);
  EXPECT_TRUE(absl::IsAborted(decoder.Feed(kTwo)));
  EXPECT_EQ(notes_.size(), 1u);
}

}  // namespace
}  // namespace landwaiter::kube
