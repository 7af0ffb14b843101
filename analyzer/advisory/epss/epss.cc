#include "analyzer/advisory/epss/epss.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "analyzer/advisory/line_reader.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "2024-10-25" of the first line; empty if it does not tell.
std::string DateOf(std::string_view line) {
  constexpr std::string_view kDate = "score_date:";
  const size_t place = line.find(kDate);
  if (!line.starts_with('#') || place == line.npos) return "";
  const std::string_view date = line.substr(place + kDate.size(), 10);
  return Rfc3339(date).empty() ? "" : std::string(date);
}

std::optional<uint32_t> Millionths(std::string_view text) {
  double value = 0;
  if (!absl::SimpleAtod(base::ToAbsl(text), &value) || !(value >= 0) ||
      value > 1) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(std::lround(value * 1e6));
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LineReader lines(file);
    std::string_view line;
    LANDWAITER_ASSIGN_OR_RETURN(bool more, lines.Next(line));
    const std::string date = more ? DateOf(line) : "";
    if (date.empty()) return Wrong(file, "has no date of its scores");
    LANDWAITER_ASSIGN_OR_RETURN(more, lines.Next(line));
    if (!more || line != "cve,epss,percentile") {
      return Wrong(file, "has other columns");
    }
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(more, lines.Next(line));
      if (!more) return absl::OkStatus();
      if (line.empty()) continue;
      const auto columns = base::Split(line, ',');
      Enrichment enrichment;
      const auto score =
          columns.size() == 3 ? Millionths(columns[1]) : std::nullopt;
      const auto percentile =
          columns.size() == 3 ? Millionths(columns[2]) : std::nullopt;
      if (!score || !percentile || !IsCve(columns[0])) {
        sink.Skip(base::StrCat(file.name(), ": line ", lines.number()),
                  RecordProblem::kBadField, "is no CVE and two numbers");
        continue;
      }
      enrichment.cve = columns[0];
      enrichment.epss = Epss{*score, *percentile, date};
      LANDWAITER_RETURN_IF_ERROR(sink.Add(std::move(enrichment)));
    }
  }

 private:
  static absl::Status Wrong(const FeedFile& file, std::string_view what) {
    return absl::InvalidArgumentError(
        base::StrCat(base::Printable(file.name()), " ", what));
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "epss"; }
  std::string_view description() const override {
    return "FIRST's estimates of what gets exploited: "
           "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".csv");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& EpssScores() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
