#include "analyzer/advisory/alma_errata/alma_errata.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/json_stream.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "analyzer/advisory/updateinfo/stream.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The file as the one member "errata" of an object, since it is objects that
// are read as a stream.
class Wrapped : public FeedFile {
 public:
  explicit Wrapped(FeedFile& file) : file_(file) {}
  const std::string& name() const override { return file_.name(); }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (stage_ == 1) {
      LANDWAITER_ASSIGN_OR_RETURN(const size_t got, file_.Read(buffer, size));
      if (got > 0) return got;
      stage_ = 2;
      left_ = "}";
    }
    const size_t n = std::min(size, left_.size());
    std::memcpy(buffer, left_.data(), n);
    left_.remove_prefix(n);
    if (left_.empty() && stage_ == 0) stage_ = 1;
    return n;
  }

 private:
  FeedFile& file_;
  int stage_ = 0;  // before the file, in it, behind it
  std::string_view left_ = "{\"errata\":";
};

// {"$date": 1629790196000}, in milliseconds.
std::string TimeIn(const Json& record, const char* key) {
  const Json* date = Member(record, key);
  const Json* number =
      date == nullptr || !date->is_object() ? nullptr : Member(*date, "$date");
  if (number == nullptr || !number->is_number_integer()) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                          absl::FromUnixMillis(number->get<int64_t>()),
                          absl::UTCTimeZone());
}

Details DetailsOf(const Json& record) {
  Details details;
  details.id = TextIn(record, "updateinfo_id");
  details.summary = OneLine(TextIn(record, "title"));
  details.severity = RateWord(WordIn(&record, "severity"));
  details.published = TimeIn(record, "issued_date");
  details.modified = TimeIn(record, "updated_date");
  for (const Json& reference : ArrayIn(record, "references")) {
    const std::string id = WordIn(&reference, "id");
    if (IsCve(id)) AddOnce(details.aliases, id);
    AddReference(WordIn(&reference, "href"), details.references);
  }
  return details;
}

void AddPackages(const Json& list, AffectedList& entries) {
  std::string module;
  if (const Json* named = ObjectIn(list, "module")) {
    module =
        base::StrCat(TextIn(*named, "name"), ":", TextIn(*named, "stream"));
  }
  for (const Json& package : ArrayIn(list, "packages")) {
    if (!package.is_object()) FailField("packages", "has no objects");
    const std::string release = TextIn(package, "release");
    const std::string version = TextIn(package, "version");
    const std::string_view major = EnterpriseLinuxTag(release);
    const std::string architecture = TextIn(package, "arch");
    if (major.empty() || architecture == "src") continue;
    if (version.empty()) FailField("packages", "has one without a version");
    Affected entry =
        FixedIn(base::StrCat("AlmaLinux:", major), TextIn(package, "name"),
                EvrOf(TextIn(package, "epoch"), version, release));
    if (!module.empty()) entry.modules = {module};
    entries.Add(std::move(entry), architecture);
  }
}

class AlmaErrataReader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    Wrapped wrapped(file);
    return ReadJsonItems(wrapped, {{"errata", "*"}}, [&](const JsonItem& item) {
      ++number_;
      const std::string where = base::StrCat(file.name(), ": ", number_);
      if (item.value == nullptr) {
        sink.Skip(where, item.problem, "");
        return absl::OkStatus();
      }
      return ReadRecord(where, sink, [&] {
        return ReadErratum(*item.value, file.name(), sink);
      });
    });
  }

 private:
  static absl::Status ReadErratum(const Json& record, const std::string& file,
                                  FeedSink& sink) {
    if (!record.is_object()) FailField("the whole", "is no object");
    Details details = DetailsOf(record);
    const bool security = WordIn(&record, "type") == "security";
    if (!security && details.aliases.empty()) return absl::OkStatus();
    AffectedList entries;
    if (const Json* list = ObjectIn(record, "pkglist")) {
      AddPackages(*list, entries);
    }
    return Deliver(
        {std::move(details), entries.Take(AffectedList::Fixes::kLeast)}, file,
        sink);
  }

  size_t number_ = 0;  // of the record
};

}  // namespace

std::string_view AlmaErrata::description() const {
  return "AlmaLinux's errata as JSON: errata.almalinux.org/8/errata.json";
}

bool AlmaErrata::Reads(std::string_view name) const {
  return base::Contains(name, "errata") && base::Contains(name, ".json");
}

std::unique_ptr<FeedReader> AlmaErrata::NewReader() const {
  return std::make_unique<AlmaErrataReader>();
}

}  // namespace landwaiter::analyzer::advisory
