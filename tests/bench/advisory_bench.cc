// How long the advisory database of real feeds takes to build and what memory,
// and over many made images in a store of its own: matching them again after a
// change of some advisories, and the question which of them hold a package.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/advisory/build.h"
#include "analyzer/advisory/diff.h"
#include "analyzer/queue/image_query.h"
#include "analyzer/queue/rematch.h"
#include "analyzer/service/feed_source.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/strings.h"

namespace landwaiter {
namespace {

using namespace analyzer;  // NOLINT: this file is of all of it
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}
void Check(const absl::Status& status) {
  if (!status.ok()) Fail(status);
}
template <typename T>
T Value(absl::StatusOr<T> value) {
  if (!value.ok()) Fail(value.status());
  return *std::move(value);
}

void MeasureBuild(const std::vector<std::string>& feeds,
                  const std::string& directory) {
  std::filesystem::remove_all(directory);
  advisory::BuildOptions options;
  options.every_feed = false;
  const auto start = Clock::now();
  const auto built =
      Value(advisory::BuildAdvisories(feeds, directory, options));
  const double seconds = SecondsSince(start);
  uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".lmdb") bytes = entry.file_size();
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto records = static_cast<double>(built.report.records);
  std::printf(
      "build         %8.2f s   (%.0f records of %zu feeds, %.0f a second; "
      "%.0f MB, peak RSS %.0f MB)\n",
      seconds, records, built.report.feeds.size(), records / seconds,
      static_cast<double>(bytes) / 1e6,
      static_cast<double>(usage.ru_maxrss) / 1e3);
  for (const auto& feed : built.report.feeds) {
    if (!feed.error.empty()) {
      std::printf("  %s: %s\n", feed.name.c_str(), feed.error.c_str());
    }
  }
  const auto again = Clock::now();
  Value(advisory::BuildAdvisories(feeds, directory, options));
  std::printf("build again   %8.2f s   (nothing changed)\n",
              SecondsSince(again));
}

constexpr int kPool = 20'000;  // packages that there are
constexpr int kPerImage = 100;

std::string PackageName(int number) { return base::StrCat("package", number); }

// An advisory for each package; `changed` of them say something else.
std::shared_ptr<const advisory::AdvisoryDb> MakeAdvisories(
    const std::string& path, int changed) {
  std::filesystem::remove(path);
  auto writer = Value(advisory::AdvisoryDbWriter::Create(path));
  for (int i = 0; i < kPool; ++i) {
    advisory::Advisory advisory;
    advisory.details.id = base::StrCat("CVE-2024-", i);
    advisory::Affected& affected = advisory.affected.emplace_back();
    affected.ecosystem = "Debian:12";
    affected.package = PackageName(i);
    affected.ranges = {{{advisory::EventKind::kIntroduced, "0"},
                        {advisory::EventKind::kFixed,
                         i >= kPool - changed || i % 10 == 0 ? "9" : "1"}}};
    Check(writer->Add(advisory));
  }
  Check(writer->Finish(base::StrCat("bench-", changed), ""));
  return Value(advisory::AdvisoryDb::Open(path));
}

// The usual packages are in most images, the others in few: rank r of the pool
// is in about 1 / r of them.
model::Inventory MakeInventory(int image) {
  model::Inventory inventory;
  inventory.os = {.id = "debian", .version_id = "12"};
  uint32_t state = static_cast<uint32_t>(image) * 2654435761U + 1;
  double rank = 1;
  for (int i = 0; i < kPerImage; ++i) {
    state = state * 1664525 + 1013904223;
    const double spread = 1.0 + (state >> 8) / double{1 << 24} * 0.2;
    rank = rank * spread + 1;
    const std::string name = PackageName(static_cast<int>(rank) % kPool);
    inventory.packages.push_back({.package = {.type = "deb",
                                              .name = name,
                                              .version = "5",
                                              .source_name = name,
                                              .source_version = "5"},
                                  .path = "var/lib/dpkg/status"});
  }
  return inventory;
}

