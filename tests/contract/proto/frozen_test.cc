// The contract as it is now, held to every contract that was frozen.
#include <google/protobuf/text_format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/contract/proto/breaking_change.h"

namespace landwaiter::contract {
namespace {

namespace fs = std::filesystem;
using google::protobuf::FileDescriptorSet;
using testing::IsEmpty;

FileDescriptorSet Present() {
  std::ifstream file(LANDWAITER_PRESENT_CONTRACT, std::ios::binary);
  FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromIstream(&file)) << LANDWAITER_PRESENT_CONTRACT;
  return set;
}

FileDescriptorSet Read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  FileDescriptorSet set;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text.str(), &set))
      << path;
  return set;
}

std::vector<fs::path> FrozenContracts() {
  std::vector<fs::path> paths;
  for (const auto& entry :
       fs::directory_iterator(LANDWAITER_FROZEN_CONTRACTS)) {
    paths.push_back(entry.path());
  }
  return paths;
}

TEST(FrozenContractTest, NothingThatWasFrozenIsBroken) {
  const FileDescriptorSet present = Present();
  const std::vector<fs::path> frozen = FrozenContracts();
  ASSERT_FALSE(frozen.empty());
  for (const fs::path& path : frozen) {
    const FileDescriptorSet before = Read(path);
    EXPECT_GT(before.file_size(), 0) << path;
    EXPECT_THAT(BreakingChanges(before, present), IsEmpty())
        << "Programs of that release no longer understand this one. Add a new "
           "field or message instead, and leave the old one where it is.";
  }
}

}  // namespace
}  // namespace landwaiter::contract
