// How long an advisory lookup takes, and matching an image of 1,000 packages:
// with made advisories, or with a feed and an inventory that are given.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "analyzer/advisory/build.h"
#include "analyzer/advisory/ecosystem.h"
#include "analyzer/detect/detect.h"
#include "core/base/strings.h"
#include "core/wire/inventory_json.h"

namespace landwaiter {
namespace {

using analyzer::advisory::AdvisoryDb;
using analyzer::advisory::AdvisoryStore;

constexpr int kPackages = 1000;
constexpr int kAdvisories = 60000;

double MicrosecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now() - start)
      .count();
}

// Twenty advisories a package, for three times as many as are installed.
std::unique_ptr<AdvisoryDb> MakeAdvisories(const std::string& path) {
  using namespace analyzer::advisory;
  auto writer = AdvisoryDbWriter::Create(path).value();
  for (int i = 0; i < kAdvisories; ++i) {
    Advisory advisory;
    advisory.details.id = base::StrCat("DSA-", i);
    Affected& affected = advisory.affected.emplace_back();
    affected.ecosystem = "Debian:12";
    affected.package = base::StrCat("package", i % (3 * kPackages));
    affected.ranges = {
        {{EventKind::kIntroduced, "0"},
         {EventKind::kFixed, base::StrCat("1:2.", i % 40, ".1-3+deb12u1")}}};
    writer->Add(advisory).IgnoreError();
  }
  writer->Finish("bench", "").IgnoreError();
  return AdvisoryDb::Open(path).value();
}

model::Inventory MakeInventory() {
  model::Inventory inventory;
  inventory.os = {.id = "debian", .version_id = "12"};
  for (int i = 0; i < kPackages; ++i) {
    model::Package package{.type = "deb",
                           .name = base::StrCat("package", i),
                           .version = "1:2.38.1-3+deb12u1"};
    package.source_name = package.name;
    package.source_version = package.version;
    inventory.packages.push_back({package, "var/lib/dpkg/status", {}});
  }
  return inventory;
}

void MeasureLookups(const AdvisoryStore& store,
                    const model::Inventory& inventory,
                    const std::string& ecosystem) {
  constexpr int kRounds = 100;
  size_t entries = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& installed : inventory.packages) {
      store
          .ForEach(ecosystem, installed.package.source_name,
                   [&](const auto&) { ++entries; })
          .IgnoreError();
    }
  }
  const double lookups =
      static_cast<double>(kRounds * inventory.packages.size());
  std::printf("lookup        %8.2f us  (%.1f entries each)\n",
              MicrosecondsSince(start) / lookups,
              static_cast<double>(entries) / lookups);
}

void MeasureMatching(const AdvisoryStore& store,
                     const model::Inventory& inventory) {
  constexpr int kRounds = 20;
  size_t findings = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    findings = analyzer::detect::DetectVulnerabilities(inventory, store)
                   .value()
                   .findings.size();
  }
  std::printf("match         %8.2f ms  (%zu packages, %zu findings)\n",
              MicrosecondsSince(start) / kRounds / 1000,
              inventory.packages.size(), findings);
}

int Run(int argc, char** argv) {
  CLI::App app("Measures advisory lookups and matching.");
  std::string directory = "/tmp", inventory_file;
  std::vector<std::string> feeds;
  app.add_option("--directory", directory, "where the database is written")
      ->capture_default_str();
  app.add_option("--inventory", inventory_file, "match this one instead");
  app.add_option("--advisories", feeds, "with these advisories");
  CLI11_PARSE(app, argc, argv);

  model::Inventory inventory = MakeInventory();
  if (!inventory_file.empty()) {
    std::ifstream in(inventory_file);
    inventory = wire::InventoryFromJson(
                    std::string(std::istreambuf_iterator<char>(in), {}))
                    .value();
  }
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<AdvisoryDb> db;
  if (feeds.empty()) {
    const std::string path = directory + "/bench-match.lmdb";
    std::remove(path.c_str());
    db = MakeAdvisories(path);
  } else {
    db = analyzer::advisory::BuildAdvisories(feeds, directory).value().db;
  }
  std::printf("build or open %8.2f ms\n", MicrosecondsSince(start) / 1000);
  const std::string ecosystem =
      analyzer::detect::DetectVulnerabilities(inventory, *db).value().ecosystem;
  MeasureLookups(*db, inventory,
                 analyzer::advisory::CanonicalEcosystem(ecosystem));
  MeasureMatching(*db, inventory);
  return 0;
}

}  // namespace
}  // namespace landwaiter

int main(int argc, char** argv) { return landwaiter::Run(argc, argv); }
