#include "agent/job/uploaded_component.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::job {
namespace {

constexpr char kVersion[] = "0.1.0";
constexpr char kImageType[] =
    "application/vnd.docker.distribution.manifest.v2+json";
constexpr char kIndexType[] = "application/vnd.oci.image.index.v1+json";

// One repository, by reference.
class FakeRegistry : public registry::Registry {
 public:
  std::map<std::string, source::RawManifest, std::less<>> manifests;

  model::Digest Put(const std::string& bytes, const std::string& media_type) {
    const model::Digest digest = model::Digest::Of(bytes);
    manifests[digest.text()] = {media_type, digest, bytes};
    return digest;
  }
  void Tag(const std::string& tag, const model::Digest& digest) {
    manifests[tag] = manifests.at(digest.text());
  }

  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t) override {
    const auto it = manifests.find(reference);
    if (it != manifests.end() && repository == "library/landwaiter-agent") {
      return it->second;
    }
    return base::Failure(base::FailureCode::kNotFound, "no such manifest");
  }
  absl::StatusOr<registry::Verification> Verify() override { return Unused(); }
  absl::StatusOr<registry::RepositoryPage> ListRepositories(
      std::string_view) override {
    return Unused();
  }
  absl::StatusOr<registry::ArtifactPage> ListArtifacts(
      std::string_view, std::string_view) override {
    return Unused();
  }
  absl::StatusOr<model::Digest> ResolveTag(std::string_view,
                                           std::string_view) override {
    return Unused();
  }
  absl::Status FetchBlob(std::string_view, const model::Descriptor&,
                         source::BlobSink) override {
    return Unused();
  }

 private:
  static absl::Status Unused() { return absl::InternalError("not asked for"); }
};

class UploadedComponentTest : public testing::Test {
 protected:
  // An image manifest whose config is `config`; `salt` makes another manifest
  // of the same image, as docker load and push do.
  model::Digest PutImage(const std::string& config,
                         const std::string& salt = "") {
    return registry_.Put(
        base::StrCat(
            R"({"schemaVersion":2,"mediaType":")", kImageType,
            R"(","config":{"mediaType":"application/vnd.docker.container.)",
            R"(image.v1+json","size":2,"digest":")",
            model::Digest::Of(config).text(), R"("},"layers":[],"x":")", salt,
            R"("})"),
        kImageType);
  }
  model::Digest PutIndex(const std::vector<model::Digest>& entries) {
    std::string list;
    for (const model::Digest& entry : entries) {
      base::StrAppend(&list, list.empty() ? "" : ",", R"({"mediaType":")",
                      kImageType, R"(","size":2,"digest":")", entry.text(),
                      R"(","platform":{"os":"linux","architecture":"a)",
                      list.size(), R"("}})");
    }
    return registry_.Put(
        base::StrCat(R"({"schemaVersion":2,"mediaType":")", kIndexType,
                     R"(","manifests":[)", list, "]}"),
        kIndexType);
  }
  void Release(const std::vector<std::string>& configs) {
    for (const std::string& config : configs) {
      wanted_.config_digests.push_back(model::Digest::Of(config).text());
    }
  }
  absl::StatusOr<model::Digest> Check(std::string_view own = kVersion) {
    return CheckUploadedComponent(registry_, wanted_, own);
  }
  static std::string Cause(const absl::Status& status) {
    return base::StrCat(base::ToString(base::FailureCodeOf(status)), "/",
                        base::FailureCauseOf(status));
  }

  FakeRegistry registry_;
  UploadedComponent wanted_{.repository = "library/landwaiter-agent",
                            .tag = kVersion,
                            .version = kVersion};
};

TEST_F(UploadedComponentTest, AnotherManifestOfTheSameImageIsTheRightOne) {
  Release({"amd64"});
  const model::Digest loaded = PutImage("amd64", "pushed by docker");
  registry_.Tag(kVersion, loaded);
  const auto digest = Check();
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, loaded);
}

TEST_F(UploadedComponentTest, AnIndexIsRightIfEveryPlatformIs) {
  Release({"amd64", "arm64"});
  const model::Digest index = PutIndex({PutImage("amd64"), PutImage("arm64")});
  registry_.Tag(kVersion, index);
  const auto digest = Check();
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, index);

  registry_.Tag(kVersion, PutIndex({PutImage("amd64"), PutImage("evil")}));
  EXPECT_EQ(Cause(Check().status()), "ScanComponentMissing/Digest");
}

TEST_F(UploadedComponentTest, AnotherImageUnderTheTagIsRefused) {
  Release({"amd64"});
  registry_.Tag(kVersion, PutImage("something else"));
  EXPECT_EQ(Cause(Check().status()), "ScanComponentMissing/Digest");
}

TEST_F(UploadedComponentTest, AnotherReleaseIsRefusedThoughTheTagSaysThisOne) {
  registry_.Tag(kVersion, PutImage("old"));
  const auto status = Check("0.0.9").status();
  EXPECT_EQ(Cause(status), "ScanComponentMissing/Version");
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("0.0.9"));
}

TEST_F(UploadedComponentTest, WhatIsNotThereIsNamed) {
  EXPECT_EQ(Cause(Check().status()), "ScanComponentMissing/NotFound");
  // An index may name what was not pushed.
  Release({"amd64"});
  registry_.Tag(kVersion, PutIndex({model::Digest::Of("absent")}));
  EXPECT_EQ(Cause(Check().status()), "ScanComponentMissing/NotFound");
}

TEST_F(UploadedComponentTest, WithoutKnownDigestsTheVersionAloneDecides) {
  registry_.Tag(kVersion, PutImage("amd64"));
  EXPECT_TRUE(Check().ok());
}

}  // namespace
}  // namespace landwaiter::agent::job
