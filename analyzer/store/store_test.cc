#include "analyzer/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <memory>

#include "analyzer/store/sqlite/store.h"
#include "core/base/failure.h"
#include "core/base/hash.h"

// What every backend of the store must do; the backends are listed at the end.
namespace landwaiter::analyzer::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const model::Tenant kTenant{.cluster_uid = "uid-1", .ns = "team-a"};

model::Digest D(std::string_view text) { return model::Digest::Of(text); }

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Store>()> open;
};

class StoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  StoreTest() : store_(GetParam().open()) {}

  void Write(const std::function<void(Transaction&)>& callback) {
    const absl::Status status = store_->Write([&](Transaction& txn) {
      callback(txn);
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  RowId MakeRegistry(const std::string& uid) {
    RowId id = 0;
    Write([&](Transaction& txn) {
      id = *txn.registries().Put(
          kTenant, {.uid = uid, .name = uid, .host = uid + ".example"});
    });
    return id;
  }

  RowId MakeTask(const std::string& uid, std::vector<RowId> registries) {
    TaskRow task{.tenant = kTenant};
    task.spec.uid = uid;
    task.status.phase = model::TaskPhase::kRunning;
    task.status.start = kNow;
    task.status.deadline = kNow + absl::Hours(4);
    Write([&](Transaction& txn) {
      ASSERT_TRUE(txn.tasks().Insert(task, registries).ok());
    });
    return task.id;
  }

  // A scanned image with one package and one finding.
  RowId MakeImage(RowId registry, const std::string& repository,
                  const std::string& layer) {
    RowId image = 0;
    Write([&](Transaction& txn) {
      model::ImageFacts facts{.manifest = D("manifest"),
                              .config = {.platform = {"linux", "amd64", ""},
                                         .environment = {"PATH=/bin"},
                                         .labels = {{"a", "b"}},
                                         .history = {{.created_by = "RUN"}}}};
      facts.layers.push_back({.blob = {.digest = D(layer)}});
      image =
          *txn.images().PutFacts({registry, repository, D("manifest")}, facts);
      ScanResult result;
      result.inventory.os = {.id = "debian", .version_id = "12"};
      result.inventory.packages.push_back(
          {.package = {.type = "deb",
                       .name = "libssl3",
                       .version = "3.0.1-1",
                       .source_name = "openssl",
                       .source_version = "3.0.1-1",
                       .licenses = {"Apache-2.0"}},
           .path = "var/lib/dpkg/status",
           .layer = D(layer)});
      result.inventory.packages.push_back({.package = {.type = "maven",
                                                       .name = "org.example:a",
                                                       .version = "1.0",
                                                       .location = "lib/a.jar",
                                                       .declared = true,
                                                       .development = true},
                                           .path = "opt/app.war",
                                           .layer = D(layer),
                                           .owned = true});
      result.findings.push_back({.id = "CVE-2024-1",
                                 .advisory = "DSA-1",
                                 .package = "libssl3",
                                 .severity = model::Severity::kHigh});
      ASSERT_TRUE(txn.images().PutResult(image, result, 1, kNow).ok());
    });
    return image;
  }

  std::unique_ptr<Store> store_;
};

TEST_P(StoreTest, AFailedTransactionLeavesNothing) {
  const absl::Status status = store_->Write([&](Transaction& txn) {
    LANDWAITER_RETURN_IF_ERROR(
        txn.registries().Put(kTenant, {.uid = "r"}).status());
    return absl::AbortedError("on purpose");
  });
  EXPECT_EQ(status, absl::AbortedError("on purpose"));
  Write([&](Transaction& txn) {
    EXPECT_FALSE((*txn.registries().Find(kTenant, "r")).has_value());
  });
}

TEST_P(StoreTest, ARegistryIsFoundOnlyByItsTenant) {
  MakeRegistry("r");
  Write([&](Transaction& txn) {
    EXPECT_TRUE((*txn.registries().Find(kTenant, "r")).has_value());
    EXPECT_FALSE(
        (*txn.registries().Find({"uid-1", "team-b"}, "r")).has_value());
    EXPECT_FALSE(
        (*txn.registries().Find({"uid-2", "team-a"}, "r")).has_value());
  });
}

TEST_P(StoreTest, ApplyingARegistryAgainKeepsItsState) {
  const RowId id = MakeRegistry("r");
  Write([&](Transaction& txn) {
    ASSERT_TRUE(txn.registries().SetLastSync(id, kNow).ok());
    EXPECT_EQ(*txn.registries().Put(kTenant,
                                    {.uid = "r", .include = {"a/**", "b\"c"}}),
              id);
    const RegistryRow row = *txn.registries().Get(id);
    EXPECT_EQ(row.last_sync, kNow);
    EXPECT_EQ(row.idle_since, absl::InfinitePast());
    EXPECT_THAT(row.spec.include, ElementsAre("a/**", "b\"c"));
  });
}

TEST_P(StoreTest, SequenceGrows) {
  Write([&](Transaction& txn) {
    const uint64_t first = *txn.NextSequence();
    EXPECT_GT(*txn.NextSequence(), first);
  });
}

TEST_P(StoreTest, ANoteIsKept) {
  Write([&](Transaction& txn) {
    EXPECT_EQ(*txn.Note("n"), "");
    ASSERT_TRUE(txn.PutNote("n", "one").ok());
    ASSERT_TRUE(txn.PutNote("n", "two").ok());
    EXPECT_EQ(*txn.Note("n"), "two");
  });
}

TEST_P(StoreTest, ATagThatMovesIsRemembered) {
  const RowId registry = MakeRegistry("r");
  Write([&](Transaction& txn) {
    CatalogTable& catalog = txn.catalog();
    const RowId repo = *catalog.PutRepository(registry, "app", 1, kNow);
    ASSERT_TRUE(catalog.PutTag(repo, {"v1", D("a")}, 1, kNow).ok());
    ASSERT_TRUE(
        catalog.PutTag(repo, {"v1", D("a")}, 2, kNow + absl::Hours(1)).ok());
    EXPECT_FALSE((*catalog.View(registry, "app"))->tags[0].moved.has_value());
    ASSERT_TRUE(
        catalog.PutTag(repo, {"v1", D("b")}, 3, kNow + absl::Hours(2)).ok());
    const TagRow tag = (*catalog.View(registry, "app"))->tags[0];
    EXPECT_EQ(tag.digest, D("b"));
    EXPECT_EQ(tag.moved, kNow + absl::Hours(2));
    EXPECT_EQ(tag.first_seen, kNow);
  });
}

TEST_P(StoreTest, UnknownManifestsAreThoseThatTagsNameAndNobodySent) {
  const RowId registry = MakeRegistry("r");
  Write([&](Transaction& txn) {
    CatalogTable& catalog = txn.catalog();
    const RowId repo = *catalog.PutRepository(registry, "app", 1, kNow);
    ASSERT_TRUE(catalog.PutTag(repo, {"v1", D("a")}, 1, kNow).ok());
    ASSERT_TRUE(catalog.PutTag(repo, {"v2", D("b")}, 1, kNow).ok());
    ASSERT_TRUE(catalog.PutManifest(repo, {.digest = D("a")}, 1, kNow).ok());
    EXPECT_THAT(*catalog.UnknownManifests(repo, 1, 10), ElementsAre(D("b")));
    EXPECT_TRUE(*catalog.HasManifest(repo, D("a")));
  });
}

TEST_P(StoreTest, ForgetUnseenRemovesWhatNoListingNamesWithItsImages) {
  const RowId registry = MakeRegistry("r");
  MakeImage(registry, "app", "layer");
  Write([&](Transaction& txn) {
    CatalogTable& catalog = txn.catalog();
    const RowId repo = *catalog.PutRepository(registry, "app", 1, kNow);
    model::ManifestEntry index{.digest = D("index")};
    index.children.push_back({.digest = D("manifest")});
    ASSERT_TRUE(catalog.PutManifest(repo, index, 1, kNow).ok());
    ASSERT_TRUE(catalog.PutTag(repo, {"v1", D("index")}, 1, kNow).ok());
    ASSERT_TRUE(catalog.PutManifest(repo, {.digest = D("new")}, 5, kNow).ok());
    ASSERT_TRUE(catalog.ForgetUnseen(repo, 5).ok());
    const RepositoryView view = **catalog.View(registry, "app");
    EXPECT_THAT(view.tags, IsEmpty());
    ASSERT_THAT(view.manifests, SizeIs(1));
    EXPECT_EQ(view.manifests[0].entry.digest, D("new"));
    EXPECT_FALSE((*txn.images().Find({registry, "app", D("manifest")})));
  });
}

TEST_P(StoreTest, AnImageThatNoListingEverNamedOutlivesListings) {
  const RowId registry = MakeRegistry("r");
  MakeImage(registry, "app", "layer");
  Write([&](Transaction& txn) {
    const RowId repo = *txn.catalog().PutRepository(registry, "app", 1, kNow);
    ASSERT_TRUE(txn.catalog().ForgetUnseen(repo, 5).ok());
    EXPECT_TRUE((*txn.images().Find({registry, "app", D("manifest")})));
  });
}

TEST_P(StoreTest, AScanResultComesBackWhole) {
  const RowId image = MakeImage(MakeRegistry("r"), "app", "layer");
  Write([&](Transaction& txn) {
    const model::Inventory inventory = *txn.images().Inventory(image);
    EXPECT_EQ(inventory.config.environment,
              std::vector<std::string>{"PATH=/bin"});
    EXPECT_EQ(inventory.config.labels.at("a"), "b");
    EXPECT_EQ(inventory.config.history.at(0).created_by, "RUN");
    EXPECT_EQ(inventory.os.id, "debian");
    EXPECT_EQ(inventory.manifest, D("manifest"));
    ASSERT_THAT(inventory.packages, SizeIs(2));
    EXPECT_EQ(inventory.packages[1].package.location, "lib/a.jar");
    EXPECT_TRUE(inventory.packages[1].package.declared);
    EXPECT_TRUE(inventory.packages[1].package.development);
    EXPECT_TRUE(inventory.packages[1].owned);
    EXPECT_FALSE(inventory.packages[0].package.declared);
    EXPECT_FALSE(inventory.packages[0].owned);
    EXPECT_EQ(inventory.packages[0].package.source_name, "openssl");
    EXPECT_THAT(inventory.packages[0].package.licenses,
                ElementsAre("Apache-2.0"));
    const ImageRow row = *txn.images().Get(image);
    EXPECT_EQ(row.vulnerabilities.system.high, 1u);
    EXPECT_EQ(row.scanned_at, kNow);
    const auto findings = *txn.images().Findings(image, 10);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].severity, model::Severity::kHigh);
    EXPECT_EQ(findings[0].id, "CVE-2024-1");
    EXPECT_EQ(findings[0].advisory, "DSA-1");
  });
}

