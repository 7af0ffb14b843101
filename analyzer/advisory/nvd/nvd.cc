#include "analyzer/advisory/nvd/nvd.h"

#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/json_stream.h"
#include "analyzer/advisory/nvd/configurations.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The newest version of CVSS first, and of each NVD's own first.
void ReadMetrics(const Json& cve, Enrichment& enrichment) {
  const Json* metrics = ObjectIn(cve, "metrics");
  if (metrics == nullptr) return;
  for (const char* kind :
       {"cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"}) {
    for (const bool primary : {true, false}) {
      for (const Json& metric : ArrayIn(*metrics, kind)) {
        if (!metric.is_object()) FailField(kind, "has no object");
        if ((WordIn(&metric, "type") == "Primary") != primary) continue;
        AddCvss(TextIn(metric, "source"),
                WordIn(ObjectIn(metric, "cvssData"), "vectorString"),
                enrichment.cvss);
      }
    }
  }
}

Enrichment ParseCve(const Json& cve) {
  if (!cve.is_object()) FailField("cve", "is no object");
  Enrichment enrichment;
  enrichment.cve = TextIn(cve, "id");
  if (!IsCve(enrichment.cve)) {
    throw BrokenRecord{RecordProblem::kNoId, "has no CVE"};
  }
  enrichment.rejected = TextIn(cve, "vulnStatus") == "Rejected";
  enrichment.published = Rfc3339(TextIn(cve, "published"));
  for (const Json& text : ArrayIn(cve, "descriptions")) {
    if (WordIn(&text, "lang") == "en") {
      enrichment.summary = OneLine(WordIn(&text, "value"));
      break;
    }
  }
  ReadMetrics(cve, enrichment);
  for (const Json& weakness : ArrayIn(cve, "weaknesses")) {
    for (const Json& text : ArrayIn(weakness, "description")) {
      AddCwe(WordIn(&text, "value"), enrichment.cwes);
    }
  }
  for (const Json& reference : ArrayIn(cve, "references")) {
    AddReference(WordIn(&reference, "url"), enrichment.references);
  }
  return enrichment;
}

// The CVE as an advisory on products.
Advisory AdvisoryOf(const Enrichment& from, std::vector<Affected> affected,
                    std::string modified) {
  Advisory advisory;
  Details& details = advisory.details;
  details.id = from.cve;
  details.summary = from.summary;
  details.severity = RateVectors(from.cvss);
  details.cvss = from.cvss;
  details.cwes = from.cwes;
  AddReference(base::StrCat("https://nvd.nist.gov/vuln/detail/", from.cve),
               details.references);
  for (const std::string& url : from.references) {
    AddReference(url, details.references);
  }
  details.published = from.published;
  details.modified = std::move(modified);
  advisory.affected = std::move(affected);
  return advisory;
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    bool is_nvd = false;
    const absl::Status status = ReadJsonItems(
        file, {{"format"}, {"vulnerabilities", "*", "cve"}},
        [&](const JsonItem& item) -> absl::Status {
          if (item.wanted == 0) {
            is_nvd = item.value != nullptr && *item.value == "NVD_CVE";
            return absl::OkStatus();
          }
          return ReadRecord(file.name(), sink, [&] {
            if (item.value == nullptr) throw BrokenRecord{item.problem, ""};
            return Take(*item.value, sink);
          });
        });
    LANDWAITER_RETURN_IF_ERROR(status);
    if (is_nvd) return absl::OkStatus();
    return absl::InvalidArgumentError(
        base::StrCat(base::Printable(file.name()),
                     " is not NVD's: its format is not "
                     "\"NVD_CVE\""));
  }

 private:
  static absl::Status Take(const Json& cve, FeedSink& sink) {
    Enrichment enrichment = ParseCve(cve);
    std::vector<Affected> affected = AffectedByNvd(cve);
    if (!affected.empty() && !enrichment.rejected) {
      LANDWAITER_RETURN_IF_ERROR(
          sink.Add(AdvisoryOf(enrichment, std::move(affected),
                              Rfc3339(TextIn(cve, "lastModified")))));
    }
    return sink.Add(std::move(enrichment));
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "nvd"; }
  std::string_view description() const override {
    return "NVD's CVEs, in the form of its API 2.0: "
           "https://nvd.nist.gov/feeds/json/cve/2.0/";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& Nvd() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
