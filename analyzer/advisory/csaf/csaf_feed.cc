#include "analyzer/advisory/csaf/csaf_feed.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analyzer/advisory/csaf/statuses.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The document's own page first.
void AddReferences(const Json& of, Details& details) {
  for (const bool self : {true, false}) {
    for (const Json& reference : ArrayIn(of, "references")) {
      if ((WordIn(&reference, "category") == "self") != self) continue;
      AddReference(WordIn(&reference, "url"), details.references);
    }
  }
}

void AddScores(const Json& vulnerability, Details& details) {
  for (const Json& score : ArrayIn(vulnerability, "scores")) {
    for (const char* version : {"cvss_v2", "cvss_v3", "cvss_v4"}) {
      const Json* cvss = ObjectIn(score, version);
      if (cvss == nullptr) continue;
      AddCvss("", WordIn(cvss, "vectorString"), details.cvss);
    }
  }
}

void AddVulnerability(const Json& vulnerability, Details& details) {
  const std::string cve = TextIn(vulnerability, "cve");
  if (IsCve(cve) && cve != details.id) AddOnce(details.aliases, cve);
  AddCwe(WordIn(ObjectIn(vulnerability, "cwe"), "id"), details.cwes);
  AddScores(vulnerability, details);
  AddReferences(vulnerability, details);
}

class CsafReader : public FeedReader {
 public:
  explicit CsafReader(const CsafFeed& feed) : feed_(feed) {}

  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    const absl::StatusOr<std::string> text = file.ReadAll(kMaxRecord);
    if (absl::IsResourceExhausted(text.status())) {
      sink.Skip(file.name(), RecordProblem::kTooLarge,
                base::StrCat("has more than ", kMaxRecord, " bytes"));
      return absl::OkStatus();
    }
    LANDWAITER_RETURN_IF_ERROR(text.status());
    return ReadRecord(file.name(), sink, [&] {
      return ReadDocument(ParseRecordJson(*text), file.name(), sink);
    });
  }

 private:
  absl::Status ReadDocument(const Json& json, const std::string& file,
                            FeedSink& sink) const {
    if (!json.is_object()) FailField("the whole", "is no object");
    const Json* document = ObjectIn(json, "document");
    const Json* tracking =
        document == nullptr ? nullptr : ObjectIn(*document, "tracking");
    if (tracking == nullptr) FailField("document.tracking", "is not there");
    if (WordIn(tracking, "status") == "deleted") {
      sink.Withdrawn();
      return absl::OkStatus();
    }
    const Json* tree = ObjectIn(json, "product_tree");
    // A CVE that concerns no product has none.
    if (tree == nullptr) return absl::OkStatus();
    const CsafProductTree products(*tree);
    const Details base = DetailsOf(*document, *tracking);
    const auto& vulnerabilities = ArrayIn(json, "vulnerabilities");
    if (WordIn(document, "category") != "csaf_vex") {
      return Tell(base, vulnerabilities.begin(), vulnerabilities.end(),
                  products, file, sink);
    }
    for (auto it = vulnerabilities.begin(); it != vulnerabilities.end(); ++it) {
      Details details = base;
      if (!it->is_object()) FailField("vulnerabilities", "has no objects");
      const std::string cve = TextIn(*it, "cve");
      const std::string title = WordIn(&*it, "title");
      if (!cve.empty()) details.id = cve;
      if (!title.empty()) details.summary = OneLine(title);
      const std::string published = Rfc3339(WordIn(&*it, "release_date"));
      if (!published.empty()) details.published = published;
      LANDWAITER_RETURN_IF_ERROR(
          Tell(std::move(details), it, it + 1, products, file, sink));
    }
    return absl::OkStatus();
  }

  static Details DetailsOf(const Json& document, const Json& tracking) {
    Details details;
    details.id = TextIn(tracking, "id");
    details.summary = OneLine(WordIn(&document, "title"));
    details.severity =
        RateWord(WordIn(ObjectIn(document, "aggregate_severity"), "text"));
    details.published = Rfc3339(WordIn(&tracking, "initial_release_date"));
    details.modified = Rfc3339(WordIn(&tracking, "current_release_date"));
    AddReferences(document, details);
    return details;
  }

  using Vulnerability = std::vector<Json>::const_iterator;
  absl::Status Tell(Details details, Vulnerability begin, Vulnerability end,
                    const CsafProductTree& products, const std::string& file,
                    FeedSink& sink) const {
    CsafEntries entries(feed_, products);
    for (auto it = begin; it != end; ++it) {
      if (!it->is_object()) FailField("vulnerabilities", "has no objects");
      AddVulnerability(*it, details);
      entries.Add(*it);
    }
    if (entries.full()) {
      throw BrokenRecord{RecordProblem::kTooLarge, "has too many products"};
    }
    if (details.severity == model::Severity::kUnknown) {
      details.severity = entries.worst();
    }
    const model::Severity severity = details.severity;
    return Deliver({std::move(details), entries.Take(severity)}, file, sink);
  }

  const CsafFeed& feed_;
};

}  // namespace

bool CsafFeed::Reads(std::string_view name) const {
  return name.ends_with(".json");
}

std::unique_ptr<FeedReader> CsafFeed::NewReader() const {
  return std::make_unique<CsafReader>(*this);
}

}  // namespace landwaiter::analyzer::advisory