TEST_P(StoreTest, ScannedImagesAreWalkedById) {
  const RowId image = MakeImage(MakeRegistry("r"), "app", "layer");
  Write([&](Transaction& txn) {
    EXPECT_THAT(*txn.images().Scanned(0, 10), ElementsAre(image));
    EXPECT_THAT(*txn.images().Scanned(image, 10), IsEmpty());
  });
}

TEST_P(StoreTest, ImagesAreFoundByWhatWasLookedUpForThem) {
  const RowId registry = MakeRegistry("r");
  const RowId one = MakeImage(registry, "one", "layer");
  const RowId two = MakeImage(registry, "two", "layer");
  Write([&](Transaction& txn) {
    MatchTable& matches = txn.matches();
    const Lookup curl{"Debian:12", "curl"}, same_name{"npm", "curl"};
    ASSERT_TRUE(matches.PutLookups(one, {{"Debian:12", ""}, curl}).ok());
    ASSERT_TRUE(matches.PutLookups(two, {same_name}).ok());
    EXPECT_THAT(*matches.LookedUp(curl), ElementsAre(one));
    EXPECT_THAT(*matches.LookedUp(same_name), ElementsAre(two));
    EXPECT_THAT(*matches.LookedUp({"Debian:12", ""}), ElementsAre(one));
    ASSERT_TRUE(matches.PutLookups(one, {same_name}).ok());
    EXPECT_THAT(*matches.LookedUp(curl), IsEmpty());
    EXPECT_THAT(*matches.LookedUp(same_name), ElementsAre(one, two));
  });
}

