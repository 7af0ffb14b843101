#include "analyzer/advisory/rpm/rpm_record.h"

#include <algorithm>
#include <utility>

#include "analyzer/version/rpm.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// LMDB's keys have at most 511 bytes; a package's name is the most of one.
constexpr size_t kMaxName = 240;

// Without one it is meant for all.
int RankOf(std::string_view architecture) {
  if (architecture.empty() || architecture == "noarch" ||
      base::Contains(architecture, "x86_64")) {
    return 0;
  }
  return base::Contains(architecture, "aarch64") ? 1 : 2;
}

// What an entry is about: two of one subject differ in what they say of it.
std::string SubjectOf(const Affected& entry) {
  std::string key = base::StrCat(entry.ecosystem, "\n", entry.package, "\n",
                                 static_cast<int>(entry.names), "\n",
                                 static_cast<int>(entry.standing));
  for (const std::string& module : entry.modules) {
    base::StrAppend(&key, "\n", module);
  }
  return key;
}

std::string WholeOf(std::string_view subject, const Affected& entry) {
  std::string key = base::StrCat(subject, "\t", entry.statement, "\t",
                                 static_cast<int>(entry.severity));
  for (const auto& range : entry.ranges) {
    for (const auto& event : range) {
      base::StrAppend(&key, "\t", static_cast<int>(event.kind), event.version);
    }
  }
  return key;
}

// Empty without one.
std::string_view FixOf(const Affected& entry) {
  const bool fixed = entry.ranges.size() == 1 && !entry.ranges[0].empty() &&
                     entry.ranges[0].back().kind == EventKind::kFixed;
  return fixed ? std::string_view(entry.ranges[0].back().version)
               : std::string_view();
}

struct Fault {
  RecordProblem problem = RecordProblem::kNone;
  std::string message;
};

Fault FaultOf(const Affected& affected) {
  if (affected.ecosystem.empty() || affected.package.empty()) {
    return {RecordProblem::kBadField, "a package has no name"};
  }
  const std::string_view nul("\0", 1);
  if (base::Contains(affected.ecosystem, nul) ||
      base::Contains(affected.package, nul)) {
    return {RecordProblem::kBadField, "a package's name has a NUL"};
  }
  if (affected.ecosystem.size() + affected.package.size() > kMaxName) {
    return {RecordProblem::kLongName,
            base::StrCat("a package's name has ", affected.package.size(),
                         " bytes")};
  }
  return {};
}

}  // namespace

Affected FixedIn(std::string ecosystem, std::string package,
                 std::string_view fixed) {
  if (fixed.starts_with("0:")) fixed.remove_prefix(2);
  Affected affected;
  affected.ecosystem = std::move(ecosystem);
  affected.package = std::move(package);
  affected.ranges = {
      {{EventKind::kIntroduced, "0"}, {EventKind::kFixed, std::string(fixed)}}};
  return affected;
}

Affected EveryVersion(std::string ecosystem, std::string package,
                      Standing standing) {
  Affected affected;
  affected.standing = standing;
  affected.ecosystem = std::move(ecosystem);
  affected.package = std::move(package);
  affected.ranges = {{{EventKind::kIntroduced, "0"}}};
  return affected;
}

std::string EvrOf(std::string_view epoch, std::string_view version,
                  std::string_view release) {
  const bool plain = epoch.empty() || epoch == "0";
  return base::StrCat(plain ? "" : epoch, plain ? "" : ":", version,
                      release.empty() ? "" : "-", release);
}

void AddOnce(std::vector<std::string>& list, std::string_view item) {
  if (item.empty() || list.size() >= kMaxListed) return;
  if (std::find(list.begin(), list.end(), item) != list.end()) return;
  list.emplace_back(item);
}

void AffectedList::Add(Affected entry, std::string_view architecture) {
  if (full()) return;
  const int rank = RankOf(architecture);
  const std::string subject = SubjectOf(entry);
  const auto [best, first] = best_.try_emplace(subject, rank);
  best->second = std::min(best->second, rank);
  const auto [place, added] =
      places_.try_emplace(WholeOf(subject, entry), entries_.size());
  if (added) {
    entries_.push_back({std::move(entry), rank});
  } else {
    int& kept = entries_[place->second].rank;
    kept = std::min(kept, rank);
  }
}

std::vector<Affected> AffectedList::Take(Fixes fixes) {
  std::vector<Affected> list;
  absl::flat_hash_map<std::string, size_t> least;  // places by the package
  for (Entry& entry : entries_) {
    const std::string subject = SubjectOf(entry.affected);
    if (entry.rank > best_[subject]) continue;
    if (fixes == Fixes::kLeast && !FixOf(entry.affected).empty()) {
      const auto [place, first] = least.try_emplace(subject, list.size());
      if (!first) {
        Affected& kept = list[place->second];
        if (version::CompareRpm(FixOf(entry.affected), FixOf(kept)) < 0) {
          kept = std::move(entry.affected);
        }
        continue;
      }
    }
    list.push_back(std::move(entry.affected));
  }
  entries_.clear();
  places_.clear();
  best_.clear();
  return list;
}

absl::Status Deliver(Advisory advisory, std::string_view file, FeedSink& sink) {
  const std::string& id = advisory.details.id;
  if (id.empty()) {
    sink.Skip(file, RecordProblem::kNoId, "has no id");
    return absl::OkStatus();
  }
  for (const Affected& affected : advisory.affected) {
    const Fault fault = FaultOf(affected);
    if (fault.problem == RecordProblem::kNone) continue;
    sink.Skip(base::StrCat(file, ": ", base::Printable(id, 80)), fault.problem,
              fault.message);
    return absl::OkStatus();
  }
  if (advisory.affected.empty()) return absl::OkStatus();
  return sink.Add(std::move(advisory));
}

}  // namespace landwaiter::analyzer::advisory
