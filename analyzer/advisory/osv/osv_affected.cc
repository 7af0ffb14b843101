#include "analyzer/advisory/osv/osv_affected.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "analyzer/advisory/ecosystem.h"
#include "analyzer/advisory/json_fields.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

using Events = std::vector<BasicEvent<std::string>>;

std::optional<BasicEvent<std::string>> ParseEvent(const Json& event) {
  if (!event.is_object()) FailField("events", "has a member that is no object");
  static constexpr std::pair<const char*, EventKind> kKinds[] = {
      {"introduced", EventKind::kIntroduced},
      {"fixed", EventKind::kFixed},
      {"last_affected", EventKind::kLastAffected}};
  for (const auto& [key, kind] : kKinds) {
    if (Member(event, key) != nullptr) return {{kind, TextIn(event, key)}};
  }
  return std::nullopt;  // "limit": of commits only
}

// GitHub's last_known_affected_version_range ("<= 9.0.5", "< 2.1.3") ends a
// range for which nobody has released a fix.
void EndAtLastKnown(std::string_view range, Events& events) {
  const bool open = std::all_of(
      events.begin(), events.end(),
      [](const auto& event) { return event.kind == EventKind::kIntroduced; });
  if (!open || events.empty() || !range.starts_with('<')) return;
  range.remove_prefix(1);
  const bool inclusive = range.starts_with('=');
  if (inclusive) range.remove_prefix(1);
  range = base::Strip(range);
  if (range.empty()) return;
  events.push_back({inclusive ? EventKind::kLastAffected : EventKind::kFixed,
                    std::string(range)});
}

void ParseRanges(const Json& affected, Affected& into) {
  const std::string last_known = WordIn(ObjectIn(affected, "database_specific"),
                                        "last_known_affected_version_range");
  for (const Json& range : ArrayIn(affected, "ranges")) {
    if (!range.is_object()) {
      FailField("ranges", "has a member that is no object");
    }
    if (TextIn(range, "type") == "GIT") continue;
    auto& events = into.ranges.emplace_back();
    for (const Json& event : ArrayIn(range, "events")) {
      if (auto parsed = ParseEvent(event)) events.push_back(*parsed);
    }
    EndAtLastKnown(last_known, events);
  }
}

bool HasModularFix(const Affected& affected) {
  for (const auto& range : affected.ranges) {
    for (const auto& event : range) {
      if (base::Contains(event.version, ".module")) return true;
    }
  }
  return false;
}

model::Severity RateAffected(const Json& json, const Json* ecosystem,
                             const Json* database) {
  for (const model::Severity rating :
       {Rate(OsvSeverities(json)), RateWord(WordIn(ecosystem, "severity")),
        RateWord(WordIn(ecosystem, "urgency")),
        RateWord(WordIn(database, "severity"))}) {
    if (rating != model::Severity::kUnknown) return rating;
  }
  return model::Severity::kUnknown;
}

// RustSec's "unmaintained", "unsound", "notice"; Debian's urgency
// "end-of-life".
void ReadStanding(const Json* ecosystem, const Json* database, Affected& into) {
  if (WordIn(ecosystem, "urgency") == "end-of-life") {
    into.standing = Standing::kEndOfLife;
  }
  const std::string informational = WordIn(database, "informational");
  if (informational.empty()) return;
  into.statement = base::Printable(informational);
  if (informational == "unmaintained") into.standing = Standing::kEndOfLife;
}

// SUSE names a source package, and the binary packages with the versions of
// theirs that have the fix: [{"libfoo1": "1.2-3", "foo-devel": "1.2-3"}].
bool AddBinaries(const Affected& source, const Json* ecosystem,
                 std::vector<Affected>& into) {
  if (ecosystem == nullptr || !(source.ecosystem.starts_with("SUSE") ||
                                source.ecosystem.starts_with("openSUSE"))) {
    return false;
  }
  bool any = false;
  for (const Json& names : ArrayIn(*ecosystem, "binaries")) {
    if (!names.is_object()) continue;
    for (const auto& [name, version] : names.items()) {
      CheckName(source.ecosystem, name);
      Affected binary = source;
      binary.package = name;
      binary.names = NameKind::kBinary;
      binary.versions.clear();
      binary.ranges = {{{EventKind::kIntroduced, "0"},
                        {EventKind::kFixed, Text(version, "binaries")}}};
      into.push_back(std::move(binary));
      any = true;
    }
  }
  return any;
}

}  // namespace

std::vector<SeverityEntry> OsvSeverities(const Json& object) {
  std::vector<SeverityEntry> entries;
  for (const Json& item : ArrayIn(object, "severity")) {
    if (!item.is_object()) {
      FailField("severity", "has a member that is no object");
    }
    entries.push_back({TextIn(item, "type"), TextIn(item, "score")});
  }
  return entries;
}

void ReadOsvAffected(const Json& json, std::string_view summary,
                     std::vector<Affected>& into) {
  if (!json.is_object()) {
    FailField("affected", "has a member that is no object");
  }
  const Json* package = ObjectIn(json, "package");
  if (package == nullptr) return;
  Affected affected;
  affected.ecosystem = CanonicalEcosystem(TextIn(*package, "ecosystem"));
  affected.package =
      CanonicalPackage(affected.ecosystem, TextIn(*package, "name"));
  CheckName(affected.ecosystem, affected.package);
  ParseRanges(json, affected);
  affected.versions = TextsIn(json, "versions");

  const Json* ecosystem = ObjectIn(json, "ecosystem_specific");
  const Json* database = ObjectIn(json, "database_specific");
  affected.severity = RateAffected(json, ecosystem, database);
  ReadStanding(ecosystem, database, affected);
  if (std::string module = WordIn(ecosystem, "rpm_modularity");
      !module.empty()) {
    affected.modules.push_back(std::move(module));
  } else if (HasModularFix(affected)) {
    affected.modules = ModulesOfSummary(summary);
  }
  if (!AddBinaries(affected, ecosystem, into)) {
    into.push_back(std::move(affected));
  }
}

}  // namespace landwaiter::analyzer::advisory