TEST_P(StoreTest, PackagesAreFoundByBinaryAndSourceNameAndVersion) {
  const RowId image = MakeImage(MakeRegistry("r"), "app", "layer");
  Write([&](Transaction& txn) {
    MatchTable& matches = txn.matches();
    const auto binary = *matches.Versions("libssl3");
    ASSERT_THAT(binary, SizeIs(1));
    EXPECT_FALSE(binary[0].of_source);
    const auto source = *matches.Versions("openssl");
    ASSERT_THAT(source, SizeIs(1));
    EXPECT_TRUE(source[0].of_source);
    EXPECT_EQ(source[0].version, "3.0.1-1");
    const auto places = *matches.PackagePlaces("openssl", source[0]);
    EXPECT_THAT(places, ElementsAre(Place{image, 0}));
    const PlaceView view = *matches.ViewPackage(places[0]);
    EXPECT_EQ(view.repository, "app");
    EXPECT_EQ(view.package, "libssl3");
    EXPECT_THAT(*matches.Versions("zlib1g"), IsEmpty());
  });
}

TEST_P(StoreTest, FindingsAreFoundByEveryNameOfTheVulnerability) {
  const RowId image = MakeImage(MakeRegistry("r"), "app", "layer");
  Write([&](Transaction& txn) {
    MatchTable& matches = txn.matches();
    EXPECT_THAT(*matches.FindingIds("DSA-1"),
                ElementsAre("DSA-1", "CVE-2024-1"));
    EXPECT_THAT(*matches.Affected("CVE-2024-1"), ElementsAre(image));
    const auto places = *matches.FindingPlaces("CVE-2024-1");
    ASSERT_THAT(places, SizeIs(1));
    EXPECT_EQ(matches.ViewFinding(places[0])->finding->advisory, "DSA-1");
  });
}

