#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_COLLECTOR_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_COLLECTOR_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/db_stream.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// What became of a feed's records.
struct FeedCounts {
  uint64_t records = 0;
  uint64_t taken = 0;        // advisories
  uint64_t enrichments = 0;  // CVEs that something is said of
  uint64_t withdrawn = 0;
  uint64_t empty = 0;  // say nothing of any package
  // Records that were left out, by ToString(RecordProblem).
  std::map<std::string, uint64_t> skipped;
  // "file: what is wrong" of the first of those, at most kMaxExamples.
  std::vector<std::string> examples;
  std::string newest;  // time of the newest record, RFC 3339; may be empty
  static constexpr size_t kMaxExamples = 20;

  friend bool operator==(const FeedCounts&, const FeedCounts&) = default;
};

// Takes in what a format's reader gives, in any order, and writes the feed's
// canonical stream (db_stream.h). The records wait in a file, so memory grows
// by some 40 bytes each. Not thread-safe.
class FeedCollector : public FeedSink {
 public:
  // The file that they wait in is made in `directory` and has no name.
  static absl::StatusOr<std::unique_ptr<FeedCollector>> Create(
      const FeedFormat& format, const std::string& directory);
  ~FeedCollector() override;

  absl::Status Add(Advisory advisory) override;
  absl::Status Add(Enrichment enrichment) override;
  void Withdrawn() override;
  void Skip(std::string_view where, RecordProblem problem,
            std::string_view message) override;

  // Writes the stream; the collector is spent. Its digest.
  absl::StatusOr<std::string> WriteStream(StreamWriter& out);
  const FeedCounts& counts() const { return counts_; }

 private:
  // A record in the spool.
  struct Place {
    uint64_t name_at;  // in names_
    uint64_t at;
    uint32_t size;
    uint16_t name_size;
    FrameKind kind;
  };
  FeedCollector(const FeedFormat& format, int spool)
      : format_(format), spool_(spool) {}
  absl::Status Keep(FrameKind kind, std::string_view name,
                    std::string_view bytes);
  std::string_view NameOf(const Place& place) const {
    return std::string_view(names_).substr(place.name_at, place.name_size);
  }
  absl::Status Flush();
  absl::StatusOr<std::vector<std::string>> ReadAll(const Place* first,
                                                   const Place* last) const;
  // Writes what records of one name come to.
  absl::Status Write(FrameKind kind, std::vector<std::string> records,
                     StreamWriter& out);
  absl::Status WriteAdvisories(std::vector<std::string> records,
                               StreamWriter& out);

  const FeedFormat& format_;
  const int spool_;
  uint64_t spooled_ = 0;
  std::string unwritten_;
  std::string names_;
  std::vector<Place> places_;
  FeedCounts counts_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_COLLECTOR_H_
