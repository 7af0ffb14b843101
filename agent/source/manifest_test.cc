#include "agent/source/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/source/testing/image_parts.h"
#include "core/base/failure.h"

namespace landwaiter::agent::source {
namespace {

using base::FailureCode;
using nlohmann::json;
using testing::ConfigOf;
using testing::DescriptorOf;
using ::testing::HasSubstr;
using testing::kOciConfigType;
using testing::kOciIndexType;
using testing::kOciManifestType;
using testing::ManifestOf;

constexpr char kDockerManifest[] =
    "application/vnd.docker.distribution.manifest.v2+json";
constexpr char kDockerList[] =
    "application/vnd.docker.distribution.manifest.list.v2+json";

absl::StatusOr<Manifest> Read(const json& body, const std::string& type = "") {
  const std::string bytes = body.dump();
  return ReadManifest({type, model::Digest::Of(bytes), bytes});
}

void ExpectFails(const absl::Status& status, FailureCode code,
                 std::string_view message, std::string_view cause = "") {
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(base::FailureCodeOf(status), code) << status;
  EXPECT_EQ(base::FailureCauseOf(status), cause);
  EXPECT_THAT(std::string(status.message()), HasSubstr(message));
}

json Image() { return ManifestOf("{}", {"one", "two"}); }

json Index() {
  json entry = DescriptorOf("image", kOciManifestType);
  entry["platform"] = {{"os", "linux"}, {"architecture", "arm64"}};
  json attestation = DescriptorOf("attestation", kOciManifestType);
  attestation["platform"] = {{"os", "unknown"}, {"architecture", "unknown"}};
  return {{"schemaVersion", 2},
          {"mediaType", kOciIndexType},
          {"manifests", {entry, attestation}}};
}

TEST(ManifestTest, AnImageHasItsConfigAndLayersInOrder) {
  const auto manifest = Read(Image());
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->kind, ManifestKind::kImage);
  EXPECT_EQ(manifest->config.digest, model::Digest::Of("{}"));
  ASSERT_EQ(manifest->layers.size(), 2u);
  EXPECT_EQ(manifest->layers[0].digest, model::Digest::Of("one"));
  EXPECT_EQ(manifest->TotalSize(), 8u);
}

TEST(ManifestTest, AnIndexHasItsImagesWithoutAttestations) {
  const auto index = Read(Index());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(index->kind, ManifestKind::kIndex);
  ASSERT_EQ(index->entries.size(), 1u);
  EXPECT_EQ(index->entries[0].platform.ToString(), "linux/arm64");
}

// GHSA-5j5w-g665-5m35: one body that two readers take for two things.
TEST(ManifestTest, ABodyThatIsManifestAndIndexAtOnceIsRefused) {
  for (const char* key : {"config", "layers", "fsLayers"}) {
    json both = Index();
    both[key] = Image().value(key, json::array());
    for (const char* type : {"", kOciIndexType, kOciManifestType}) {
      ExpectFails(Read(both, type).status(), FailureCode::kUnsupportedMedia,
                  "ambiguous");
    }
  }
}

TEST(ManifestTest, ABodyThatIsAnotherKindThanItSaysIsRefused) {
  json image = Image();
  json index = Index();
  for (const char* type : {kOciIndexType, kDockerList}) {
    image["mediaType"] = type;
    ExpectFails(Read(image).status(), FailureCode::kUnsupportedMedia,
                "ambiguous");
  }
  for (const char* type : {kOciManifestType, kDockerManifest}) {
    index["mediaType"] = type;
    ExpectFails(Read(index).status(), FailureCode::kUnsupportedMedia,
                "ambiguous");
  }
}

TEST(ManifestTest, ABodyThatIsAnotherKindThanTheRegistrySaidIsRefused) {
  ExpectFails(Read(Image(), kOciIndexType).status(),
              FailureCode::kUnsupportedMedia, "ambiguous");
  ExpectFails(Read(Image(), kDockerList).status(),
              FailureCode::kUnsupportedMedia, "ambiguous");
  ExpectFails(Read(Index(), kOciManifestType).status(),
              FailureCode::kUnsupportedMedia, "ambiguous");
  // OCI and Docker call the same thing by two names.
  EXPECT_TRUE(Read(Image(), kDockerManifest).ok());
  EXPECT_TRUE(Read(Index(), kDockerList).ok());
}

TEST(ManifestTest, WhatIsNoImageIsAnArtifactAndSaysWhat) {
  json chart = Image();
  chart["config"]["mediaType"] = "application/vnd.cncf.helm.config.v1+json";
  json signature = Image();
  signature["layers"][0]["mediaType"] =
      "application/vnd.dev.cosign.simplesigning.v1+json";
  json attached = Image();
  attached["subject"] = DescriptorOf("other", kOciManifestType);
  const json old = {{"schemaVersion", 1}, {"fsLayers", json::array()}};
  const std::pair<json, std::string> cases[] = {{chart, "a Helm chart"},
                                                {signature, "a signature"},
                                                {attached, "an attachment"},
                                                {old, "schema 1"}};
  for (const auto& [body, what] : cases) {
    const auto manifest = Read(body);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    EXPECT_EQ(manifest->kind, ManifestKind::kArtifact);
    EXPECT_THAT(manifest->unsupported, HasSubstr(what));
  }
}

TEST(ManifestTest, WhatCannotBeReadIsUnsupported) {
  const auto read = [](const std::string& bytes) {
    return ReadManifest({"", model::Digest::Of(bytes), bytes}).status();
  };
  ExpectFails(read("<html>"), FailureCode::kUnsupportedMedia, "JSON object");
  ExpectFails(read("[]"), FailureCode::kUnsupportedMedia, "JSON object");
  ExpectFails(read(""), FailureCode::kUnsupportedMedia, "JSON object");
  json body = Image();
  body["layers"] = "none";
  ExpectFails(Read(body).status(), FailureCode::kUnsupportedMedia, "no list");
  body = Image();
  body["layers"][1]["digest"] = "md5:1";
  ExpectFails(Read(body).status(), FailureCode::kUnsupportedMedia, "a layer");
  body["layers"][1] = 7;
  ExpectFails(Read(body).status(), FailureCode::kUnsupportedMedia,
              "descriptor");
  body = Image();
  body["config"] = nullptr;
  ExpectFails(Read(body).status(), FailureCode::kUnsupportedMedia,
              "the config");
  body = Index();
  body["manifests"] = 1;
  ExpectFails(Read(body).status(), FailureCode::kUnsupportedMedia,
              "without a list");
}

TEST(ManifestTest, LimitsAreKept) {
  json layers = ManifestOf("{}", std::vector<std::string>(kMaxLayers, "l"));
  EXPECT_TRUE(Read(layers).ok());
  layers["layers"].push_back(DescriptorOf("l", "tar"));
  ExpectFails(Read(layers).status(), FailureCode::kLimitExceeded, "513 layers",
              "layers");
  json index = Index();
  index["manifests"] = std::vector<json>(kMaxIndexEntries + 1,
                                         DescriptorOf("m", kOciManifestType));
  ExpectFails(Read(index).status(), FailureCode::kLimitExceeded, "2049",
              "indexEntries");
  const std::string deep =
      "{\"a\":" + std::string(200, '[') + "1" + std::string(200, ']') + "}";
  ExpectFails(ReadManifest({"", {}, deep}).status(),
              FailureCode::kLimitExceeded, "nests deeper", "jsonDepth");
  const std::string absurd = "{\"a\":" + std::string(1'000'000, '[');
  ExpectFails(ReadManifest({"", {}, absurd}).status(),
              FailureCode::kLimitExceeded, "nests deeper", "jsonDepth");
}

TEST(ManifestTest, ASizeThatIsNoNumberIsZero) {
  json body = Image();
  body["config"]["size"] = -5;
  body["layers"][0]["size"] = "many";
  const auto manifest = Read(body);
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(manifest->TotalSize(), 3u);
}

TEST(ConfigTest, PlatformDiffIdsAndFactsAreRead) {
  json config = ConfigOf({"a", "b"});
  config["variant"] = "v8";
  config["config"] = {{"User", "1000"}};
  const auto file = ReadConfig(config.dump());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->config.platform.ToString(), "linux/amd64/v8");
  EXPECT_EQ(file->config.user, "1000");
  ASSERT_EQ(file->diff_ids.size(), 2u);
  EXPECT_EQ(file->diff_ids[1], model::Digest::Of("b"));
}

TEST(ConfigTest, OneWithoutDiffIdsIsUnsupported) {
  for (const char* text :
       {"{}", "[]", "", R"({"rootfs":1})", R"({"rootfs":{"diff_ids":{}}})",
        R"({"rootfs":{"diff_ids":[1]}})",
        R"({"rootfs":{"diff_ids":["sha256:short"]}})"}) {
    EXPECT_EQ(base::FailureCodeOf(ReadConfig(text).status()),
              FailureCode::kUnsupportedMedia)
        << text;
  }
}

}  // namespace
}  // namespace landwaiter::agent::source