TEST_P(StoreTest, WhatAnUpdateBroughtIsCountedWhileItLasts) {
  const RowId registry = MakeRegistry("r");
  const RowId one = MakeImage(registry, "one", "layer");
  const RowId two = MakeImage(registry, "two", "layer");
  Write([&](Transaction& txn) {
    MatchTable& matches = txn.matches();
    for (const RowId image : {one, two}) {
      ASSERT_TRUE(matches
                      .AddChange({.image = image,
                                  .finding = "CVE-2024-1",
                                  .severity = model::Severity::kHigh,
                                  .database = "v2"},
                                 kNow)
                      .ok());
    }
    auto affected = *matches.NewlyAffectedSince(kNow, 10);
    ASSERT_THAT(affected, SizeIs(1));
    EXPECT_EQ(affected[0].images, 2u);
    EXPECT_EQ(affected[0].since, kNow);
    EXPECT_THAT(*matches.NewlyAffectedSince(kNow + absl::Seconds(1), 10),
                IsEmpty());
    ASSERT_TRUE(txn.images().PutFindings(two, {}, false, "").ok());
    EXPECT_EQ(matches.NewlyAffectedSince(kNow, 10)->at(0).images, 1u);
  });
}

TEST_P(StoreTest, FindingsArePagedWithoutGapOrRepetition) {
  const RowId registry = MakeRegistry("r");
  MakeImage(registry, "a", "layer");
  MakeImage(registry, "b", "layer");
  MakeImage(registry, "c", "layer");
  Write([&](Transaction& txn) {
    std::string cursor;
    std::vector<std::string> seen;
    do {
      const auto page = *txn.images().Page(registry, "", "", 2, cursor);
      for (const ImageFinding& finding : page) {
        seen.push_back(finding.repository);
      }
    } while (!cursor.empty());
    EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
    cursor.clear();
    EXPECT_THAT(*txn.images().Page(registry, "b", "", 2, cursor), SizeIs(1));
    cursor = "nonsense";
    EXPECT_EQ(txn.images().Page(registry, "", "", 2, cursor).status().code(),
              absl::StatusCode::kInvalidArgument);
  });
}

TEST_P(StoreTest, ADigestCountsOnceForTheQuota) {
  const RowId tenant = [&] {
    RowId id = 0;
    const RowId registry = MakeRegistry("r");
    Write([&](Transaction& txn) {
      id = txn.registries().Get(registry)->tenant_id;
    });
    return id;
  }();
  Write([&](Transaction& txn) {
    EXPECT_TRUE(*txn.images().CountQuota(tenant, D("x"), kNow));
    EXPECT_FALSE(*txn.images().CountQuota(tenant, D("x"), kNow));
    EXPECT_TRUE(*txn.images().CountQuota(tenant, D("y"), kNow));
  });
}

