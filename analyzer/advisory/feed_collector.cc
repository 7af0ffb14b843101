#include "analyzer/advisory/feed_collector.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/db_stream.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kFlush = size_t{1} << 20;
// Of all records with one id, and how many records there may be.
constexpr uint64_t kMaxGroup = uint64_t{64} << 20;
constexpr size_t kMaxRecords = 20'000'000;
constexpr size_t kLongestId = 200;
constexpr size_t kLongestCve = 64;
// A key of LMDB has at most 511 bytes.
constexpr size_t kLongestNames = 500;

absl::Status SpoolFailed() {
  return absl::ResourceExhaustedError(
      base::StrCat("a temporary file: ", std::strerror(errno)));
}

bool HasNul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

// What makes an advisory no one's; kNone if nothing does.
RecordProblem ProblemOf(const Advisory& advisory) {
  const std::string& id = advisory.details.id;
  if (id.empty() || id.size() > kLongestId) return RecordProblem::kNoId;
  for (const Affected& affected : advisory.affected) {
    if (affected.ecosystem.empty() || affected.package.empty() ||
        HasNul(affected.ecosystem) || HasNul(affected.package)) {
      return RecordProblem::kBadField;
    }
    if (affected.ecosystem.size() + affected.package.size() > kLongestNames) {
      return RecordProblem::kLongName;
    }
  }
  return RecordProblem::kNone;
}

const std::string& TimeOf(const Details& details) {
  return details.modified.empty() ? details.published : details.modified;
}

