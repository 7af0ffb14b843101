#include "core/wire/inventory_json.h"

#include <string>

#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::wire {
namespace {

std::string InventoryToJson(const model::Inventory& inventory) {
  std::string json;
  WriteInventoryJson(
      inventory,
      [&inventory](model::PackageVisitor visit) {
        for (const auto& package : inventory.packages) visit(package);
      },
      [&json](std::string_view text) { json += text; });
  return json;
}

using ::testing::HasSubstr;

model::Digest DigestOf(char c) {
  return model::Digest::FromSha256Hex(std::string(64, c));
}

model::Inventory FullInventory() {
  model::Inventory inventory;
  inventory.reference = "registry.example:5000/team/app:1.0";
  inventory.manifest = DigestOf('a');
  inventory.config = {
      .platform = {"linux", "arm64", "v8"},
      .created = "2024-01-02T03:04:05Z",
      .user = "1000",
      .environment = {"PATH=/bin", "TOKEN=[redacted]"},
      .entrypoint = {"/entry", "--x"},
      .command = {"serve"},
      .ports = {"80/tcp"},
      .volumes = {"/data"},
      .labels = {{"a.b", "c"}},
      .working_directory = "/srv",
      .stop_signal = "SIGQUIT",
      .history = {{"2024-01-02T03:04:05Z", "RUN x", "note", true}},
      .truncated = true};
  model::LayerRef layer;
  layer.blob.digest = DigestOf('b');
  layer.blob.size = 123456789012;
  layer.blob.media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
  layer.diff_id = DigestOf('c');
  inventory.layers.push_back(layer);
  inventory.os = {.id = "rhel",
                  .id_like = "fedora",
                  .version_id = "8.6",
                  .codename = "Ootpa",
                  .pretty_name = "Red Hat Enterprise Linux 8.6 (Ootpa)",
                  .cpe_name = "cpe:/o:redhat:enterprise_linux:8::baseos"};
  inventory.packages.push_back(
      {.package = {.type = "rpm",
                   .name = "nodejs",
                   .version = "1:14.21.1-2",
                   .architecture = "x86_64",
                   .source_name = "nodejs-src",
                   .source_version = "14.21.1-2",
                   .module = "nodejs:14:8070:abc",
                   .vendor = "Red Hat, \"Inc.\" \xC3\xA9",
                   .licenses = {"MIT", "ASL 2.0"}},
       .path = "var/lib/rpm/Packages",
       .layer = DigestOf('b')});
  inventory.packages.push_back({.package = {.type = "maven",
                                            .name = "org.example:core",
                                            .version = "1.0",
                                            .location = "lib/core.jar",
                                            .declared = true,
                                            .development = true},
                                .path = "usr/share/java/app.war",
                                .layer = DigestOf('b'),
                                .owned = true});
  inventory.problems = {"var/lib/dpkg/status: truncated"};
  return inventory;
}

absl::Status ErrorOf(const std::string& json) {
  return InventoryFromJson(json).status();
}

TEST(InventoryJsonTest, EveryFieldComesBack) {
  const absl::StatusOr<model::Inventory> read =
      InventoryFromJson(InventoryToJson(FullInventory()));
  ASSERT_EQ(read.status(), absl::OkStatus());
  EXPECT_EQ(*read, FullInventory());
}

TEST(InventoryJsonTest, AnEmptyInventoryHasAllSections) {
  EXPECT_EQ(InventoryToJson(model::Inventory()),
            R"({"image":{},"os":{},"layers":[],"packages":[],"problems":[]})");
  EXPECT_EQ(*InventoryFromJson(InventoryToJson(model::Inventory())),
            model::Inventory());
}

TEST(InventoryJsonTest, KeysAreCamelCaseAndEmptyTextsAreLeftOut) {
  model::Inventory inventory;
  inventory.packages.push_back({.package = {.type = "apk",
                                            .name = "musl",
                                            .version = "1.2.4-r1",
                                            .source_name = "musl"}});
  EXPECT_THAT(InventoryToJson(inventory),
              HasSubstr(R"({"type":"apk","name":"musl","version":"1.2.4-r1",)"
                        R"("sourceName":"musl"})"));
}

TEST(InventoryJsonTest, BytesThatAreNotUtf8AreReplaced) {
  model::Inventory inventory;
  inventory.problems = {"a\xFFz"};
  EXPECT_THAT(InventoryToJson(inventory), HasSubstr("a\xEF\xBF\xBDz"));
}

TEST(InventoryJsonTest, UnknownKeysAndNullsAreIgnored) {
  const auto read = InventoryFromJson(
      R"({"schema": 7, "os": null,
          "packages": [{"type": "deb", "name": "a", "version": "1",
                        "purl": {"x": [1]}, "arch": null}]})");
  ASSERT_EQ(read.status(), absl::OkStatus());
  EXPECT_EQ(read->packages[0].package.name, "a");
}

TEST(InventoryJsonTest, WhatIsWrongIsNamedByItsField) {
  const struct {
    const char* json;
    const char* message;
  } kCases[] = {
      {"[]", "the whole must be an object"},
      {R"({"image": 1})", "image must be an object"},
      {R"({"image": {"digest": "md5:1"}})", "image.digest "},
      {R"({"os": {"id": 12}})", "os.id must be a string"},
      {R"({"layers": {}})", "layers must be an array"},
      {R"({"layers": [{"size": -1}]})", "layers[0].size must be a whole"},
      {R"({"layers": [{"size": 1.5}]})", "layers[0].size must be a whole"},
      {R"({"packages": [1]})", "packages[0] must be an object"},
      {R"({"packages": [{"type": "deb", "name": "a"}]})",
       "packages[0].version is missing"},
      {R"({"packages": [{"type": "deb", "name": "a", "version": "1"},
                        {"type": "deb", "name": "", "version": "1"}]})",
       "packages[1].name is missing"},
      {R"({"packages": [{"type": "deb", "name": "a", "version": "1",
                         "licenses": ["MIT", 2]}]})",
       "packages[0].licenses[1] must be a string"},
      {R"({"packages": [{"type": "deb", "name": "a", "version": "1",
                         "layer": "sha256:xyz"}]})",
       "packages[0].layer "},
      {R"({"problems": [["nested"]]})", "problems[0] must be a string"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ErrorOf(c.json);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.json;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message)) << c.json;
  }
}

TEST(InventoryJsonTest, WhatIsNotJsonIsRefused) {
  for (const char* text : {"", "{", "{\"a\":}", "<html>", "{} {}", "\xFF"}) {
    EXPECT_THAT(std::string(ErrorOf(text).message()), HasSubstr("is not JSON"))
        << text;
  }
}

TEST(InventoryJsonTest, DeepNestingIsRefused) {
  const absl::Status status =
      ErrorOf("{\"x\":" + std::string(1000000, '[') + "}");
  EXPECT_EQ(base::FailureCodeOf(status), base::FailureCode::kLimitExceeded);
}

}  // namespace
}  // namespace landwaiter::wire