TEST_P(StoreTest, ALayerReportComesBackAndIsSetAsideOnConflict) {
  const RowId tenant = 1;
  MakeRegistry("r");
  const LayerKey key{tenant, D("layer"), 1};
  const std::string report(100'000, 'x');
  Write([&](Transaction& txn) {
    EXPECT_FALSE((*txn.layers().Find(key)).has_value());
    EXPECT_EQ(txn.layers().Report(key).status().code(),
              absl::StatusCode::kNotFound);
    // Not the hash of the bytes: the same may be said in other bytes.
    ASSERT_TRUE(
        txn.layers().Put(key, report, base::Sha256Hex("identity"), kNow).ok());
    EXPECT_EQ(*txn.layers().Report(key), report);
    EXPECT_FALSE((*txn.layers().Find(key))->quarantined);
    ASSERT_TRUE(txn.layers().Quarantine(key, "other").ok());
    EXPECT_TRUE((*txn.layers().Find(key))->quarantined);
  });
}

TEST_P(StoreTest, OldLayerReportsGoWhenNoImageNamesThem) {
  const RowId registry = MakeRegistry("r");
  Write([&](Transaction& txn) {
    const RowId tenant = txn.registries().Get(registry)->tenant_id;
    model::ImageFacts facts{.manifest = D("m")};
    facts.layers = {{.blob = {.digest = D("used")}, .diff_id = D("d")}};
    ASSERT_TRUE(txn.images().PutFacts({registry, "app", D("m")}, facts).ok());
    const auto put = [&](const char* layer, absl::Time stored) {
      ASSERT_TRUE(
          txn.layers()
              .Put({tenant, D(layer), 1}, layer, base::Sha256Hex(layer), stored)
              .ok());
    };
    put("used", kNow);
    put("old", kNow);
    put("new", kNow + absl::Hours(2));
    ASSERT_TRUE(txn.layers().ForgetUnused(tenant, kNow + absl::Hours(1)).ok());
    EXPECT_TRUE(txn.layers().Find({tenant, D("used"), 1})->has_value());
    EXPECT_FALSE(txn.layers().Find({tenant, D("old"), 1})->has_value());
    EXPECT_TRUE(txn.layers().Find({tenant, D("new"), 1})->has_value());
  });
}

TEST_P(StoreTest, AClaimLastsAsLongAsItsLease) {
  const RowId registry = MakeRegistry("r");
  const RowId task = MakeTask("t", {registry});
  const LayerKey key{1, D("layer"), 1};
  Write([&](Transaction& txn) {
    ASSERT_TRUE(*txn.items().Insert({.task = task,
                                     .registry = registry,
                                     .kind = model::WorkKind::kScanImage,
                                     .repository = "app",
                                     .digest = D("m")}));
    ItemRow item = **txn.items().Head(task, registry, true, true, kNow);
    item.state = ItemState::kLeased;
    item.fence = 7;
    item.lease_until = kNow + absl::Minutes(1);
    ASSERT_TRUE(txn.items().Update(item).ok());
    ASSERT_TRUE(txn.layers().PutClaim(key, {item.id, 7}).ok());
    EXPECT_TRUE((*txn.layers().FindClaim(key, kNow)).has_value());
    EXPECT_FALSE(
        (*txn.layers().FindClaim(key, kNow + absl::Minutes(1))).has_value());
    item.fence = 8;
    ASSERT_TRUE(txn.items().Update(item).ok());
    EXPECT_FALSE((*txn.layers().FindClaim(key, kNow)).has_value());
  });
}

TEST_P(StoreTest, DeletingARegistryRemovesItsRowsAndNobodyElses) {
  const RowId first = MakeRegistry("r1");
  const RowId second = MakeRegistry("r2");
  MakeImage(first, "app", "only-first");
  MakeImage(first, "base", "shared");
  const RowId kept = MakeImage(second, "base", "shared");
  MakeTask("t", {first, second});
  Write([&](Transaction& txn) {
    for (const char* layer : {"only-first", "shared"}) {
      ASSERT_TRUE(
          txn.layers()
              .Put({1, D(layer), 1}, "report", base::Sha256Hex("report"), kNow)
              .ok());
    }
    ASSERT_TRUE(txn.registries().Delete(first).ok());
    EXPECT_FALSE((*txn.registries().Find(kTenant, "r1")).has_value());
    EXPECT_FALSE((*txn.images().Find({first, "app", D("manifest")})));
    EXPECT_TRUE(txn.images().Inventory(kept).ok());
    EXPECT_FALSE((*txn.layers().Find({1, D("only-first"), 1})).has_value());
    EXPECT_TRUE((*txn.layers().Find({1, D("shared"), 1})).has_value());
  });
}

TEST_P(StoreTest, TaskStatusIsKept) {
  const RowId id = MakeTask("t", {MakeRegistry("r")});
  Write([&](Transaction& txn) {
    TaskRow task = *txn.tasks().Get(id);
    task.status.phase = model::TaskPhase::kPartiallySucceeded;
    task.status.images = {.total = 3, .scanned = 1, .failed = 2};
    task.status.top.push_back({.id = "CVE-1",
                               .severity = model::Severity::kCritical,
                               .package = "p"});
    task.status.completion = kNow;
    ASSERT_TRUE(txn.tasks().Update(task).ok());
    const TaskRow read = **txn.tasks().Find(kTenant, "t");
    EXPECT_EQ(read.status.images, task.status.images);
    EXPECT_EQ(read.status.phase, model::TaskPhase::kPartiallySucceeded);
    ASSERT_THAT(read.status.top, SizeIs(1));
    EXPECT_EQ(read.status.top[0].severity, model::Severity::kCritical);
    EXPECT_THAT(*txn.tasks().Overdue(absl::InfiniteFuture(), 10), IsEmpty());
  });
}

TEST_P(StoreTest, FailuresAreBoundedAndTheWorstKindComesFirst) {
  const RowId id = MakeTask("t", {MakeRegistry("r")});
  Write([&](Transaction& txn) {
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(txn.tasks().AddFailure(id, 2, {.image = "unsupported"}).ok());
    }
    ASSERT_TRUE(txn.tasks().AddFailure(id, 0, {.image = "failed"}).ok());
    uint64_t omitted = 0;
    const auto failures = *txn.tasks().Failures(id, 2, omitted);
    ASSERT_THAT(failures, SizeIs(2));
    EXPECT_EQ(failures[0].image, "failed");
    EXPECT_EQ(omitted, 4u);
  });
}

