#include "agent/inspect/image_location.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/base/failure.h"

namespace landwaiter::agent::inspect {
namespace {

using Kind = ImageLocation::Kind;

class ImageLocationTest : public ::testing::Test {
 protected:
  ImageLocationTest() {
    std::filesystem::create_directories(directory_ + "/with:colon");
    std::ofstream(directory_ + "/file.tar") << "x";
  }
  const std::string directory_ = ::testing::TempDir() + "/image_location";
};

TEST_F(ImageLocationTest, ANameIsInARegistry) {
  const auto location = ParseImageLocation("registry:5000/a:1");
  EXPECT_EQ(location->kind, Kind::kRegistry);
  EXPECT_EQ(location->reference, "registry:5000/a:1");
}

TEST_F(ImageLocationTest, ADirectoryTreeHasNoReference) {
  const auto location = ParseImageLocation("dir:/srv/root:v1");
  EXPECT_EQ(location->kind, Kind::kDirectory);
  EXPECT_EQ(location->path, "/srv/root:v1");
  EXPECT_EQ(location->reference, "");
}

TEST_F(ImageLocationTest, WhatExistsIsThePathAndTheRestTheReference) {
  const auto plain = ParseImageLocation("oci:" + directory_);
  EXPECT_EQ(plain->kind, Kind::kLayout);
  EXPECT_EQ(plain->path, directory_);
  EXPECT_EQ(plain->reference, "");

  const auto colon = ParseImageLocation("oci:" + directory_ + "/with:colon:v1");
  EXPECT_EQ(colon->path, directory_ + "/with:colon");
  EXPECT_EQ(colon->reference, "v1");

  const auto archive =
      ParseImageLocation("docker-archive:" + directory_ + "/file.tar:a/b:v1");
  EXPECT_EQ(archive->kind, Kind::kDockerArchive);
  EXPECT_EQ(archive->path, directory_ + "/file.tar");
  EXPECT_EQ(archive->reference, "a/b:v1");
}

TEST_F(ImageLocationTest, APathThatIsNotThereIsNotFound) {
  for (const char* text : {"oci:", "oci-archive:/nonexistent:v1"}) {
    EXPECT_EQ(base::FailureCodeOf(ParseImageLocation(text).status()),
              base::FailureCode::kNotFound);
  }
}

}  // namespace
}  // namespace landwaiter::agent::inspect
