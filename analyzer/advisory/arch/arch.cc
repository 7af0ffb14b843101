#include "analyzer/advisory/arch/arch.h"

#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/json_stream.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "Vulnerable", "Testing" (mended, but not for everyone yet), "Fixed",
// "Unknown", "Not affected".
void ReadStatus(const Json& json, Affected& affected) {
  const std::string status = TextIn(json, "status");
  const std::string fixed = TextIn(json, "fixed");
  affected.ranges = {status == "Fixed" && !fixed.empty() ? RangeBefore(fixed)
                                                         : WholeRange()};
  if (status == "Fixed" && fixed.empty()) {
    FailField("fixed", "is empty");
  } else if (status == "Testing") {
    affected.standing = Standing::kFixDeferred;
    affected.statement =
        base::StrCat("fix in testing: ", base::Printable(fixed));
  } else if (status == "Unknown") {
    affected.standing = Standing::kUnderInvestigation;
  } else if (status == "Not affected") {
    affected.standing = Standing::kNotAffected;
  } else if (status != "Vulnerable" && status != "Fixed") {
    FailField("status", "is not known");
  }
}

Advisory ParseRecord(const Json& json) {
  if (!json.is_object()) FailField("the whole", "is no object");
  Advisory advisory;
  Details& details = advisory.details;
  details.id = TextIn(json, "name");
  if (details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no name"};
  }
  details.aliases = TextsIn(json, "issues");
  details.severity = RateWord(TextIn(json, "severity"));
  details.summary = OneLine(TextIn(json, "type"));
  AddReference(base::StrCat("https://security.archlinux.org/", details.id),
               details.references);
  for (const std::string& id : TextsIn(json, "advisories")) {
    AddReference(base::StrCat("https://security.archlinux.org/", id),
                 details.references);
  }
  Affected entry;
  entry.ecosystem = "Arch Linux";
  ReadStatus(json, entry);
  for (std::string& package : TextsIn(json, "packages")) {
    CheckName(entry.ecosystem, package);
    entry.package = std::move(package);
    advisory.affected.push_back(entry);
  }
  return advisory;
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    return ReadJsonItems(file, {{"*"}}, [&](const JsonItem& item) {
      return ReadRecord(file.name(), sink, [&] {
        if (item.value == nullptr) throw BrokenRecord{item.problem, ""};
        return sink.Add(ParseRecord(*item.value));
      });
    });
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "arch-linux"; }
  std::string_view description() const override {
    return "Arch Linux' security tracker: "
           "https://security.archlinux.org/all.json";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& ArchLinux() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
