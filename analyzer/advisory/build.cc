#include "analyzer/advisory/build.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "advisories-";
constexpr std::string_view kSuffix = ".lmdb";
constexpr size_t kKept = 4;  // databases in a directory
constexpr absl::Duration kLongestTurn = absl::Hours(2);
constexpr absl::Duration kLookForTurn = absl::Milliseconds(100);

// A directory that no other process builds in meanwhile.
class Turn {
 public:
  ~Turn() {
    if (file_ >= 0) ::close(file_);
  }
  Turn() = default;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  absl::Status Take(const std::string& directory, base::Clock& clock) {
    const std::string path = directory + "/lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) {
      return absl::FailedPreconditionError(base::StrCat("cannot write ", path));
    }
    const absl::Time deadline = clock.Now() + kLongestTurn;
    while (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EINTR && errno != EWOULDBLOCK) {
        return absl::FailedPreconditionError(
            base::StrCat("cannot lock ", path));
      }
      if (clock.Now() > deadline || !clock.Sleep(kLookForTurn)) {
        return absl::DeadlineExceededError(base::StrCat(
            "another process is building advisories in ", directory));
      }
    }
    return absl::OkStatus();
  }

 private:
  int file_ = -1;
};

// A file that goes away with the object, unless it was given its final name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& final_path)
      : path_(base::StrCat(final_path, ".", getpid(), ".tmp")) {}
  ~TemporaryFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What databases are kept by: what the feeds hold, in whatever order.
std::string KeyOf(const std::vector<FeedState>& states) {
  std::vector<std::string> digests;
  for (const FeedState& state : states) {
    if (!state.digest.empty()) digests.push_back(state.digest);
  }
  std::sort(digests.begin(), digests.end());
  base::Sha256 hash;
  hash.Update(kDbFormat);
  for (const std::string& digest : digests) hash.Update(digest);
  return hash.FinishHex();
}

// Removes all but the newest databases, and what a build that was killed left
// behind. Those that are open somewhere stay readable there.
void Prune(const fs::path& directory, const fs::path& keep) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(kPrefix) || it->path() == keep) continue;
    std::error_code ignored;
    if (name.ends_with(kSuffix)) {
      files.emplace_back(fs::last_write_time(it->path(), ignored), it->path());
    } else {
      fs::remove(it->path(), ignored);
    }
  }
  std::sort(files.rbegin(), files.rend());
  for (size_t i = kKept - 1; i < files.size(); ++i) {
    fs::remove(files[i].second, error);
  }
}

absl::Status Failed(const FeedState& state) {
  return absl::InvalidArgumentError(
      base::StrCat("feed ", state.name, ": ", state.error));
}

}  // namespace

BuildReport MakeReport(std::vector<FeedState> feeds) {
  BuildReport report;
  for (const FeedState& feed : feeds) {
    const FeedCounts& counts = feed.counts;
    report.records += counts.records;
    report.taken += counts.taken;
    report.enrichments += counts.enrichments;
    report.withdrawn += counts.withdrawn;
    for (const auto& [problem, count] : counts.skipped) {
      report.skipped[problem] += count;
    }
    for (const std::string& example : counts.examples) {
      report.examples.push_back(base::StrCat(feed.name, ": ", example));
    }
  }
  report.feeds = std::move(feeds);
  return report;
}

absl::StatusOr<std::vector<FeedState>> AdvisoryBuilder::LookAt(
    const std::vector<FeedSpec>& feeds, FeedCache& cache) {
  std::vector<FeedState> states;
  const FeedState* failed = nullptr;
  for (const FeedSpec& feed : feeds) {
    const bool as_it_was =
        options_.offline && (IsUrl(feed.location) || IsArtifact(feed.location));
    if (as_it_was) {
      states.push_back(cache.Known(feed));
      continue;
    }
    LANDWAITER_ASSIGN_OR_RETURN(FeedState state, cache.Update(feed));
    states.push_back(std::move(state));
  }
  bool any = false;
  for (const FeedState& state : states) {
    any = any || !state.digest.empty();
    if (!state.error.empty() && failed == nullptr) failed = &state;
  }
  if (failed != nullptr && (options_.every_feed || !any)) {
    return Failed(*failed);
  }
  if (!any) {
    return absl::FailedPreconditionError(
        "advisories: none of the feeds was ever fetched");
  }
  return states;
}

absl::StatusOr<BuiltAdvisories> AdvisoryBuilder::Build(
    const std::vector<FeedSpec>& feeds) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) {
    return absl::FailedPreconditionError(base::StrCat(
        "cannot make the directory ", directory_, ": ", error.message()));
  }
  Turn turn;
  LANDWAITER_RETURN_IF_ERROR(turn.Take(directory_, clock_));
  FeedCache cache(directory_ + "/feeds", options_.fetch, options_.limits,
                  clock_);
  LANDWAITER_ASSIGN_OR_RETURN(std::vector<FeedState> states,
                              LookAt(feeds, cache));
  cache.Forget(feeds);
  LANDWAITER_RETURN_IF_ERROR(failpoints_.Hit(kFeedsReadFailpoint));
  BuiltAdvisories built;
  built.report = MakeReport(states);
  const fs::path path =
      fs::path(directory_) /
      base::StrCat(kPrefix, KeyOf(states).substr(0, 32), kSuffix);
  auto present = AdvisoryDb::Open(path.string());
  if (present.ok()) {
    built.db = *std::move(present);
    built.reused = true;
    return built;
  }
  std::vector<std::string> streams;
  for (size_t i = 0; i < feeds.size(); ++i) {
    if (states[i].digest.empty()) continue;
    streams.push_back(cache.StreamPath(feeds[i], states[i]));
  }
  const TemporaryFile temporary(path.string());
  fs::remove(temporary.path(), error);
  LANDWAITER_RETURN_IF_ERROR(
      WriteDatabase(streams, EncodeFeedStates(states), temporary.path())
          .status());
  LANDWAITER_RETURN_IF_ERROR(failpoints_.Hit(kDatabaseWrittenFailpoint));
  fs::rename(temporary.path(), path, error);
  if (error) {
    return absl::FailedPreconditionError(
        base::StrCat("cannot write ", path.string(), ": ", error.message()));
  }
  Prune(directory_, path);
  LANDWAITER_ASSIGN_OR_RETURN(built.db, AdvisoryDb::Open(path.string()));
  return built;
}

absl::StatusOr<BuiltAdvisories> BuildAdvisories(
    absl::Span<const std::string> feeds, const std::string& directory,
    const BuildOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<FeedSpec> specs,
                              ParseFeedSpecs(feeds));
  base::RealClock clock;
  base::NoFailpoints none;
  return AdvisoryBuilder(directory, options, clock, none).Build(specs);
}

}  // namespace landwaiter::analyzer::advisory
