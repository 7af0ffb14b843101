#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "agent/source/layout_source.h"
#include "agent/source/manifest.h"
#include "agent/source/resolve.h"
#include "agent/source/testing/image_parts.h"
#include "core/base/failure.h"
#include "tests/support/files.h"

namespace landwaiter::agent::source {
namespace {

using base::FailureCode;
using layer::testing::ArchiveBuilder;
using layer::testing::Gzip;
using layer::testing::Zstd;
using nlohmann::json;
using testing::ConfigOf;
using ::testing::HasSubstr;

const model::Platform kLinux = {"linux", "amd64", ""};

class DockerArchiveTest : public ::testing::Test {
 protected:
  std::unique_ptr<ImageSource> Open(const ArchiveBuilder& archive) {
    const std::string path = directory_.path() + "/archive.tar";
    landwaiter::testing::WriteFile(path, archive.Finish());
    auto source = OpenDockerArchive(path);
    EXPECT_TRUE(source.ok()) << source.status();
    return *std::move(source);
  }
  const landwaiter::testing::TempDir directory_;
};

json Entry(const std::vector<std::string>& layers,
           const std::vector<std::string>& tags = {"app:v1"}) {
  return {{"Config", "config.json"}, {"RepoTags", tags}, {"Layers", layers}};
}

std::string Layer(const std::string& text) {
  return ArchiveBuilder().File("lines.txt", text).Finish();
}

// The layer's bytes as they come, or the error.
absl::StatusOr<std::string> Fetch(ImageSource& source,
                                  const model::Descriptor& blob) {
  std::string bytes;
  LANDWAITER_RETURN_IF_ERROR(source.FetchBlob(blob, [&](std::string_view data) {
    bytes.append(data);
    return absl::OkStatus();
  }));
  return bytes;
}

// Reads the layer as a scan does: inflated, and held to its diffID.
absl::Status Scan(ImageSource& source, const model::LayerRef& layer) {
  layer::InProcessLayerScanner scanner([] {
    layer::Extractors extractors;
    extractors.push_back(std::make_unique<layer::testing::LineExtractor>());
    return extractors;
  });
  return scanner
      .Scan(layer,
            [&](BlobSink sink) { return source.FetchBlob(layer.blob, sink); })
      .status();
}

TEST_F(DockerArchiveTest, LayersAreReadPlainAndCompressed) {
  const std::vector<std::string> tars = {Layer("a"), Layer("b"), Layer("c")};
  const auto source =
      Open(ArchiveBuilder()
               .File("manifest.json",
                     json::array({Entry({"a.tar", "b.tar.gz", "c"})}).dump())
               .File("config.json", ConfigOf(tars).dump())
               .File("a.tar", tars[0])
               .File("b.tar.gz", Gzip(tars[1]))
               .File("c", Zstd(tars[2])));
  const auto image = ResolveImage(*source, "app:v1", kLinux);
  ASSERT_TRUE(image.ok()) << image.status();
  ASSERT_EQ(image->layers.size(), 3u);
  EXPECT_EQ(image->layers[0].blob.digest, model::Digest::Of(tars[0]));
  EXPECT_EQ(image->layers[1].blob.digest, model::Digest::Of(Gzip(tars[1])));
  EXPECT_THAT(image->layers[1].blob.media_type, HasSubstr("tar+gzip"));
  EXPECT_THAT(image->layers[2].blob.media_type, HasSubstr("tar+zstd"));
  for (const model::LayerRef& layer : image->layers) {
    EXPECT_TRUE(Scan(*source, layer).ok()) << Scan(*source, layer);
  }
}

TEST_F(DockerArchiveTest, LayersThatAreNotTheConfigsAreRefused) {
  const std::vector<std::string> tars = {Layer("a"), Layer("b")};
  const auto source =
      Open(ArchiveBuilder()
               .File("manifest.json",
                     json::array({Entry({"a.tar", "b.tar.gz"})}).dump())
               .File("config.json", ConfigOf(tars).dump())
               .File("a.tar", Layer("x"))
               .File("b.tar.gz", Gzip(Layer("y"))));
  const auto image = ResolveImage(*source, "", kLinux);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(base::FailureCodeOf(Fetch(*source, image->layers[0].blob).status()),
            FailureCode::kDigestMismatch);
  EXPECT_EQ(base::FailureCodeOf(Scan(*source, image->layers[1])),
            FailureCode::kDiffIdMismatch);
}

TEST_F(DockerArchiveTest, AnImageIsFoundByAnyFormOfItsTag) {
  const std::string tar = Layer("a");
  const auto source =
      Open(ArchiveBuilder()
               .File("manifest.json",
                     json::array({Entry({"l"}, {"docker.io/library/app:v1"}),
                                  Entry({"l"}, {"other:v2"})})
                         .dump())
               .File("config.json", ConfigOf({tar}).dump())
               .File("l", tar));
  for (const char* name : {"app:v1", "docker.io/library/app:v1", "other:v2"}) {
    EXPECT_TRUE(source->GetManifest(name, kMaxManifestBytes).ok()) << name;
  }
  for (const char* name : {"", "app:v2"}) {
    EXPECT_EQ(base::FailureCodeOf(
                  source->GetManifest(name, kMaxManifestBytes).status()),
              FailureCode::kNotFound)
        << name;
  }
}

TEST_F(DockerArchiveTest, ALayerBehindALinkIsRead) {
  const std::string tar = Layer("a");
  const auto source = Open(
      ArchiveBuilder()
          .File("manifest.json",
                json::array({Entry({"x/layer.tar", "y/layer.tar"})}).dump())
          .File("config.json", ConfigOf({tar, tar}).dump())
          .File("x/layer.tar", tar)
          .Symlink("y/layer.tar", "../x/layer.tar"));
  const auto image = ResolveImage(*source, "", kLinux);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_TRUE(Scan(*source, image->layers[1]).ok());
}

struct Broken {
  const char* what;
  std::string manifest;
  FailureCode code;
};

TEST_F(DockerArchiveTest, WhatContradictsItselfIsATypedError) {
  const std::string tar = Layer("a");
  const auto one = [](json entry) {
    return json::array({std::move(entry)}).dump();
  };
  json no_config = Entry({"l"});
  no_config["Config"] = "missing.json";
  json no_text = Entry({"l"});
  no_text["Layers"] = {7};
  const std::vector<Broken> cases = {
      {"an object", "{}", FailureCode::kUnsupportedMedia},
      {"no JSON", "[", FailureCode::kUnsupportedMedia},
      {"deep", std::string(500, '['), FailureCode::kLimitExceeded},
      {"a missing layer", one(Entry({"m"})), FailureCode::kNotFound},
      {"a path that climbs", one(Entry({"../l"})), FailureCode::kNotFound},
      {"a layer that is no text", one(no_text), FailureCode::kNotFound},
      {"a missing config", one(no_config), FailureCode::kNotFound},
      {"more layers than diffIDs", one(Entry({"l", "l"})),
       FailureCode::kUnsupportedMedia}};
  for (const Broken& broken : cases) {
    const auto source = Open(ArchiveBuilder()
                                 .File("manifest.json", broken.manifest)
                                 .File("config.json", ConfigOf({tar}).dump())
                                 .File("l", tar));
    const auto manifest = source->GetManifest("", kMaxManifestBytes);
    ASSERT_FALSE(manifest.ok()) << broken.what;
    EXPECT_EQ(base::FailureCodeOf(manifest.status()), broken.code)
        << broken.what << ": " << manifest.status();
  }
}

TEST_F(DockerArchiveTest, TwoManifestsOfOneNameAreAmbiguous) {
  const std::string tar = Layer("a");
  const auto source =
      Open(ArchiveBuilder()
               .File("manifest.json", json::array({Entry({"l"})}).dump())
               .File("config.json", ConfigOf({tar}).dump())
               .File("l", tar)
               .File("manifest.json", "[]"));
  EXPECT_EQ(
      base::FailureCodeOf(source->GetManifest("", kMaxManifestBytes).status()),
      FailureCode::kUnsupportedMedia);
}

TEST_F(DockerArchiveTest, TooManyLayersAreALimitBeforeAnyIsRead) {
  const std::vector<std::string> paths(kMaxLayers + 1, "l");
  const auto source = Open(
      ArchiveBuilder()
          .File("manifest.json", json::array({Entry(paths)}).dump())
          .File("config.json",
                ConfigOf(std::vector<std::string>(kMaxLayers + 1, "")).dump())
          .File("l", ""));
  EXPECT_EQ(
      base::FailureCauseOf(source->GetManifest("", kMaxManifestBytes).status()),
      "layers");
}

}  // namespace
}  // namespace landwaiter::agent::source
