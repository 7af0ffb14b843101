#include "agent/inspect/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/inspect/json_document.h"

namespace landwaiter::agent::inspect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

model::Inventory Example() {
  model::Inventory inventory;
  inventory.reference = "registry.example/a:1";
  inventory.manifest = model::Digest::Of("manifest");
  inventory.config.platform = {"linux", "amd64", ""};
  inventory.os.id = "debian";
  inventory.os.version_id = "12";
  inventory.os.pretty_name = "Debian GNU/Linux 12 (bookworm)";
  model::InstalledPackage curl;
  curl.package.type = "deb";
  curl.package.name = "curl";
  curl.package.version = "7.88.1-10";
  curl.package.architecture = "amd64";
  curl.package.source_name = "curl-source";
  curl.package.licenses = {"curl"};
  curl.path = "var/lib/dpkg/status";
  curl.layer = model::Digest::Of("layer");
  inventory.packages = {curl, curl};
  inventory.problems = {"a problem"};
  return inventory;
}

using Printer = void(const model::Inventory&, model::EachPackage, TextSink);

std::string Print(Printer printer, const model::Inventory& inventory) {
  std::string printed;
  printer(
      inventory,
      [&inventory](model::PackageVisitor visit) {
        for (const auto& package : inventory.packages) visit(package);
      },
      [&printed](std::string_view text) { printed += text; });
  return printed;
}

TEST(Table, ShowsTheImageItsPackagesAndProblems) {
  const std::string text = Print(PrintTable, Example());
  EXPECT_THAT(text, HasSubstr("Debian GNU/Linux 12 (bookworm)"));
  EXPECT_THAT(text, HasSubstr("curl  7.88.1-10  deb   amd64"));
  EXPECT_THAT(text, HasSubstr("Problem:   a problem"));
}

