#include "agent/source/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "agent/source/manifest.h"
#include "agent/source/testing/image_parts.h"
#include "core/base/failure.h"

namespace landwaiter::agent::source {
namespace {

using base::FailureCode;
using nlohmann::json;
using testing::ConfigOf;
using testing::DescriptorOf;
using ::testing::HasSubstr;
using testing::kOciIndexType;
using testing::kOciManifestType;
using testing::ManifestOf;

// A repository in memory; the tag "latest" is what was added last.
class Repository : public ImageSource {
 public:
  absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                          uint64_t limit) override {
    const std::string digest =
        reference == "latest" ? latest_ : std::string(reference);
    const auto found = blobs_.find(digest);
    if (found == blobs_.end()) {
      return base::Failure(FailureCode::kNotFound, "no such manifest");
    }
    EXPECT_EQ(limit, kMaxManifestBytes);
    return RawManifest{"", model::Digest::Of(found->second), found->second};
  }
  absl::Status FetchBlob(const model::Descriptor& blob,
                         BlobSink sink) override {
    ++fetches;
    const auto found = blobs_.find(blob.digest.text());
    if (found == blobs_.end()) {
      return base::Failure(FailureCode::kNotFound, "no such blob");
    }
    return sink(found->second);
  }

  std::string Add(const std::string& bytes) {
    latest_ = model::Digest::Of(bytes).text();
    blobs_[latest_] = bytes;
    return latest_;
  }
  // An image of one layer for this platform: its descriptor in an index.
  json AddImage(const std::string& os, const std::string& architecture,
                const std::string& variant = "") {
    json config = ConfigOf({"layer"});
    config["os"] = os;
    config["architecture"] = architecture;
    if (!variant.empty()) config["variant"] = variant;
    Add(config.dump());
    const std::string manifest = ManifestOf(config.dump(), {"layer"}).dump();
    Add(manifest);
    json descriptor = DescriptorOf(manifest, kOciManifestType);
    descriptor["platform"] = config;
    descriptor["platform"].erase("rootfs");
    return descriptor;
  }
  json AddIndex(const std::vector<json>& entries) {
    const std::string index =
        json({{"mediaType", kOciIndexType}, {"manifests", entries}}).dump();
    Add(index);
    return DescriptorOf(index, kOciIndexType);
  }

  int fetches = 0;

 private:
  std::map<std::string, std::string> blobs_;
  std::string latest_;
};

std::string PlatformOf(const absl::StatusOr<ResolvedImage>& image) {
  return image.ok() ? image->config.platform.ToString()
                    : image.status().ToString();
}

TEST(ResolveTest, AnImageIsItself) {
  Repository repository;
  const json image = repository.AddImage("linux", "s390x");
  const auto resolved = ResolveImage(repository, "latest", {});
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(resolved->manifest.text(), image["digest"].get<std::string>());
  ASSERT_EQ(resolved->layers.size(), 1u);
  EXPECT_EQ(resolved->layers[0].diff_id, model::Digest::Of("layer"));
}

TEST(ResolveTest, ThePlatformThatIsAskedForIsChosen) {
  Repository repository;
  const json amd = repository.AddImage("linux", "amd64");
  const json v6 = repository.AddImage("linux", "arm", "v6");
  const json v7 = repository.AddImage("linux", "arm", "v7");
  const json windows = repository.AddImage("windows", "amd64");
  repository.AddIndex({amd, v6, v7, windows});
  const auto resolve = [&](const model::Platform& platform) {
    return PlatformOf(ResolveImage(repository, "latest", platform));
  };
  EXPECT_EQ(resolve({"linux", "arm", "v7"}), "linux/arm/v7");
  EXPECT_EQ(resolve({"linux", "arm", ""}), "linux/arm/v6");
  EXPECT_EQ(resolve({"windows", "", ""}), "windows/amd64");
  EXPECT_EQ(resolve({"", "amd64", ""}), "linux/amd64");
  // An entry that says no variant suits any.
  EXPECT_EQ(resolve({"linux", "amd64", "v2"}), "linux/amd64");
  EXPECT_THAT(resolve({"linux", "riscv64", ""}),
              HasSubstr("linux/arm/v6, linux/arm/v7, windows/amd64"));
}

TEST(ResolveTest, WithoutAPlatformTheHostsOrTheOnlyOneIsChosen) {
  Repository repository;
  const model::Platform host = model::Platform::Host();
  const json other = repository.AddImage("plan9", "mips");
  const json own = repository.AddImage(host.os, host.architecture);
  repository.AddIndex({other, own});
  EXPECT_EQ(PlatformOf(ResolveImage(repository, "latest", {})),
            host.os + "/" + host.architecture);
  repository.AddIndex({other});
  EXPECT_EQ(PlatformOf(ResolveImage(repository, "latest", {})), "plan9/mips");
}

TEST(ResolveTest, IndexesNestToFiveAndNoDeeper) {
  Repository repository;
  json entry = repository.AddImage("linux", "amd64");
  const json platform = entry["platform"];
  for (int i = 0; i < 5; ++i) {
    entry = repository.AddIndex({entry});
    entry["platform"] = platform;
  }
  const model::Platform wanted = {"linux", "amd64", ""};
  EXPECT_TRUE(ResolveImage(repository, "latest", wanted).ok());
  repository.AddIndex({entry});
  const auto deep = ResolveImage(repository, "latest", wanted);
  EXPECT_EQ(base::FailureCodeOf(deep.status()), FailureCode::kLimitExceeded);
  EXPECT_EQ(base::FailureCauseOf(deep.status()), "indexNesting");
}

TEST(ResolveTest, AnArtifactIsUnsupportedAndSaysWhatItIs) {
  Repository repository;
  json chart = ManifestOf("{}", {"layer"});
  chart["config"]["mediaType"] = "application/vnd.cncf.helm.config.v1+json";
  repository.Add(chart.dump());
  const auto resolved = ResolveImage(repository, "latest", {});
  EXPECT_EQ(base::FailureCodeOf(resolved.status()),
            FailureCode::kUnsupportedMedia);
  EXPECT_THAT(std::string(resolved.status().message()), HasSubstr("Helm"));
}

TEST(ResolveTest, AConfigThatHasOtherLayersThanTheManifestIsRefused) {
  Repository repository;
  const std::string config = ConfigOf({"a", "b"}).dump();
  repository.Add(config);
  repository.Add(ManifestOf(config, {"a"}).dump());
  const auto resolved = ResolveImage(repository, "latest", {});
  EXPECT_EQ(base::FailureCodeOf(resolved.status()),
            FailureCode::kUnsupportedMedia);
}

TEST(ResolveTest, AConfigThatSaysItIsHugeIsNotFetched) {
  Repository repository;
  json manifest = ManifestOf("{}", {});
  manifest["config"]["size"] = kMaxConfigBytes + 1;
  repository.Add(manifest.dump());
  const auto resolved = ResolveImage(repository, "latest", {});
  EXPECT_EQ(base::FailureCauseOf(resolved.status()), "configSize");
  EXPECT_EQ(repository.fetches, 0);
}

}  // namespace
}  // namespace landwaiter::agent::source
