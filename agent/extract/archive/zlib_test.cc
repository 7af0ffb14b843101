#include "agent/extract/archive/zlib.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/extract/archive/testing/zip_builder.h"

namespace landwaiter::agent::extract::archive {
namespace {

TEST(ZlibTest, WhatWasDeflatedComesOut) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i);
  for (const std::string& each : {std::string(), std::string("x"), text}) {
    EXPECT_EQ(InflateZlib(testing::Zlib(each), text.size()), each);
  }
}

TEST(ZlibTest, TheLimitIsExact) {
  const std::string bomb = testing::Zlib(std::string(1 << 20, 'x'));
  EXPECT_TRUE(InflateZlib(bomb, 1 << 20).has_value());
  EXPECT_FALSE(InflateZlib(bomb, (1 << 20) - 1).has_value());
  EXPECT_FALSE(InflateZlib(bomb, 0).has_value());
}

TEST(ZlibTest, DamagedDataIsNone) {
  const std::string good = testing::Zlib("some text of some length");
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(InflateZlib(good.substr(0, i), 1000).has_value()) << i;
  }
  std::string bytes = good;
  bytes.back() ^= 1;
  EXPECT_FALSE(InflateZlib(bytes, 1000).has_value());
  EXPECT_FALSE(InflateZlib("{}", 1000).has_value());
}

}  // namespace
}  // namespace landwaiter::agent::extract::archive
