#include "analyzer/queue/rematch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "analyzer/queue/result.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::queue {
namespace {

using store::RowId;

constexpr size_t kBatch = 500;
constexpr size_t kLookupsAtOnce = 200;
constexpr size_t kImagesAtOnce = 50;
constexpr size_t kAll = size_t{1} << 30;

absl::Status CollectAll(Environment& environment, std::set<RowId>& images) {
  RowId after = 0;
  while (true) {
    std::vector<RowId> batch;
    LANDWAITER_RETURN_IF_ERROR(
        environment.store.Read([&](store::Transaction& txn) -> absl::Status {
          LANDWAITER_ASSIGN_OR_RETURN(batch,
                                      txn.images().Scanned(after, kBatch));
          return absl::OkStatus();
        }));
    if (batch.empty()) return absl::OkStatus();
    after = batch.back();
    images.insert(batch.begin(), batch.end());
  }
}

// Adds what `find` gives for each of the items.
template <typename Item, typename Find>
absl::Status CollectEach(Environment& environment,
                         const std::vector<Item>& items, Find find,
                         std::set<RowId>& images) {
  for (size_t start = 0; start < items.size(); start += kLookupsAtOnce) {
    const size_t end = std::min(start + kLookupsAtOnce, items.size());
    LANDWAITER_RETURN_IF_ERROR(
        environment.store.Read([&](store::Transaction& txn) -> absl::Status {
          for (size_t i = start; i < end; ++i) {
            LANDWAITER_ASSIGN_OR_RETURN(const std::vector<RowId> found,
                                        find(txn.matches(), items[i]));
            images.insert(found.begin(), found.end());
          }
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::set<RowId>> Collect(Environment& environment,
                                        const RematchScope& scope) {
  std::set<RowId> images;
  if (scope.all) {
    LANDWAITER_RETURN_IF_ERROR(CollectAll(environment, images));
    return images;
  }
  LANDWAITER_RETURN_IF_ERROR(CollectEach(
      environment, scope.lookups,
      [](store::MatchTable& matches, const store::Lookup& lookup) {
        return matches.LookedUp(lookup);
      },
      images));
  LANDWAITER_RETURN_IF_ERROR(CollectEach(
      environment, scope.findings,
      [](store::MatchTable& matches, const std::string& id) {
        return matches.Affected(id);
      },
      images));
  return images;
}

struct Stored {
  store::ImageRow row;
  model::Inventory inventory;
  std::vector<model::Finding> findings;
};

// nullopt if the image is gone meanwhile.
absl::StatusOr<std::optional<Stored>> ReadImage(store::Transaction& txn,
                                                RowId image) {
  Stored stored;
  absl::StatusOr<store::ImageRow> row = txn.images().Get(image);
  if (absl::IsNotFound(row.status())) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(stored.row, std::move(row));
  LANDWAITER_ASSIGN_OR_RETURN(stored.inventory, txn.images().Inventory(image));
  LANDWAITER_ASSIGN_OR_RETURN(stored.findings,
                              txn.images().Findings(image, kAll));
  return stored;
}

// What was found before, and just so, keeps the database that it came of.
void KeepOrigins(const std::vector<model::Finding>& before,
                 std::vector<model::Finding>& now) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view,
                         std::string_view>;
  const auto key = [](const model::Finding& f) {
    return Key(f.id, f.package, f.installed_version, f.path);
  };
  std::map<Key, const model::Finding*> known;
  for (const model::Finding& finding : before) known[key(finding)] = &finding;
  for (model::Finding& finding : now) {
    const auto old = known.find(key(finding));
    if (old == known.end()) continue;
    std::string database =
        std::exchange(finding.database, old->second->database);
    if (finding != *old->second) finding.database = std::move(database);
  }
}

// What an image is to have instead.
struct Matched {
  Stored before;
  Detection now;
};

// The ids of the first that the second has not, each with how bad it is.
std::map<std::string, model::Severity> Missing(
    const std::vector<model::Finding>& in,
    const std::vector<model::Finding>& from) {
  std::set<std::string_view> there;
  for (const model::Finding& finding : from) there.insert(finding.id);
  std::map<std::string, model::Severity> missing;
  for (const model::Finding& finding : in) {
    if (there.contains(finding.id)) continue;
    model::Severity& severity = missing[finding.id];
    severity = std::max(severity, finding.severity);
  }
  return missing;
}

class Rematcher {
 public:
  explicit Rematcher(Environment& environment) : environment_(environment) {}

  absl::Status Match(const std::vector<RowId>& images) {
    std::vector<Stored> stored;
    LANDWAITER_RETURN_IF_ERROR(
        environment_.store.Read([&](store::Transaction& txn) -> absl::Status {
          for (const RowId image : images) {
            LANDWAITER_ASSIGN_OR_RETURN(std::optional<Stored> read,
                                        ReadImage(txn, image));
            if (read) stored.push_back(*std::move(read));
          }
          return absl::OkStatus();
        }));
    std::vector<Matched> others;
    for (Stored& before : stored) {
      LANDWAITER_ASSIGN_OR_RETURN(
          Detection now, environment_.detector.Detect(before.inventory));
      SortFindings(now.findings);
      KeepOrigins(before.findings, now.findings);
      others.push_back({std::move(before), std::move(now)});
    }
    result_.images += images.size();
    return Write(others);
  }

  const RematchResult& result() const { return result_; }

 private:
  absl::Status Write(const std::vector<Matched>& matched) {
    RematchResult sum;
    LANDWAITER_RETURN_IF_ERROR(Commit(environment_, store::Durability::kCrash,
                                      [&](Step& step) -> absl::Status {
                                        for (const Matched& image : matched) {
                                          LANDWAITER_RETURN_IF_ERROR(
                                              WriteImage(image, step, sum));
                                        }
                                        return absl::OkStatus();
                                      }));
    result_.changed += sum.changed;
    result_.appeared += sum.appeared;
    result_.disappeared += sum.disappeared;
    return absl::OkStatus();
  }

  static absl::Status WriteImage(const Matched& matched, Step& step,
                                 RematchResult& sum) {
    const Stored& before = matched.before;
    const RowId image = before.row.id;
    const absl::StatusOr<store::ImageRow> row = step.txn.images().Get(image);
    if (absl::IsNotFound(row.status())) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(row.status());
    if (row->scanned_at != before.row.scanned_at) return absl::OkStatus();
    const Detection& now = matched.now;
    LANDWAITER_RETURN_IF_ERROR(
        step.txn.matches().PutLookups(image, now.lookups));
    if (now.findings == before.findings &&
        now.no_advisory_data == before.row.no_advisory_data) {
      return absl::OkStatus();
    }
    ++sum.changed;
    LANDWAITER_RETURN_IF_ERROR(step.txn.images().PutFindings(
        image, now.findings, now.no_advisory_data, now.message));
    LANDWAITER_RETURN_IF_ERROR(NoteChanges(matched, step, sum));
    LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                                step.txn.registries().Get(row->key.registry));
    step.RegistryChanged(registry);
    return absl::OkStatus();
  }

  static absl::Status NoteChanges(const Matched& matched, Step& step,
                                  RematchResult& sum) {
    const auto note = [&](const std::map<std::string, model::Severity>& ids,
                          bool appeared, uint64_t& count) -> absl::Status {
      for (const auto& [id, severity] : ids) {
        ++count;
        LANDWAITER_RETURN_IF_ERROR(
            step.txn.matches().AddChange({.image = matched.before.row.id,
                                          .finding = id,
                                          .severity = severity,
                                          .appeared = appeared,
                                          .database = matched.now.database},
                                         step.now));
      }
      return absl::OkStatus();
    };
    const auto& before = matched.before.findings;
    const auto& now = matched.now.findings;
    // That nothing was known before says nothing of what is new.
    if (matched.before.row.no_advisory_data) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(note(Missing(now, before), true, sum.appeared));
    return note(Missing(before, now), false, sum.disappeared);
  }

  Environment& environment_;
  RematchResult result_;
};

}  // namespace

absl::StatusOr<RematchResult> Rematch(Environment& environment,
                                      const RematchScope& scope) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::set<RowId> images,
                              Collect(environment, scope));
  Rematcher rematcher(environment);
  for (auto next = images.begin(); next != images.end();) {
    std::vector<RowId> batch;
    while (next != images.end() && batch.size() < kImagesAtOnce) {
      batch.push_back(*next++);
    }
    LANDWAITER_RETURN_IF_ERROR(rematcher.Match(batch));
  }
  return rematcher.result();
}

}  // namespace landwaiter::analyzer::queue
