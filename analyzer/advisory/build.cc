#include "analyzer/advisory/build.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/osv/osv.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "advisories-";
constexpr std::string_view kSuffix = ".lmdb";
constexpr size_t kKept = 4;  // databases in a directory

absl::StatusOr<std::string> VersionOf(absl::Span<const std::string> feeds) {
  base::Sha256 hash;
  hash.Update(kDbFormat);
  std::vector<std::string> digests;
  for (const std::string& feed : feeds) {
    LANDWAITER_ASSIGN_OR_RETURN(std::string digest, FeedDigest(feed));
    digests.push_back(std::move(digest));
  }
  // The order of the feeds makes no difference.
  std::sort(digests.begin(), digests.end());
  for (const std::string& digest : digests) hash.Update(digest);
  return hash.FinishHex();
}

std::string ReportToText(const BuildReport& report) {
  return nlohmann::json{{"records", report.records},
                        {"taken", report.taken},
                        {"withdrawn", report.withdrawn},
                        {"skipped", report.skipped},
                        {"examples", report.examples}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

BuildReport ReportFromText(const std::string& text) {
  BuildReport report;
  try {
    const auto json = nlohmann::json::parse(text);
    json.at("records").get_to(report.records);
    json.at("taken").get_to(report.taken);
    json.at("withdrawn").get_to(report.withdrawn);
    json.at("skipped").get_to(report.skipped);
    json.at("examples").get_to(report.examples);
  } catch (const nlohmann::json::exception&) {
    return {};  // it is for information only
  }
  return report;
}

// A file that goes away with the object, unless it was given its final name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& final_path)
      : path_(base::StrCat(final_path, ".", getpid(), ".", next_++, ".tmp")) {}
  ~TemporaryFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static std::atomic<unsigned> next_;
  std::string path_;
};
std::atomic<unsigned> TemporaryFile::next_ = 0;

void Skip(const FeedRecord& from, RecordProblem problem,
          std::string_view message, BuildReport& report) {
  ++report.skipped[std::string(ToString(problem))];
  if (report.examples.size() == BuildReport::kMaxExamples) return;
  report.examples.push_back(
      base::StrCat(base::Printable(from.name), ": ",
                   message.empty() ? ToString(problem) : message));
}

absl::Status AddRecord(const FeedRecord& from, AdvisoryDbWriter& writer,
                       BuildReport& report) {
  ++report.records;
  if (from.problem != RecordProblem::kNone) {
    Skip(from, from.problem, "", report);
    return absl::OkStatus();
  }
  const OsvRecord record = ParseOsv(from.json);
  if (record.problem != RecordProblem::kNone) {
    Skip(from, record.problem, record.message, report);
    return absl::OkStatus();
  }
  if (record.withdrawn) {
    ++report.withdrawn;
    return absl::OkStatus();
  }
  ++report.taken;
  return writer.Add(record.advisory);
}

absl::Status Write(absl::Span<const std::string> feeds,
                   const FeedLimits& limits, const std::string& version,
                   const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto writer,
                              AdvisoryDbWriter::Create(path));
  BuildReport report;
  for (const std::string& feed : feeds) {
    LANDWAITER_RETURN_IF_ERROR(
        ReadFeed(feed, limits, [&](const FeedRecord& record) {
          return AddRecord(record, *writer, report);
        }));
  }
  if (report.taken + report.withdrawn == 0) {
    return absl::InvalidArgumentError(base::StrCat(
        "advisories: none of ", report.records, " records could be read",
        report.examples.empty() ? "" : "; the first: ",
        report.examples.empty() ? "" : report.examples.front()));
  }
  return writer->Finish(version, ReportToText(report));
}

// Removes all but the newest databases. Those that are open somewhere stay
// readable there.
void Prune(const fs::path& directory, const fs::path& keep) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix) &&
        it->path() != keep) {
      files.emplace_back(fs::last_write_time(it->path(), error), it->path());
    }
  }
  std::sort(files.rbegin(), files.rend());
  for (size_t i = kKept - 1; i < files.size(); ++i) {
    fs::remove(files[i].second, error);
  }
}

absl::StatusOr<BuiltAdvisories> Open(const std::string& path, bool reused) {
  BuiltAdvisories built;
  LANDWAITER_ASSIGN_OR_RETURN(built.db, AdvisoryDb::Open(path));
  built.report = ReportFromText(built.db->report());
  built.reused = reused;
  return built;
}

}  // namespace

absl::StatusOr<BuiltAdvisories> BuildAdvisories(
    absl::Span<const std::string> feeds, const std::string& directory,
    const FeedLimits& limits) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string version, VersionOf(feeds));
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    return absl::FailedPreconditionError(base::StrCat(
        "cannot make the directory ", directory, ": ", error.message()));
  }
  const fs::path path = fs::path(directory) /
                        base::StrCat(kPrefix, version.substr(0, 32), kSuffix);
  auto present = Open(path.string(), /*reused=*/true);
  if (present.ok() && present->db->version() == version) return present;

  const TemporaryFile temporary(path.string());
  LANDWAITER_RETURN_IF_ERROR(Write(feeds, limits, version, temporary.path()));
  fs::rename(temporary.path(), path, error);
  if (error) {
    return absl::FailedPreconditionError(
        base::StrCat("cannot write ", path.string(), ": ", error.message()));
  }
  Prune(directory, path);
  return Open(path.string(), /*reused=*/false);
}

}  // namespace landwaiter::analyzer::advisory
