#include "analyzer/advisory/kev/kev.h"

#include <algorithm>
#include <map>
#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// A record's fields by name, whichever form it came in.
using Fields = std::map<std::string, std::string>;

std::string FieldOf(const Fields& fields, const char* name) {
  const auto field = fields.find(name);
  return field == fields.end() ? "" : field->second;
}

std::string Date(const Fields& fields, const char* name) {
  std::string date = FieldOf(fields, name);
  if (!date.empty() && (date.size() != 10 || Rfc3339(date).empty())) {
    FailField(name, "is no date");
  }
  return date;
}

Enrichment EnrichmentOf(const Fields& fields) {
  Enrichment enrichment;
  enrichment.cve = FieldOf(fields, "cveID");
  if (!IsCve(enrichment.cve)) {
    throw BrokenRecord{RecordProblem::kNoId, "has no CVE"};
  }
  Exploited& exploited = enrichment.exploited.emplace();
  exploited.added = Date(fields, "dateAdded");
  exploited.due = Date(fields, "dueDate");
  exploited.ransomware =
      FieldOf(fields, "knownRansomwareCampaignUse") == "Known";
  return enrichment;
}

absl::Status ReadJson(const std::string& text, const FeedFile& file,
                      FeedSink& sink) {
  const Json json = ParseRecordJson(text);
  if (Member(json, "vulnerabilities") == nullptr) {
    FailField("vulnerabilities", "is not there");
  }
  for (const Json& item : ArrayIn(json, "vulnerabilities")) {
    LANDWAITER_RETURN_IF_ERROR(ReadRecord(file.name(), sink, [&] {
      if (!item.is_object()) FailField("vulnerabilities", "has no object");
      Fields fields;
      for (const char* key :
           {"cveID", "dateAdded", "dueDate", "knownRansomwareCampaignUse"}) {
        fields[key] = TextIn(item, key);
      }
      return sink.Add(EnrichmentOf(fields));
    }));
  }
  return absl::OkStatus();
}

// Takes a row of comma-separated values off the text (RFC 4180).
std::vector<std::string> TakeRow(std::string_view& text) {
  std::vector<std::string> row(1);
  bool quoted = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        row.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        row.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      row.back() += c;
    }
  }
  text.remove_prefix(std::min(text.size(), i + 1));
  return row;
}

absl::Status ReadCsv(std::string_view text, const FeedFile& file,
                     FeedSink& sink) {
  const std::vector<std::string> titles = TakeRow(text);
  if (std::find(titles.begin(), titles.end(), "cveID") == titles.end()) {
    FailField("cveID", "is no column");
  }
  while (!text.empty()) {
    const std::vector<std::string> row = TakeRow(text);
    if (row.size() == 1 && row[0].empty()) continue;
    LANDWAITER_RETURN_IF_ERROR(ReadRecord(file.name(), sink, [&] {
      if (row.size() != titles.size()) {
        FailField("a row", "has another number of columns");
      }
      Fields fields;
      for (size_t i = 0; i < row.size(); ++i) fields[titles[i]] = row[i];
      return sink.Add(EnrichmentOf(fields));
    }));
  }
  return absl::OkStatus();
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                                file.ReadAll(kMaxRecord));
    try {
      return base::Strip(text).starts_with('{') ? ReadJson(text, file, sink)
                                                : ReadCsv(text, file, sink);
    } catch (const BrokenRecord& broken) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(file.name()), ": ", broken.message));
    }
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "cisa-kev"; }
  std::string_view description() const override {
    return "CISA's known exploited vulnerabilities: https://www.cisa.gov/"
           "sites/default/files/feeds/known_exploited_vulnerabilities.json";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json") || name.ends_with(".csv");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& CisaKev() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