TEST(Table, HoldsNoControlCharacters) {
  model::Inventory inventory = Example();
  inventory.packages[0].package.name = "a\x1b[2Jb";
  inventory.os.pretty_name = "\x1b]0;title\x07";
  const std::string text = Print(PrintTable, inventory);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(CycloneDx, ListsComponentsWithPurls) {
  const json bom = json::parse(Print(PrintCycloneDx, Example()));
  EXPECT_EQ(bom["bomFormat"], "CycloneDX");
  EXPECT_EQ(bom["specVersion"], "1.6");
  EXPECT_EQ(bom["metadata"]["component"]["name"], "registry.example/a:1");
  ASSERT_EQ(bom["components"].size(), 3u);
  EXPECT_EQ(bom["components"][0]["type"], "operating-system");
  EXPECT_EQ(bom["components"][0]["version"], "12");
  const json& curl = bom["components"][1];
  EXPECT_EQ(curl["purl"],
            "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12&"
            "upstream=curl-source");
  EXPECT_EQ(curl["licenses"][0]["license"]["id"], "curl");
  EXPECT_NE(bom["components"][1]["bom-ref"], bom["components"][2]["bom-ref"]);
}

TEST(CycloneDx, IsTheSameForTheSameInventory) {
  EXPECT_EQ(Print(PrintCycloneDx, Example()), Print(PrintCycloneDx, Example()));
  EXPECT_THAT(
      json::parse(Print(PrintCycloneDx, Example()))["serialNumber"],
      ::testing::MatchesRegex("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-"
                              "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(CycloneDx, BytesThatAreNotUtf8DoNotBreakIt) {
  model::Inventory inventory = Example();
  inventory.packages[0].package.name = "\xff";
  inventory.os.id = "\xfe";
  EXPECT_TRUE(json::accept(Print(PrintCycloneDx, inventory)));
}

TEST(CycloneDx, LicencesAreIdentifiersExpressionsOrNames) {
  model::Inventory inventory = Example();
  inventory.packages[0].package.licenses = {"MIT", "BSD"};
  inventory.packages[1].package.licenses = {"MIT OR ISC"};
  const json bom = json::parse(Print(PrintCycloneDx, inventory));
  EXPECT_EQ(bom["components"][1]["licenses"],
            json::parse(R"([{"license": {"id": "MIT"}},
                            {"license": {"name": "BSD"}}])"));
  EXPECT_EQ(bom["components"][2]["licenses"],
            json::parse(R"([{"expression": "MIT OR ISC"}])"));
}

TEST(Spdx, ListsPackagesWithPurlsAndWhereTheyWereFound) {
  model::Inventory inventory = Example();
  inventory.config.created = "2024-02-29T10:11:12.345+01:00";
  inventory.packages[1].package.licenses = {"BSD", "MIT OR ISC"};
  const json document = json::parse(Print(PrintSpdx, inventory));
  EXPECT_EQ(document["spdxVersion"], "SPDX-2.3");
  EXPECT_EQ(document["creationInfo"]["created"], "2024-02-29T09:11:12Z");
  ASSERT_EQ(document["packages"].size(), 4u);
  EXPECT_EQ(document["packages"][0]["primaryPackagePurpose"], "CONTAINER");
  EXPECT_EQ(document["packages"][1]["primaryPackagePurpose"],
            "OPERATING-SYSTEM");
  const json& curl = document["packages"][2];
  EXPECT_EQ(curl["externalRefs"][0]["referenceLocator"],
            "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12&"
            "upstream=curl-source");
  EXPECT_EQ(curl["licenseDeclared"], "curl");
  EXPECT_THAT(curl["sourceInfo"].get<std::string>(),
              HasSubstr("/var/lib/dpkg/status of layer sha256:"));
  EXPECT_THAT(
      document["packages"][3]["licenseDeclared"].get<std::string>(),
      ::testing::MatchesRegex("\\(MIT OR ISC\\) AND LicenseRef-[0-9a-f]{16}"));
  EXPECT_EQ(document["hasExtractedLicensingInfos"][0]["extractedText"], "BSD");
  // The document describes the image, which contains the rest.
  ASSERT_EQ(document["relationships"].size(), 4u);
  EXPECT_EQ(document["relationships"][0]["relationshipType"], "DESCRIBES");
  EXPECT_EQ(document["relationships"][3]["relationshipType"], "CONTAINS");
}

TEST(Spdx, IsTheSameForTheSameImageAndAnotherForAnother) {
  EXPECT_EQ(Print(PrintSpdx, Example()), Print(PrintSpdx, Example()));
  model::Inventory other = Example();
  other.manifest = model::Digest::Of("other");
  EXPECT_NE(json::parse(Print(PrintSpdx, Example()))["documentNamespace"],
            json::parse(Print(PrintSpdx, other))["documentNamespace"]);
}

TEST(Spdx, BytesThatAreNotUtf8DoNotBreakIt) {
  model::Inventory inventory = Example();
  inventory.packages[0].package.name = "\xff";
  inventory.packages[0].package.licenses = {"\xfe"};
  inventory.packages[0].path = "\xfd";
  inventory.problems = {"\xfc"};
  inventory.os.id = "\xfe";
  EXPECT_TRUE(json::accept(Print(PrintSpdx, inventory)));
}

TEST(JsonDocument, IsPrintedAsIfItWereWhole) {
  const nlohmann::ordered_json whole = {
      {"a", {{"b", {1, 2}}, {"text", "a\nb"}}},
      {"empty", nlohmann::ordered_json::array()},
      {"list", {{{"x", {{"y", 1}}}}, 2, "three"}},
      {"last", {{"z", nullptr}}}};
  std::string printed;
  const auto sink = [&printed](std::string_view text) { printed += text; };
  JsonDocument document({{"a", whole["a"]}}, sink);
  document.BeginArray("empty");
  document.EndArray();
  document.BeginArray("list");
  for (const auto& item : whole["list"]) document.Item(item);
  document.EndArray();
  document.Member("last", whole["last"]);
  document.End();
  EXPECT_EQ(printed, whole.dump(2));
}

}  // namespace
}  // namespace landwaiter::agent::inspect
