#include "agent/source/layout_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/layer/testing/archive_builder.h"
#include "agent/source/manifest.h"
#include "agent/source/resolve.h"
#include "agent/source/testing/image_parts.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "tests/support/files.h"

namespace landwaiter::agent::source {
namespace {

using base::FailureCode;
using layer::testing::ArchiveBuilder;
using nlohmann::json;
using testing::ConfigOf;
using testing::DescriptorOf;
using ::testing::HasSubstr;
using testing::kOciManifestType;
using testing::ManifestOf;

using FileList = std::vector<std::pair<std::string, std::string>>;

std::string BlobPath(std::string_view bytes) {
  return base::StrCat("blobs/sha256/", model::Digest::Of(bytes).hex());
}

struct Image {
  std::string config = ConfigOf({"layer"}).dump();
  std::string manifest = ManifestOf(config, {"layer"}).dump();
};

json NamedEntry(const std::string& manifest, const std::string& name) {
  json entry = DescriptorOf(manifest, kOciManifestType);
  if (!name.empty()) {
    entry["annotations"]["org.opencontainers.image.ref.name"] = name;
  }
  return entry;
}

FileList LayoutFiles(const std::vector<json>& entries) {
  const Image image;
  return {{"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"},
          {"index.json", json({{"manifests", entries}}).dump()},
          {BlobPath(image.config), image.config},
          {BlobPath(image.manifest), image.manifest},
          {BlobPath("layer"), "layer"}};
}

// The same files in a folder (false) and in an archive (true).
class LayoutSourceTest : public ::testing::TestWithParam<bool> {
 protected:
  absl::StatusOr<std::unique_ptr<ImageSource>> Open(const FileList& files) {
    if (GetParam()) {
      ArchiveBuilder archive;
      for (const auto& [path, bytes] : files) archive.File(path, bytes);
      const std::string path = directory_.path() + "/archive.tar";
      landwaiter::testing::WriteFile(path, archive.Finish());
      return OpenLayoutArchive(path);
    }
    for (const auto& [path, bytes] : files) {
      const std::string target = directory_.path() + "/" + path;
      std::filesystem::create_directories(
          std::filesystem::path(target).parent_path());
      landwaiter::testing::WriteFile(target, bytes);
    }
    return OpenLayoutDirectory(directory_.path());
  }
  std::unique_ptr<ImageSource> MustOpen(const FileList& files) {
    auto source = Open(files);
    EXPECT_TRUE(source.ok()) << source.status();
    return *std::move(source);
  }
  const landwaiter::testing::TempDir directory_;
};

INSTANTIATE_TEST_SUITE_P(All, LayoutSourceTest, ::testing::Bool(),
                         [](const auto& info) {
                           return info.param ? "Archive" : "Directory";
                         });

absl::StatusOr<std::string> Fetch(ImageSource& source,
                                  const model::Descriptor& blob) {
  std::string bytes;
  LANDWAITER_RETURN_IF_ERROR(source.FetchBlob(blob, [&](std::string_view data) {
    bytes.append(data);
    return absl::OkStatus();
  }));
  return bytes;
}

TEST_P(LayoutSourceTest, AnImageIsFoundByNameByDigestAndAsTheOnlyOne) {
  const Image image;
  const auto source = MustOpen(LayoutFiles({NamedEntry(image.manifest, "v1")}));
  const std::string digest = model::Digest::Of(image.manifest).text();
  for (const std::string& reference :
       {std::string("v1"), std::string(), digest}) {
    const auto resolved =
        ResolveImage(*source, reference, {"linux", "amd64", ""});
    ASSERT_TRUE(resolved.ok()) << reference << ": " << resolved.status();
    EXPECT_EQ(resolved->manifest.text(), digest);
    const auto layer = Fetch(*source, resolved->layers[0].blob);
    ASSERT_TRUE(layer.ok()) << layer.status();
    EXPECT_EQ(*layer, "layer");
  }
}

TEST_P(LayoutSourceTest, ANameThatIsNotThereIsNotFoundAndThoseThereAreTold) {
  const Image image;
  const auto source = MustOpen(LayoutFiles(
      {NamedEntry(image.manifest, "v1"), NamedEntry(image.manifest, "v2")}));
  for (const char* name : {"", "v3"}) {
    const auto manifest = source->GetManifest(name, kMaxManifestBytes);
    EXPECT_EQ(base::FailureCodeOf(manifest.status()), FailureCode::kNotFound);
    EXPECT_THAT(std::string(manifest.status().message()), HasSubstr("v1, v2"));
  }
}

TEST_P(LayoutSourceTest, BlobsThatAreNotWhatTheirNameSaysAreRefused) {
  const Image image;
  FileList files = LayoutFiles({NamedEntry(image.manifest, "v1")});
  files[3].second += " ";
  files[4].second = "other";
  const auto source = MustOpen(files);
  EXPECT_EQ(base::FailureCodeOf(
                source->GetManifest("v1", kMaxManifestBytes).status()),
            FailureCode::kDigestMismatch);
  model::Descriptor layer;
  layer.digest = model::Digest::Of("layer");
  for (const uint64_t size : {5, 4}) {
    layer.size = size;
    EXPECT_EQ(base::FailureCodeOf(Fetch(*source, layer).status()),
              FailureCode::kDigestMismatch);
  }
  layer.digest = model::Digest::Of("missing");
  EXPECT_EQ(base::FailureCodeOf(Fetch(*source, layer).status()),
            FailureCode::kNotFound);
}

TEST_P(LayoutSourceTest, AManifestPastTheLimitIsNotRead) {
  const Image image;
  const auto source = MustOpen(LayoutFiles({NamedEntry(image.manifest, "v1")}));
  const auto manifest = source->GetManifest("v1", 10);
  EXPECT_EQ(base::FailureCauseOf(manifest.status()), "manifestSize");
}

TEST_P(LayoutSourceTest, AnIndexThatIsNoneIsUnsupported) {
  for (const char* text :
       {"", "[]", "{}", R"({"manifests":1})",
        R"({"manifests":[{"digest":"sha256:../../../../etc/passwd"}]})"}) {
    const auto source = MustOpen({{"index.json", text}});
    EXPECT_EQ(base::FailureCodeOf(
                  source->GetManifest("", kMaxManifestBytes).status()),
              FailureCode::kUnsupportedMedia)
        << text;
  }
}

TEST_P(LayoutSourceTest, WhatIsNoLayoutIsRefusedWithAHint) {
  const auto source = Open({{"manifest.json", "[]"}});
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(std::string(source.status().message()), HasSubstr("index.json"));
}

TEST_P(LayoutSourceTest, AnArchiveWithTwoIndexesIsAmbiguous) {
  if (!GetParam()) GTEST_SKIP() << "a folder has each name once";
  const Image image;
  FileList files = LayoutFiles({NamedEntry(image.manifest, "v1")});
  files.insert(files.begin(), {"./index.json", R"({"manifests":[]})"});
  // A blob that stands twice is what its digest says.
  files.push_back(files.back());
  const auto source = MustOpen(files);
  const auto manifest = source->GetManifest("v1", kMaxManifestBytes);
  EXPECT_EQ(base::FailureCodeOf(manifest.status()),
            FailureCode::kUnsupportedMedia);
  EXPECT_THAT(std::string(manifest.status().message()), HasSubstr("several"));
  model::Descriptor layer;
  layer.digest = model::Digest::Of("layer");
  layer.size = 5;
  EXPECT_TRUE(Fetch(*source, layer).ok());
}

TEST(LayoutSourcePathTest, APathThatIsNotThereIsNotFound) {
  for (const auto open :
       {OpenLayoutDirectory, OpenLayoutArchive, OpenDockerArchive}) {
    EXPECT_EQ(base::FailureCodeOf(open("/nowhere/at/all").status()),
              FailureCode::kNotFound);
  }
}

}  // namespace
}  // namespace landwaiter::agent::source