TEST_P(StoreTest, TheLogGivesTheNewestLinesOldestFirst) {
  const RowId id = MakeTask("t", {MakeRegistry("r")});
  Write([&](Transaction& txn) {
    for (const char* line : {"one", "two", "three"}) {
      ASSERT_TRUE(txn.tasks().AddLog(id, kNow, line).ok());
    }
    const auto log = *txn.tasks().Log(id, 2);
    ASSERT_THAT(log, SizeIs(2));
    EXPECT_EQ(log[0].message, "two");
    EXPECT_EQ(log[1].message, "three");
  });
}

TEST_P(StoreTest, AnItemIsThereOnceAndHeadSkipsAnImageThatIsBeingScanned) {
  const RowId registry = MakeRegistry("r");
  const RowId first = MakeTask("t1", {registry});
  const RowId second = MakeTask("t2", {registry});
  ItemRow item{.registry = registry,
               .kind = model::WorkKind::kScanImage,
               .repository = "app",
               .digest = D("m")};
  Write([&](Transaction& txn) {
    for (const RowId task : {first, second}) {
      item.task = task;
      EXPECT_TRUE(*txn.items().Insert(item));
      EXPECT_FALSE(*txn.items().Insert(item));
    }
    EXPECT_FALSE((*txn.items().Head(first, registry, true, false, kNow)));
    ItemRow head = **txn.items().Head(first, registry, false, true, kNow);
    head.state = ItemState::kLeased;
    head.lease_until = kNow + absl::Minutes(1);
    ASSERT_TRUE(txn.items().Update(head).ok());
    EXPECT_FALSE((*txn.items().Head(second, registry, true, true, kNow)));
    const auto loads = *txn.items().Loads(registry, kNow);
    ASSERT_THAT(loads, SizeIs(2));
    EXPECT_EQ(loads[0].leased, 1u);
    EXPECT_EQ(loads[0].next_expiry, kNow + absl::Minutes(1));
    EXPECT_EQ(loads[1].ready_scans, 1u);
    EXPECT_THAT(*txn.items().Expired(kNow, 10), IsEmpty());
    EXPECT_THAT(*txn.items().Expired(kNow + absl::Minutes(1), 10), SizeIs(1));
  });
}

