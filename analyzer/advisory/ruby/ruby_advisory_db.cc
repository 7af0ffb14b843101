#include "analyzer/advisory/ruby/ruby_advisory_db.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "analyzer/advisory/constraint.h"
#include "analyzer/advisory/cvss.h"
#include "analyzer/advisory/document.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_file.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The ids that the record has: CVE, GHSA, OSVDB, in this order.
std::vector<std::string> IdsOf(const Node& record) {
  std::vector<std::string> ids;
  static constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"cve", "CVE-"}, {"ghsa", "GHSA-"}, {"osvdb", "OSVDB-"}};
  for (const auto& [key, prefix] : kKinds) {
    const std::string& number = record.TextOf(key);
    if (!number.empty()) ids.push_back(base::StrCat(prefix, number));
  }
  return ids;
}

// The feed has scores without their vectors.
model::Severity RateScores(const Node& record) {
  for (const std::string_view key : {"cvss_v4", "cvss_v3", "cvss_v2"}) {
    double score = 0;
    if (absl::SimpleAtod(record.TextOf(key), &score) && score >= 0 &&
        score <= 10) {
      return SeverityOfScore(score);
    }
  }
  return model::Severity::kUnknown;
}

void ReadVersions(const Node& record, Affected& affected) {
  VersionSet fine;
  for (const std::string_view key :
       {"patched_versions", "unaffected_versions"}) {
    for (const std::string& text : record.TextsOf(key)) {
      const absl::Status status = AddConstraint(text, RubyGemsDialect(), fine);
      if (!status.ok()) FailField(key, base::ToStd(status.message()));
    }
  }
  affected.ranges =
      RangesOf(Complement(fine, RubyGemsDialect()), RubyGemsDialect());
}

Advisory ParseRecord(const Node& record, std::string_view file) {
  Advisory advisory;
  Details& details = advisory.details;
  details.aliases = IdsOf(record);
  if (details.aliases.empty()) {
    // Some have no number but that of their file.
    const size_t slash = file.rfind('/');
    std::string_view name = slash == file.npos ? file : file.substr(slash + 1);
    name = name.substr(0, name.rfind('.'));
    if (name.empty()) throw BrokenRecord{RecordProblem::kNoId, "has no id"};
    details.aliases.emplace_back(name);
  }
  details.id = std::move(details.aliases.front());
  details.aliases.erase(details.aliases.begin());
  details.summary = OneLine(record.TextOf("title"));
  details.severity = RateScores(record);
  details.published = Rfc3339(record.TextOf("date"));
  AddReference(record.TextOf("url"), details.references);
  if (const Node* related = record.Find("related"); related != nullptr) {
    for (const std::string& url : related->TextsOf("url")) {
      AddReference(url, details.references);
    }
  }
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = "RubyGems";
  affected.package = record.TextOf("gem");
  CheckName(affected.ecosystem, affected.package);
  ReadVersions(record, affected);
  return advisory;
}

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "ruby-advisory-db"; }
  std::string_view description() const override {
    return "RubySec's advisories of gems: "
           "https://github.com/rubysec/ruby-advisory-db";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".yml") &&
           (name.starts_with("gems/") || base::Contains(name, "/gems/"));
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<RecordFileReader>(
        [](std::string_view text, std::string_view name) {
          return ParseRecord(ParseYaml(text), name);
        });
  }
};

}  // namespace

const FeedFormat& RubyAdvisoryDb() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
