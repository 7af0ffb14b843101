#include "analyzer/advisory/osv.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "analyzer/advisory/ecosystem.h"
#include "analyzer/advisory/rating.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr size_t kMaxSummary = 300;
// LMDB's keys have at most 511 bytes; a package's name is the most of one.
constexpr size_t kMaxName = 240;

struct Broken {
  RecordProblem problem;
  std::string message;
};
struct TooDeep {};

[[noreturn]] void Fail(std::string_view field, std::string_view what) {
  throw Broken{RecordProblem::kBadField, base::StrCat(field, " ", what)};
}

// null and absent are the same.
const Json* Member(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

const Json* ObjectIn(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  if (member != nullptr && !member->is_object()) {
    Fail(key, "is no object");
  }
  return member;
}

// The members of the array `key`; none if there is no such array.
const std::vector<Json>& ArrayIn(const Json& object, const char* key) {
  static const std::vector<Json> kNone;
  const Json* member = Member(object, key);
  if (member == nullptr) return kNone;
  const auto* array = member->get_ptr<const Json::array_t*>();
  if (array == nullptr) Fail(key, "is no array");
  return *array;
}

std::string Text(const Json& value, const char* field) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) Fail(field, "is no string");
  return *text;
}

std::string TextIn(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  return member == nullptr ? "" : Text(*member, key);
}

std::vector<std::string> TextsIn(const Json& object, const char* key) {
  std::vector<std::string> texts;
  for (const Json& item : ArrayIn(object, key)) {
    texts.push_back(Text(item, key));
  }
  return texts;
}

// A word that a feed may or may not keep there; nothing depends on its type.
std::string WordIn(const Json* object, const char* key) {
  const Json* member = object == nullptr ? nullptr : Member(*object, key);
  const auto* text =
      member == nullptr ? nullptr : member->get_ptr<const std::string*>();
  return text == nullptr ? "" : *text;
}

std::vector<SeverityEntry> SeveritiesIn(const Json& object) {
  std::vector<SeverityEntry> entries;
  for (const Json& item : ArrayIn(object, "severity")) {
    if (!item.is_object()) Fail("severity", "has a member that is no object");
    entries.push_back({TextIn(item, "type"), TextIn(item, "score")});
  }
  return entries;
}

model::Severity FirstKnown(std::initializer_list<model::Severity> ratings) {
  for (const model::Severity rating : ratings) {
    if (rating != model::Severity::kUnknown) return rating;
  }
  return model::Severity::kUnknown;
}

std::optional<BasicEvent<std::string>> ParseEvent(const Json& event) {
  if (!event.is_object()) Fail("events", "has a member that is no object");
  static constexpr std::pair<const char*, EventKind> kKinds[] = {
      {"introduced", EventKind::kIntroduced},
      {"fixed", EventKind::kFixed},
      {"last_affected", EventKind::kLastAffected}};
  for (const auto& [key, kind] : kKinds) {
    if (Member(event, key) != nullptr) return {{kind, TextIn(event, key)}};
  }
  return std::nullopt;  // "limit": of commits only
}