TEST_P(StoreTest, ChargesCountFromAGivenTimeOn) {
  const RowId registry = MakeRegistry("r");
  Write([&](Transaction& txn) {
    ASSERT_TRUE(txn.registries().AddCharge(registry, kNow).ok());
    ASSERT_TRUE(
        txn.registries().AddCharge(registry, kNow + absl::Minutes(5)).ok());
    EXPECT_THAT(*txn.registries().Charges(registry, kNow),
                ElementsAre(kNow + absl::Minutes(5)));
  });
}

// Every table has rows, and the file is opened anew: the integrity check and
// the epoch see a store as it is in use.
TEST(SqliteFileTest, AStoreInUseOpensAgain) {
  const std::string path = ::testing::TempDir() + "/landwaiter-reopen-" +
                           std::to_string(getpid()) + ".db";
  const auto fill = [](Transaction& txn) -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const RowId registry,
                                txn.registries().Put(kTenant, {.uid = "r"}));
    LANDWAITER_RETURN_IF_ERROR(txn.registries().AddCharge(registry, kNow));
    LANDWAITER_ASSIGN_OR_RETURN(
        const RowId repo,
        txn.catalog().PutRepository(registry, "app", 1, kNow));
    LANDWAITER_RETURN_IF_ERROR(
        txn.catalog().PutTag(repo, {"v1", D("index")}, 1, kNow));
    model::ManifestEntry index{.digest = D("index")};
    index.children.push_back({.digest = D("m")});
    LANDWAITER_RETURN_IF_ERROR(txn.catalog().PutManifest(repo, index, 1, kNow));
    model::ImageFacts facts{.manifest = D("m")};
    facts.layers.push_back({.blob = {.digest = D("l")}});
    LANDWAITER_ASSIGN_OR_RETURN(
        const RowId image,
        txn.images().PutFacts({registry, "app", D("m")}, facts));
    ScanResult result{.findings = {{.id = "A"}}};
    result.inventory.packages.push_back({.package = {.name = "p"}});
    LANDWAITER_RETURN_IF_ERROR(txn.images().PutResult(image, result, 1, kNow));
    LANDWAITER_RETURN_IF_ERROR(
        txn.images().CountQuota(1, D("m"), kNow).status());
    LANDWAITER_RETURN_IF_ERROR(txn.layers().Put(
        {1, D("l"), 1}, "report", base::Sha256Hex("report"), kNow));
    TaskRow task{.tenant = kTenant};
    task.spec.uid = "t";
    LANDWAITER_RETURN_IF_ERROR(txn.tasks().Insert(task, {registry}));
    LANDWAITER_RETURN_IF_ERROR(
        txn.tasks().AddFailure(task.id, 0, {.image = "x"}));
    LANDWAITER_RETURN_IF_ERROR(txn.tasks().AddLog(task.id, kNow, "x"));
    LANDWAITER_RETURN_IF_ERROR(
        txn.items().Insert({.task = task.id, .registry = registry}).status());
    return txn.layers().PutClaim({1, D("l"), 1}, {1, 1});
  };
  const absl::Status filled = (*sqlite::OpenStore({.path = path}))->Write(fill);
  ASSERT_TRUE(filled.ok()) << filled;
  const auto again = sqlite::OpenStore({.path = path});
  EXPECT_TRUE(again.ok()) << again.status();
}

std::unique_ptr<Store> OpenFile() {
  static int number = 0;
  const std::string path = ::testing::TempDir() + "/landwaiter-store-" +
                           std::to_string(getpid()) + "-" +
                           std::to_string(++number) + ".db";
  return *sqlite::OpenStore({.path = path});
}

INSTANTIATE_TEST_SUITE_P(
    Backends, StoreTest,
    ::testing::Values(Backend{"SqliteInMemory",
                              [] { return *sqlite::OpenStore({}); }},
                      Backend{"SqliteFile", OpenFile}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace landwaiter::analyzer::store
