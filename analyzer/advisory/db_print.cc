#include "analyzer/advisory/db_print.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/advisory/feed_state_json.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

using nlohmann::json;

// Rows of cells, each column as wide as its widest cell.
std::string Table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - row[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

struct EcosystemCounts {
  uint64_t packages = 0, entries = 0;
};

absl::StatusOr<std::map<std::string, EcosystemCounts>> CountEcosystems(
    const AdvisoryDb& db) {
  std::map<std::string, EcosystemCounts> counts;
  std::string_view ecosystem, package;
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachEntry([&](const AdvisoryDb::RawEntry& entry) {
        EcosystemCounts& own = counts[std::string(entry.ecosystem)];
        ++own.entries;
        if (entry.ecosystem != ecosystem || entry.package != package) {
          ++own.packages;
          ecosystem = entry.ecosystem;
          package = entry.package;
        }
        return absl::OkStatus();
      }));
  return counts;
}

uint64_t Skipped(const FeedCounts& counts) {
  uint64_t all = 0;
  for (const auto& [problem, count] : counts.skipped) all += count;
  return all;
}

json LookupsJson(const std::vector<Lookup>& lookups) {
  json list = json::array();
  for (const Lookup& lookup : lookups) {
    list.push_back(
        {{"ecosystem", lookup.ecosystem}, {"package", lookup.package}});
  }
  return list;
}

void AppendList(std::string_view sign, const std::vector<std::string>& items,
                std::string& text) {
  for (const std::string& item : items) {
    base::StrAppend(&text, sign, " ", item, "\n");
  }
}

}  // namespace

std::string Ago(absl::Time time, absl::Time now) {
  if (time == absl::InfinitePast()) return "-";
  const int64_t seconds =
      std::max<int64_t>(absl::ToInt64Seconds(now - time), 0);
  if (seconds < 60) return base::StrCat(seconds, "s");
  if (seconds < 3600) return base::StrCat(seconds / 60, "m");
  if (seconds < int64_t{48} * 3600) return base::StrCat(seconds / 3600, "h");
  return base::StrCat(seconds / 86400, "d");
}

absl::Time ParseFeedTime(const std::string& text) {
  absl::Time time;
  std::string error;
  const bool read =
      absl::ParseTime(absl::RFC3339_full, text, &time, &error) ||
      absl::ParseTime("%Y-%m-%d", text.substr(0, 10), &time, &error);
  // Go's feed says "0001-01-01" where it does not know.
  return read && time > absl::UnixEpoch() ? time : absl::InfinitePast();
}

std::string FeedsTable(const std::vector<FeedState>& feeds, absl::Time now) {
  std::vector<std::vector<std::string>> rows = {
      {"FEED", "FORMAT", "RECORDS", "ADVISORIES", "CVES", "WITHDRAWN",
       "SKIPPED", "NEWEST", "READ", "ERROR"}};
  for (const FeedState& feed : feeds) {
    const FeedCounts& counts = feed.counts;
    rows.push_back(
        {feed.name, feed.format, base::StrCat(counts.records),
         base::StrCat(counts.taken), base::StrCat(counts.enrichments),
         base::StrCat(counts.withdrawn), base::StrCat(Skipped(counts)),
         Ago(ParseFeedTime(counts.newest), now), Ago(feed.checked, now),
         feed.error});
  }
  return Table(rows);
}

absl::StatusOr<std::string> PrintInfo(const AdvisoryDb& db, absl::Time now,
                                      bool as_json) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto ecosystems, CountEcosystems(db));
  const std::vector<FeedState> feeds = DecodeFeedStates(db.report());
  if (as_json) {
    json list = json::array();
    for (const auto& [name, counts] : ecosystems) {
      list.push_back({{"ecosystem", name},
                      {"packages", counts.packages},
                      {"entries", counts.entries}});
    }
    json states = json::array();
    for (const FeedState& feed : feeds) states.push_back(ToJson(feed));
    return json{{"version", db.version()},
                {"feeds", std::move(states)},
                {"ecosystems", std::move(list)}}
               .dump(2) +
           "\n";
  }
  std::vector<std::vector<std::string>> rows = {
      {"ECOSYSTEM", "PACKAGES", "ENTRIES"}};
  for (const auto& [name, counts] : ecosystems) {
    rows.push_back({base::Printable(name), base::StrCat(counts.packages),
                    base::StrCat(counts.entries)});
  }
  return base::StrCat("Version  ", db.version(), "\n\n", FeedsTable(feeds, now),
                      "\n", Table(rows));
}

std::string PrintDiff(const AdvisoryDb& before, const AdvisoryDb& after,
                      const Changes& changes, const AdvisoryChanges& advisories,
                      bool as_json) {
  if (as_json) {
    return ToText({{"before", before.version()},
                   {"after", after.version()},
                   {"packages", LookupsJson(changes.lookups)},
                   {"cves", changes.cves},
                   {"advisories",
                    {{"added", advisories.added},
                     {"removed", advisories.removed},
                     {"changed", advisories.changed}}}}) +
           "\n";
  }
  std::string text = base::StrCat(
      "Before   ", before.version(), "\nAfter    ", after.version(), "\n\n",
      "Advisories: ", advisories.added.size(), " added, ",
      advisories.removed.size(), " removed, ", advisories.changed.size(),
      " changed\n");
  AppendList("+", advisories.added, text);
  AppendList("-", advisories.removed, text);
  AppendList("~", advisories.changed, text);
  base::StrAppend(&text, "\nPackages: ", changes.lookups.size(), "\n");
  for (const Lookup& lookup : changes.lookups) {
    base::StrAppend(&text, "~ ", lookup.ecosystem, " ",
                    lookup.package.empty() ? "(the ecosystem itself)"
                                           : lookup.package.c_str(),
                    "\n");
  }
  if (!changes.cves.empty()) {
    base::StrAppend(
        &text, "\nCVEs of which more is known: ", changes.cves.size(), "\n");
    AppendList("~", changes.cves, text);
  }
  return text;
}

}  // namespace landwaiter::analyzer::advisory
