#include "analyzer/advisory/node/security_wg.h"

#include <utility>

#include "analyzer/advisory/constraint.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/record_file.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The file's name without its folders and its ending.
std::string_view StemOf(std::string_view file) {
  const size_t slash = file.rfind('/');
  if (slash != file.npos) file.remove_prefix(slash + 1);
  return file.substr(0, file.rfind('.'));
}

VersionSet Versions(const Json& json, const char* key) {
  const std::string text = TextIn(json, key);
  // No text is no version, not every one.
  if (base::Strip(text).empty()) return {};
  const auto set = ParseConstraint(text, NpmDialect());
  if (!set.ok()) FailField(key, base::ToStd(set.status().message()));
  return *set;
}

// What is vulnerable and not patched: not in any of the others.
void ReadVersions(const Json& json, const char* vulnerable, const char* patched,
                  Affected& affected) {
  const VersionSet bad = Versions(json, vulnerable);
  if (bad.empty()) FailField(vulnerable, "is empty");
  VersionSet fine = Complement(bad, NpmDialect());
  const VersionSet mended = Versions(json, patched);
  fine.insert(fine.end(), mended.begin(), mended.end());
  affected.ranges = RangesOf(Complement(fine, NpmDialect()), NpmDialect());
}

void ReadPackage(const Json& json, Advisory& advisory) {
  Details& details = advisory.details;
  details.id = base::StrCat("NSWG-ECO-", details.id);
  details.aliases = TextsIn(json, "cves");
  details.summary = OneLine(TextIn(json, "title"));
  details.published = Rfc3339(TextIn(json, "publish_date"));
  details.modified = Rfc3339(TextIn(json, "updated_at"));
  AddCvss("", WordIn(&json, "cvss_vector"), details.cvss);
  details.severity = RateVectors(details.cvss);
  for (const std::string& url : TextsIn(json, "references")) {
    AddReference(url, details.references);
  }
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = "npm";
  affected.package = TextIn(json, "module_name");
  CheckName(affected.ecosystem, affected.package);
  ReadVersions(json, "vulnerable_versions", "patched_versions", affected);
}

void ReadCore(const Json& json, Advisory& advisory) {
  Details& details = advisory.details;
  details.id = base::StrCat("NSWG-CORE-", details.id);
  details.aliases = TextsIn(json, "cve");
  const std::string description = WordIn(&json, "description");
  details.summary =
      OneLine(description.empty() ? WordIn(&json, "overview") : description);
  details.severity = RateWord(WordIn(&json, "severity"));
  AddCvss("", WordIn(&json, "cvss"), details.cvss);
  AddReference(WordIn(&json, "ref"), details.references);
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = "CPE";
  affected.package = "nodejs:node.js";
  ReadVersions(json, "vulnerable", "patched", affected);
}

Advisory ParseRecord(const Json& json, std::string_view file) {
  if (!json.is_object()) FailField("the whole", "is no object");
  Advisory advisory;
  advisory.details.id = StemOf(file);
  if (advisory.details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no id"};
  }
  if (Member(json, "module_name") != nullptr) {
    ReadPackage(json, advisory);
  } else {
    ReadCore(json, advisory);
  }
  return advisory;
}

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "node-security-wg"; }
  std::string_view description() const override {
    return "flaws of Node.js and (to 2020) of npm packages: "
           "https://github.com/nodejs/security-wg";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json") && StemOf(name) != "index" &&
           !base::Contains(name, "vuln/deps/");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<RecordFileReader>(
        [](std::string_view text, std::string_view name) {
          return ParseRecord(ParseRecordJson(text), name);
        });
  }
};

}  // namespace

const FeedFormat& NodeSecurityWg() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
