#include "analyzer/advisory/osv/osv_format.h"

#include <utility>

#include "analyzer/advisory/osv/osv.h"

namespace landwaiter::analyzer::advisory {
namespace {

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    auto text = file.ReadAll(kMaxRecord);
    if (absl::IsResourceExhausted(text.status())) {
      sink.Skip(file.name(), RecordProblem::kTooLarge, "");
      return absl::OkStatus();
    }
    if (!text.ok()) return text.status();
    OsvRecord record = ParseOsv(*text);
    if (record.problem != RecordProblem::kNone) {
      sink.Skip(file.name(), record.problem, record.message);
      return absl::OkStatus();
    }
    if (record.withdrawn) {
      sink.Withdrawn();
      return absl::OkStatus();
    }
    return sink.Add(std::move(record.advisory));
  }
};

class Osv : public FeedFormat {
 public:
  std::string_view name() const override { return "osv"; }
  std::string_view description() const override {
    return "Open Source Vulnerability records, a record a file: "
           "https://osv-vulnerabilities.storage.googleapis.com, "
           "github.com/github/advisory-database and others";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& OsvFormat() {
  static const Osv kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
