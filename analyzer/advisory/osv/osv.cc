#include "analyzer/advisory/osv/osv.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/osv/osv_affected.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

model::Severity FirstKnown(std::initializer_list<model::Severity> ratings) {
  for (const model::Severity rating : ratings) {
    if (rating != model::Severity::kUnknown) return rating;
  }
  return model::Severity::kUnknown;
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

// The record's vectors; without any, those of its entries (Bitnami,
// RustSec's older form).
void ReadVectors(const Json& json, const std::vector<SeverityEntry>& own,
                 Details& details) {
  const auto add = [&](const std::vector<SeverityEntry>& entries) {
    for (const SeverityEntry& entry : entries) {
      if (entry.type.starts_with("CVSS_")) {
        AddCvss("", entry.score, details.cvss);
      }
    }
  };
  add(own);
  if (!details.cvss.empty()) return;
  for (const Json& affected : ArrayIn(json, "affected")) {
    add(OsvSeverities(affected));
    AddCvss("", WordIn(ObjectIn(affected, "database_specific"), "cvss"),
            details.cvss);
  }
}

// GitHub's "cwe_ids": ["CWE-79"], and malicious packages'
// "cwes": [{"cweId": "CWE-506"}].
void ReadCwes(const Json& object, Details& details) {
  const Json* database = ObjectIn(object, "database_specific");
  if (database == nullptr) return;
  for (const char* key : {"cwe_ids", "cwes"}) {
    const Json* list = Member(*database, key);
    if (list == nullptr || !list->is_array()) continue;
    for (const Json& cwe : *list) {
      if (cwe.is_string()) AddCwe(Text(cwe, key), details.cwes);
      if (cwe.is_object()) AddCwe(WordIn(&cwe, "cweId"), details.cwes);
    }
  }
}

// Advisories go first, and before others the one that has the id in its URL.
void ReadReferences(const Json& json, Details& details) {
  std::array<std::vector<std::string>, 4> by_rank;
  for (const Json& reference : ArrayIn(json, "references")) {
    if (!reference.is_object()) {
      FailField("references", "has a member that is no object");
    }
    std::string url = TextIn(reference, "url");
    const size_t own = base::Contains(url, details.id) ? 0 : 2;
    const size_t advisory = WordIn(&reference, "type") == "ADVISORY" ? 0 : 1;
    by_rank[own + advisory].push_back(std::move(url));
  }
  for (const auto& urls : by_rank) {
    for (const std::string& url : urls) AddReference(url, details.references);
  }
}

void ReadDetails(const Json& json, const std::string& summary,
                 Details& details) {
  details.summary =
      OneLine(summary.empty() ? TextIn(json, "details") : summary);
  details.aliases = Aliases(json, details.id);
  details.published = Rfc3339(TextIn(json, "published"));
  details.modified = Rfc3339(TextIn(json, "modified"));
  details.malicious = details.id.starts_with("MAL-");
  const std::vector<SeverityEntry> severities = OsvSeverities(json);
  const bool word = std::any_of(
      severities.begin(), severities.end(),
      [](const auto& entry) { return !entry.type.starts_with("CVSS_"); });
  const model::Severity rated = Rate(severities);
  details.severity = FirstKnown(
      {word ? rated : model::Severity::kUnknown,
       RateWord(WordIn(ObjectIn(json, "database_specific"), "severity")),
       RateSummary(summary), rated});
  ReadVectors(json, severities, details);
  ReadCwes(json, details);
  for (const Json& affected : ArrayIn(json, "affected")) {
    ReadCwes(affected, details);
  }
  ReadReferences(json, details);
}

OsvRecord ParseRecord(const Json& json) {
  if (!json.is_object()) FailField("the whole", "is no object");
  OsvRecord record;
  Details& details = record.advisory.details;
  details.id = TextIn(json, "id");
  if (details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no id"};
  }
  record.withdrawn = !TextIn(json, "withdrawn").empty();
  if (record.withdrawn) return record;
  const std::string summary = TextIn(json, "summary");
  for (const Json& affected : ArrayIn(json, "affected")) {
    ReadOsvAffected(affected, summary, record.advisory.affected);
  }
  ReadDetails(json, summary, details);
  return record;
}

}  // namespace

OsvRecord ParseOsv(std::string_view json) {
  OsvRecord broken;
  try {
    return ParseRecord(ParseRecordJson(json));
  } catch (BrokenRecord& what) {
    broken.problem = what.problem;
    broken.message = std::move(what.message);
  } catch (const Json::exception& e) {
    broken.problem = RecordProblem::kBadField;
    broken.message = base::Printable(e.what());
  }
  return broken;
}

}  // namespace landwaiter::analyzer::advisory
