#include "analyzer/advisory/php/friends_of_php.h"

#include <utility>

#include "analyzer/advisory/constraint.h"
#include "analyzer/advisory/document.h"
#include "analyzer/advisory/ecosystem.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_file.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kReference = "composer://";

// A branch's comparisons all hold; a version is in one branch or another.
// The first time that a branch was mended is when the flaw was published.
void ReadBranches(const Node& record, Advisory& advisory) {
  const Node* branches = record.Find("branches");
  if (branches == nullptr || branches->leaf) {
    FailField("branches", "is no map");
  }
  VersionSet affected;
  for (const Node& branch : branches->items) {
    std::string constraint;
    for (const std::string& text : branch.TextsOf("versions")) {
      base::StrAppend(&constraint, text, ",");
    }
    // No comparison would be every version.
    if (constraint.empty()) FailField("versions", "is empty");
    const absl::Status status =
        AddConstraint(constraint, ComposerDialect(), affected);
    if (!status.ok()) FailField("versions", base::ToStd(status.message()));
    const std::string time = Rfc3339(branch.TextOf("time"));
    std::string& published = advisory.details.published;
    if (!time.empty() && (published.empty() || time < published)) {
      published = time;
    }
  }
  advisory.affected[0].ranges = RangesOf(affected, ComposerDialect());
}

Advisory ParseRecord(const Node& record, std::string_view file) {
  Advisory advisory;
  Details& details = advisory.details;
  details.id = record.TextOf("cve");
  if (!IsCve(details.id)) details.id = file.substr(0, file.rfind('.'));
  if (details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no id"};
  }
  details.summary = OneLine(record.TextOf("title"));
  AddReference(record.TextOf("link"), details.references);
  const std::string& reference = record.TextOf("reference");
  if (!reference.starts_with(kReference)) {
    FailField("reference", "names no Composer package");
  }
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = "Packagist";
  affected.package =
      CanonicalPackage(affected.ecosystem,
                       std::string_view(reference).substr(kReference.size()));
  CheckName(affected.ecosystem, affected.package);
  ReadBranches(record, advisory);
  return advisory;
}

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "friendsofphp"; }
  std::string_view description() const override {
    return "FriendsOfPHP's advisories of Composer packages: "
           "https://github.com/FriendsOfPHP/security-advisories";
  }
  bool Reads(std::string_view name) const override {
    // Names of the repository's own files begin with a dot.
    return name.ends_with(".yaml") && !base::Contains(name, "/.") &&
           !name.starts_with('.');
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<RecordFileReader>(
        [](std::string_view text, std::string_view name) {
          return ParseRecord(ParseYaml(text), name);
        });
  }
};

}  // namespace

const FeedFormat& FriendsOfPhp() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
