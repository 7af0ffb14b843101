#include "analyzer/advisory/alpine/unfixed.h"

#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "3.13-community" is "Alpine:v3.13", "edge-main" is "Alpine:edge".
std::string EcosystemOf(std::string_view repository) {
  const std::string_view release = repository.substr(0, repository.rfind('-'));
  if (release.empty()) FailField("repo", "is empty");
  return base::StrCat("Alpine:", release == "edge" ? "" : "v", release);
}

// A member may be a boolean or absent.
bool IsTrue(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  if (member == nullptr || !member->is_boolean()) {
    FailField(key, "is no boolean");
  }
  return member->get<bool>();
}

Advisory ParseRecord(const Json& json) {
  if (!json.is_object()) FailField("the whole", "is no object");
  Advisory advisory;
  Details& details = advisory.details;
  details.id = TextIn(json, "id");
  if (details.id.empty()) {
    throw BrokenRecord{RecordProblem::kNoId, "has no id"};
  }
  details.summary = OneLine(TextIn(json, "description"));
  AddCvss("", WordIn(ObjectIn(json, "cvss3"), "vector"), details.cvss);
  details.severity = RateVectors(details.cvss);
  AddReference(
      base::StrCat("https://security.alpinelinux.org/vuln/", details.id),
      details.references);
  for (const Json& reference : ArrayIn(json, "ref")) {
    AddReference(WordIn(&reference, "rel"), details.references);
  }
  for (const Json& state : ArrayIn(json, "state")) {
    if (!state.is_object()) FailField("state", "has no object");
    if (IsTrue(state, "fixed")) continue;
    Affected& affected = advisory.affected.emplace_back();
    affected.ecosystem = EcosystemOf(TextIn(state, "repo"));
    affected.package = TextIn(state, "packageName");
    CheckName(affected.ecosystem, affected.package);
    affected.ranges = {
        {{EventKind::kIntroduced, TextIn(state, "packageVersion")}}};
  }
  return advisory;
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                                file.ReadAll(kMaxRecord));
    return ReadRecord(file.name(), sink, [&]() -> absl::Status {
      Advisory advisory = ParseRecord(ParseRecordJson(text));
      if (advisory.affected.empty()) return absl::OkStatus();
      return sink.Add(std::move(advisory));
    });
  }
};

class Unfixed : public FeedFormat {
 public:
  std::string_view name() const override { return "alpine-unfixed"; }
  std::string_view description() const override {
    return "what Alpine has no fix for, a CVE a file: "
           "https://security.alpinelinux.org";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& AlpineUnfixed() {
  static const Unfixed kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