// The entries of `more` that `into` does not have.
void AddEntries(Advisory more, Advisory& into, std::set<std::string>& seen) {
  for (Affected& affected : more.affected) {
    std::string key = KeyPrefix(affected.ecosystem, affected.package) +
                      EncodeAffected(0, affected);
    if (seen.insert(std::move(key)).second) {
      into.affected.push_back(std::move(affected));
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<FeedCollector>> FeedCollector::Create(
    const FeedFormat& format, const std::string& directory) {
  std::string path = directory + "/records-XXXXXX";
  const int spool = ::mkostemp(path.data(), O_CLOEXEC);
  if (spool < 0) return SpoolFailed();
  ::unlink(path.c_str());
  return std::unique_ptr<FeedCollector>(new FeedCollector(format, spool));
}

FeedCollector::~FeedCollector() { ::close(spool_); }

absl::Status FeedCollector::Keep(FrameKind kind, std::string_view name,
                                 std::string_view bytes) {
  if (places_.size() == kMaxRecords) {
    return base::Failure(base::FailureCode::kLimitExceeded,
                         "the feed has too many records", "feed-records");
  }
  places_.push_back({.name_at = names_.size(),
                     .at = spooled_ + unwritten_.size(),
                     .size = static_cast<uint32_t>(bytes.size()),
                     .name_size = static_cast<uint16_t>(name.size()),
                     .kind = kind});
  names_.append(name);
  unwritten_.append(bytes);
  return unwritten_.size() < kFlush ? absl::OkStatus() : Flush();
}

absl::Status FeedCollector::Flush() {
  std::string_view left = unwritten_;
  while (!left.empty()) {
    const ssize_t written = ::write(spool_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SpoolFailed();
    left.remove_prefix(static_cast<size_t>(written));
  }
  spooled_ += unwritten_.size();
  unwritten_.clear();
  return absl::OkStatus();
}

absl::Status FeedCollector::Add(Advisory advisory) {
  if (const RecordProblem problem = ProblemOf(advisory);
      problem != RecordProblem::kNone) {
    Skip(advisory.details.id, problem, "");
    return absl::OkStatus();
  }
  ++counts_.records;
  if (advisory.affected.empty()) {
    ++counts_.empty;
    return absl::OkStatus();
  }
  Details& details = advisory.details;
  // A stream of ours says itself where its advisories came from.
  if (details.feed.empty() || !format_.KeepsFeedNames()) {
    details.feed = format_.name();
  }
  counts_.newest = std::max(counts_.newest, TimeOf(details));
  return Keep(FrameKind::kAdvisory, details.id, EncodeAdvisory(advisory));
}

absl::Status FeedCollector::Add(Enrichment enrichment) {
  const std::string& cve = enrichment.cve;
  if (cve.empty() || cve.size() > kLongestCve || HasNul(cve)) {
    Skip(cve, RecordProblem::kNoId, "");
    return absl::OkStatus();
  }
  ++counts_.records;
  counts_.newest = std::max(counts_.newest, enrichment.published);
  if (enrichment.epss) {
    counts_.newest = std::max(counts_.newest, enrichment.epss->date);
  }
  if (enrichment.exploited) {
    counts_.newest = std::max(counts_.newest, enrichment.exploited->added);
  }
  return Keep(FrameKind::kEnrichment, cve, EncodeEnrichmentFrame(enrichment));
}

void FeedCollector::Withdrawn() {
  ++counts_.records;
  ++counts_.withdrawn;
}

void FeedCollector::Skip(std::string_view where, RecordProblem problem,
                         std::string_view message) {
  ++counts_.records;
  ++counts_.skipped[std::string(ToString(problem))];
  if (counts_.examples.size() == FeedCounts::kMaxExamples) return;
  counts_.examples.push_back(base::ToValidUtf8(
      base::StrCat(base::Printable(where), ": ",
                   message.empty() ? std::string(ToString(problem))
                                   : base::Printable(message))));
}

absl::StatusOr<std::vector<std::string>> FeedCollector::ReadAll(
    const Place* first, const Place* last) const {
  std::vector<std::string> records;
  uint64_t total = 0;
  for (; first != last; ++first) {
    total += first->size;
    if (total > kMaxGroup && first->size != total) {
      return base::Failure(base::FailureCode::kLimitExceeded,
                           base::StrCat("the feed says too much of ",
                                        base::Printable(NameOf(*first))),
                           "feed-records");
    }
    std::string& bytes = records.emplace_back(first->size, '\0');
    for (size_t have = 0; have < bytes.size();) {
      const ssize_t got =
          ::pread(spool_, bytes.data() + have, bytes.size() - have,
                  static_cast<off_t>(first->at + have));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return SpoolFailed();
      have += static_cast<size_t>(got);
    }
  }
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return records;
}

absl::Status FeedCollector::WriteAdvisories(std::vector<std::string> records,
                                            StreamWriter& out) {
  // By their details, in the order of the records.
  std::map<std::string, std::pair<Advisory, std::set<std::string>>> merged;
  std::string newest;
  for (const std::string& record : records) {
    std::optional<Advisory> advisory = DecodeAdvisory(record);
    if (!advisory) return absl::InternalError("a record cannot be read back");
    if (format_.HasUniqueIds()) {
      if (TimeOf(advisory->details) < newest) continue;
      newest = TimeOf(advisory->details);
      merged.clear();
    }
    auto& [whole, seen] = merged[EncodeDetails(advisory->details)];
    whole.details = advisory->details;
    AddEntries(*std::move(advisory), whole, seen);
  }
  std::vector<std::string> encoded;
  for (const auto& [details, entry] : merged) {
    encoded.push_back(EncodeAdvisory(entry.first));
  }
  std::sort(encoded.begin(), encoded.end());
  for (const std::string& bytes : encoded) {
    ++counts_.taken;
    LANDWAITER_RETURN_IF_ERROR(out.Add(FrameKind::kAdvisory, bytes));
  }
  return absl::OkStatus();
}

absl::Status FeedCollector::Write(FrameKind kind,
                                  std::vector<std::string> records,
                                  StreamWriter& out) {
  if (kind == FrameKind::kAdvisory && records.size() > 1) {
    return WriteAdvisories(std::move(records), out);
  }
  uint64_t& count =
      kind == FrameKind::kAdvisory ? counts_.taken : counts_.enrichments;
  ++count;
  if (records.size() == 1) return out.Add(kind, records.front());
  Enrichment known;
  for (const std::string& record : records) {
    const std::optional<Enrichment> more = DecodeEnrichmentFrame(record);
    if (!more) return absl::InternalError("a record cannot be read back");
    known.cve = more->cve;
    Merge(*more, known);
  }
  return out.Add(kind, EncodeEnrichmentFrame(known));
}

absl::StatusOr<std::string> FeedCollector::WriteStream(StreamWriter& out) {
  LANDWAITER_RETURN_IF_ERROR(Flush());
  std::sort(places_.begin(), places_.end(),
            [this](const Place& a, const Place& b) {
              return std::tuple(a.kind, NameOf(a), a.at) <
                     std::tuple(b.kind, NameOf(b), b.at);
            });
  for (size_t i = 0; i < places_.size();) {
    size_t end = i + 1;
    while (end < places_.size() && places_[end].kind == places_[i].kind &&
           NameOf(places_[end]) == NameOf(places_[i])) {
      ++end;
    }
    LANDWAITER_ASSIGN_OR_RETURN(
        std::vector<std::string> records,
        ReadAll(places_.data() + i, places_.data() + end));
    LANDWAITER_RETURN_IF_ERROR(Write(places_[i].kind, std::move(records), out));
    i = end;
  }
  return out.Finish();
}

}  // namespace landwaiter::analyzer::advisory