void ParseRanges(const Json& affected, Affected& into) {
  for (const Json& range : ArrayIn(affected, "ranges")) {
    if (!range.is_object()) Fail("ranges", "has a member that is no object");
    if (TextIn(range, "type") == "GIT") continue;
    auto& events = into.ranges.emplace_back();
    for (const Json& event : ArrayIn(range, "events")) {
      if (auto parsed = ParseEvent(event)) events.push_back(*parsed);
    }
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

std::optional<Affected> ParseAffected(const Json& json,
                                      std::string_view summary) {
  if (!json.is_object()) Fail("affected", "has a member that is no object");
  const Json* package = ObjectIn(json, "package");
  if (package == nullptr) return std::nullopt;
  Affected affected;
  affected.ecosystem = CanonicalEcosystem(TextIn(*package, "ecosystem"));
  affected.package = TextIn(*package, "name");
  if (affected.ecosystem.empty() || affected.package.empty()) {
    Fail("affected.package", "has no ecosystem or no name");
  }
  if (base::Contains(affected.ecosystem, std::string_view("\0", 1)) ||
      base::Contains(affected.package, std::string_view("\0", 1))) {
    Fail("affected.package", "has a NUL");
  }
  if (affected.ecosystem.size() + affected.package.size() > kMaxName) {
    throw Broken{RecordProblem::kLongName,
                 base::StrCat("a package's name has ", affected.package.size(),
                              " bytes")};
  }
  ParseRanges(json, affected);
  affected.versions = TextsIn(json, "versions");

  const Json* ecosystem = ObjectIn(json, "ecosystem_specific");
  const Json* database = ObjectIn(json, "database_specific");
  affected.severity = FirstKnown({Rate(SeveritiesIn(json)),
                                  RateWord(WordIn(ecosystem, "severity")),
                                  RateWord(WordIn(ecosystem, "urgency")),
                                  RateWord(WordIn(database, "severity"))});
  if (std::string module = WordIn(ecosystem, "rpm_modularity");
      !module.empty()) {
    affected.modules.push_back(std::move(module));
  } else if (HasModularFix(affected)) {
    affected.modules = ModulesOfSummary(summary);
  }
  return affected;
}

// The CVE in "CVE-2024-1" and "UBUNTU-CVE-2024-1"; empty if there is none.
std::string_view CveOf(std::string_view id) {
  constexpr std::string_view kCve = "CVE-";
  if (id.starts_with(kCve)) return id;
  const size_t place = id.find("-CVE-");
  return place == id.npos ? std::string_view() : id.substr(place + 1);
}

std::vector<std::string> Aliases(const Json& json, const std::string& id) {
  std::set<std::string> cves, others;
  const auto add = [&](std::string_view name) {
    if (const std::string_view cve = CveOf(name); !cve.empty()) {
      cves.emplace(cve);
    }
    others.emplace(name);
  };
  add(id);
  for (const char* key : {"aliases", "upstream"}) {
    for (const std::string& name : TextsIn(json, key)) add(name);
  }
  const std::vector<std::string> related = TextsIn(json, "related");
  if (cves.empty()) {
    for (const std::string& name : related) {
      if (name.starts_with("CVE-")) cves.insert(name);
    }
  }
  std::vector<std::string> aliases;
  for (const std::string& cve : cves) {
    if (cve != id) aliases.push_back(cve);
  }
  for (const std::string& name : others) {
    if (name != id && !name.empty() && !cves.contains(name)) {
      aliases.push_back(name);
    }
  }
  return aliases;
}

// The first line of the text, cut at kMaxSummary.
std::string OneLine(std::string_view text) {
  text = base::Strip(text.substr(0, text.find('\n')));
  if (text.size() <= kMaxSummary) return std::string(text);
  return base::StrCat(text.substr(0, text.rfind(' ', kMaxSummary)), " ...");
}

OsvRecord ParseRecord(const Json& json) {
  if (!json.is_object()) Fail("the whole", "is no object");
  OsvRecord record;
  Details& details = record.advisory.details;
  details.id = TextIn(json, "id");
  if (details.id.empty()) throw Broken{RecordProblem::kNoId, "has no id"};
  record.withdrawn = !TextIn(json, "withdrawn").empty();
  if (record.withdrawn) return record;

  const std::string summary = TextIn(json, "summary");
  details.summary =
      OneLine(summary.empty() ? TextIn(json, "details") : summary);
  details.aliases = Aliases(json, details.id);
  const std::vector<SeverityEntry> severities = SeveritiesIn(json);
  const bool word = std::any_of(
      severities.begin(), severities.end(),
      [](const auto& entry) { return !entry.type.starts_with("CVSS_"); });
  const model::Severity rated = Rate(severities);
  details.severity = FirstKnown(
      {word ? rated : model::Severity::kUnknown,
       RateWord(WordIn(ObjectIn(json, "database_specific"), "severity")),
       RateSummary(summary), rated});
  for (const Json& affected : ArrayIn(json, "affected")) {
    if (auto parsed = ParseAffected(affected, summary)) {
      record.advisory.affected.push_back(*std::move(parsed));
    }
  }
  return record;
}

OsvRecord Problem(RecordProblem problem, std::string message) {
  OsvRecord record;
  record.problem = problem;
  record.message = std::move(message);
  return record;
}

}  // namespace

OsvRecord ParseOsv(std::string_view json) {
  if (json.size() > kMaxRecord) {
    return Problem(RecordProblem::kTooLarge,
                   base::StrCat("has more than ", kMaxRecord, " bytes"));
  }
  const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw TooDeep();
    return true;
  };
  try {
    return ParseRecord(Json::parse(json, check_depth));
  } catch (const TooDeep&) {
    return Problem(RecordProblem::kTooDeep,
                   base::StrCat("is nested deeper than ", kMaxDepth));
  } catch (Broken& broken) {
    return Problem(broken.problem, std::move(broken.message));
  } catch (const Json::exception& e) {
    return Problem(RecordProblem::kNotJson, base::Printable(e.what()));
  }
}

}  // namespace landwaiter::analyzer::advisory
