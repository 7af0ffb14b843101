#include "analyzer/advisory/diff.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// (ecosystem, package) -> what is said of it, as a number. Entries are added
// up, so their order does not count.
using Fingerprints = std::map<std::pair<std::string, std::string>, uint64_t>;

void Append(std::string& text, std::string_view part) {
  base::StrAppend(&text, part.size(), ":", part);
}

uint64_t Fingerprint(const Details& details, const AffectedView& entry) {
  // An advisory's number is another in each database; the rest counts.
  std::string text;
  Append(text, EncodeDetails(details));
  base::StrAppend(&text, static_cast<int>(entry.standing), " ",
                  static_cast<int>(entry.names), " ",
                  static_cast<int>(entry.severity));
  Append(text, entry.statement);
  for (const std::string_view module : entry.modules) Append(text, module);
  for (const auto& range : entry.ranges) {
    text += "[";
    for (const Event& event : range) {
      base::StrAppend(&text, static_cast<int>(event.kind));
      Append(text, event.version);
    }
  }
  text += "]";
  for (const std::string_view version : entry.versions) Append(text, version);
  const std::string hex = base::Sha256Hex(text).substr(0, 16);
  uint64_t number = 0;
  for (const char digit : hex) {
    const char zero = digit <= '9' ? '0' : 'a' - 10;
    number = number * 16 + static_cast<uint64_t>(digit - zero);
  }
  return number;
}

absl::StatusOr<Fingerprints> Read(const AdvisoryDb& db) {
  Fingerprints fingerprints;
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachEntry([&](std::string_view ecosystem, std::string_view package,
                          const AffectedView& entry) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(const Details details,
                                    db.Find(entry.advisory));
        fingerprints[{std::string(ecosystem), std::string(package)}] +=
            Fingerprint(details, entry);
        return absl::OkStatus();
      }));
  return fingerprints;
}

std::set<std::string> Ecosystems(const Fingerprints& fingerprints) {
  std::set<std::string> ecosystems;
  for (const auto& [key, number] : fingerprints) ecosystems.insert(key.first);
  return ecosystems;
}

}  // namespace

absl::StatusOr<std::optional<std::vector<std::string>>> ChangedPackages(
    const AdvisoryDb& before, const AdvisoryDb& after) {
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints old_ones, Read(before));
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints new_ones, Read(after));
  if (Ecosystems(old_ones) != Ecosystems(new_ones)) return std::nullopt;
  std::set<std::string> changed;
  for (const auto& [key, number] : old_ones) {
    const auto found = new_ones.find(key);
    if (found == new_ones.end() || found->second != number) {
      changed.insert(key.second);
    }
  }
  for (const auto& [key, number] : new_ones) {
    if (!old_ones.contains(key)) changed.insert(key.second);
  }
  return std::vector<std::string>(changed.begin(), changed.end());
}

}  // namespace landwaiter::analyzer::advisory
