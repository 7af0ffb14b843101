#include "analyzer/advisory/osv/osv_format.h"

#include <utility>

#include "analyzer/advisory/osv/osv.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {
namespace {

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    absl::StatusOr<std::string> text = file.ReadAll(kMaxRecord);
    if (!text.ok()) return SkipFile(file, text.status(), sink);
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

 private:
  // A file is a record, so its damage is one record's; not so a limit of the
  // feed.
  static absl::Status SkipFile(const FeedFile& file, const absl::Status& status,
                               FeedSink& sink) {
    if (base::HasFailureCode(status)) return status;
    const bool large = absl::IsResourceExhausted(status);
    sink.Skip(file.name(),
              large ? RecordProblem::kTooLarge : RecordProblem::kUnreadable,
              "");
    return absl::OkStatus();
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
  bool HasUniqueIds() const override { return true; }
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
