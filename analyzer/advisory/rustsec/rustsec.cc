#include "analyzer/advisory/rustsec/rustsec.h"

#include <algorithm>
#include <utility>

#include "analyzer/advisory/constraint.h"
#include "analyzer/advisory/document.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

struct Parts {
  std::string_view toml, prose;
};
Parts Divide(std::string_view text) {
  constexpr std::string_view kBegin = "```toml", kEnd = "\n```";
  const size_t begin = text.find(kBegin);
  if (begin == text.npos) FailField("the whole", "has no TOML");
  const size_t end = text.find(kEnd, begin);
  if (end == text.npos) FailField("the whole", "has TOML without an end");
  const size_t from = begin + kBegin.size();
  // An empty block's end is found at its begin.
  return {text.substr(from, std::max(from, end) - from),
          text.substr(std::min(text.size(), end + kEnd.size()))};
}

std::string TitleOf(std::string_view prose) {
  const size_t mark = prose.find("\n# ");
  return mark == prose.npos ? "" : OneLine(prose.substr(mark + 3));
}

void AddVersions(const Node& record, std::string_view key, VersionSet& set) {
  const Node* versions = record.Find("versions");
  if (versions == nullptr) return;
  for (const std::string& text : versions->TextsOf(key)) {
    const absl::Status status = AddConstraint(text, CargoDialect(), set);
    if (!status.ok()) FailField(key, base::ToStd(status.message()));
  }
}

// CVEs first, as everywhere.
std::vector<std::string> AliasesOf(const Node& advisory) {
  std::vector<std::string> aliases, others;
  for (const std::string& alias : advisory.TextsOf("aliases")) {
    (alias.starts_with("CVE-") ? aliases : others).push_back(alias);
  }
  aliases.insert(aliases.end(), others.begin(), others.end());
  return aliases;
}

Advisory ParseRecord(const Node& record, std::string_view prose) {
  const Node* head = record.Find("advisory");
  if (head == nullptr || head->leaf) FailField("advisory", "is no table");
  Advisory advisory;
  Details& details = advisory.details;
  details.id = head->TextOf("id");
  if (details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no id"};
  }
  details.aliases = AliasesOf(*head);
  details.summary = TitleOf(prose);
  details.published = Rfc3339(head->TextOf("date"));
  AddCvss("", head->TextOf("cvss"), details.cvss);
  details.severity = RateVectors(details.cvss);
  AddReference(
      base::StrCat("https://rustsec.org/advisories/", details.id, ".html"),
      details.references);
  AddReference(head->TextOf("url"), details.references);
  for (const std::string& url : head->TextsOf("references")) {
    AddReference(url, details.references);
  }

  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = "crates.io";
  affected.package = head->TextOf("package");
  CheckName(affected.ecosystem, affected.package);
  affected.statement = base::Printable(head->TextOf("informational"));
  if (affected.statement == "unmaintained") {
    affected.standing = Standing::kEndOfLife;
  }
  VersionSet fine;
  AddVersions(record, "patched", fine);
  AddVersions(record, "unaffected", fine);
  affected.ranges = RangesOf(Complement(fine, CargoDialect()), CargoDialect());
  return advisory;
}

bool IsWithdrawn(const Node& record) {
  const Node* head = record.Find("advisory");
  return head != nullptr && !head->TextOf("withdrawn").empty();
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                                file.ReadAll(kMaxRecord));
    return ReadRecord(file.name(), sink, [&]() -> absl::Status {
      const Parts parts = Divide(text);
      const Node record = ParseToml(parts.toml);
      if (IsWithdrawn(record)) {
        sink.Withdrawn();
        return absl::OkStatus();
      }
      return sink.Add(ParseRecord(record, parts.prose));
    });
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "rustsec"; }
  std::string_view description() const override {
    return "RustSec's advisories of crates: "
           "https://github.com/rustsec/advisory-db";
  }
  bool Reads(std::string_view name) const override {
    const size_t slash = name.rfind('/');
    if (slash != name.npos) name.remove_prefix(slash + 1);
    return name.starts_with("RUSTSEC-") && name.ends_with(".md");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& Rustsec() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