class Bench {
 public:
  explicit Bench(const std::string& directory) : directory_(directory) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    before_ = MakeAdvisories(directory + "/before.lmdb", 0);
    detector_ = std::make_unique<service::StoreDetector>(before_);
    store_ = Value(store::sqlite::OpenStore(
        {.path = directory + "/store.db", .now = absl::Now()}));
  }

  void Fill(int images) {
    const auto start = Clock::now();
    store::RowId registry = 0;
    Check(store_->Write([&](store::Transaction& txn) -> absl::Status {
      registry = Value(txn.registries().Put(
          {"bench", "bench"}, {.uid = "r", .name = "r", .host = "r.example"}));
      return absl::OkStatus();
    }));
    constexpr int kAtOnce = 500;
    for (int first = 0; first < images; first += kAtOnce) {
      Check(store_->Write(store::Durability::kCrash,
                          [&](store::Transaction& txn) -> absl::Status {
                            for (int i = first;
                                 i < std::min(first + kAtOnce, images); ++i) {
                              PutImage(txn, registry, i);
                            }
                            return absl::OkStatus();
                          }));
    }
    std::printf("fill          %8.2f s   (%d images of %d packages)\n",
                SecondsSince(start), images, kPerImage);
  }

  void MeasureRematch(int changed) {
    const auto after = MakeAdvisories(directory_ + "/after.lmdb", changed);
    const auto start = Clock::now();
    const advisory::Changes changes =
        Value(advisory::CompareDatabases(*before_, *after));
    const double compared = SecondsSince(start);
    queue::RematchScope scope;
    for (const auto& lookup : changes.lookups) {
      scope.lookups.push_back({lookup.ecosystem, lookup.package});
    }
    service::StoreDetector detector(after);
    base::RealClock clock;
    base::NoFailpoints failpoints;
    queue::ChangeFeed feed;
    queue::Environment environment{.store = *store_,
                                   .clock = clock,
                                   .failpoints = failpoints,
                                   .observer = feed,
                                   .detector = detector,
                                   .options = {}};
    const queue::RematchResult result =
        Value(queue::Rematch(environment, scope));
    std::printf(
        "re-match      %8.2f s   (%zu packages changed; %llu images matched, "
        "%llu changed; comparing the databases %.2f s)\n",
        SecondsSince(start), changes.lookups.size(),
        static_cast<unsigned long long>(result.images),
        static_cast<unsigned long long>(result.changed), compared);
  }

  void MeasureQuery(const char* what, const queue::ImageQuery& query) {
    const auto start = Clock::now();
    const auto page = Value(queue::QueryImages(*store_, query));
    std::printf("%-13s %8.2f ms  (%llu images, a page of %zu)\n", what,
                SecondsSince(start) * 1000,
                static_cast<unsigned long long>(page.images),
                page.places.size());
  }

 private:
  void PutImage(store::Transaction& txn, store::RowId registry, int number) {
    model::ImageFacts facts;
    const std::string name = base::StrCat("image", number);
    facts.manifest = model::Digest::Of(name);
    const store::RowId image = Value(txn.images().PutFacts(
        {.registry = registry, .repository = name, .digest = facts.manifest},
        facts));
    store::ScanResult result;
    result.inventory = MakeInventory(number);
    queue::Detection detection = Value(detector_->Detect(result.inventory));
    result.findings = std::move(detection.findings);
    result.lookups = std::move(detection.lookups);
    Check(txn.images().PutResult(image, result, 1, absl::Now()));
  }

  const std::string directory_;
  std::shared_ptr<const advisory::AdvisoryDb> before_;
  std::unique_ptr<service::StoreDetector> detector_;
  std::unique_ptr<store::Store> store_;
};

int Run(int argc, char** argv) {
  CLI::App app("Measures the advisory database, re-matching and queries.");
  std::string directory = "/tmp/landwaiter-bench-advisories";
  std::vector<std::string> feeds;
  int images = 100'000, changed = 500;
  app.add_option("--directory", directory, "is made, and emptied first")
      ->capture_default_str();
  app.add_option("--feed", feeds, "builds the database of these feeds");
  app.add_option("--images", images, "so many are made; 0: none")
      ->capture_default_str();
  app.add_option("--changed", changed, "advisories that an update changes")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (!feeds.empty()) MeasureBuild(feeds, directory + "/build");
  if (images == 0) return 0;
  Bench bench(directory + "/store");
  bench.Fill(images);
  bench.MeasureQuery("query package", {.package = PackageName(10)});
  bench.MeasureQuery("query range",
                     {.package = PackageName(10), .range = ">=4,<6"});
  bench.MeasureQuery("query CVE", {.vulnerability = "CVE-2024-10"});
  bench.MeasureRematch(changed);
  return 0;
}

}  // namespace
}  // namespace landwaiter

int main(int argc, char** argv) { return landwaiter::Run(argc, argv); }
