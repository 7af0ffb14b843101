#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_FORMAT_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_FORMAT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory.h"
#include "analyzer/advisory/record_problem.h"

// What a feed's folder implements: the reading of one published format into
// advisories. A feed is files (a directory's, an archive's or a single one);
// finding, unpacking and limiting them is not the format's business.
namespace landwaiter::analyzer::advisory {

// One file of a feed, whatever it was packed in. Used by one thread.
class FeedFile {
 public:
  virtual ~FeedFile() = default;
  // Its path inside the feed, with "/" between the parts.
  virtual const std::string& name() const = 0;
  // The next bytes, at most `size`: how many; 0 at the end. Errors: the file
  // or its packing is damaged, or a limit is reached (LimitExceeded).
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;

  // All that is left, if it is not more than `max_bytes`; RESOURCE_EXHAUSTED.
  absl::StatusOr<std::string> ReadAll(uint64_t max_bytes);
};

// Where a feed's content goes. Not thread-safe. An error of Add is the
// receiver's: give up and return it.
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  // `details.feed` is set by the receiver. An advisory without an entry says
  // nothing and is dropped.
  virtual absl::Status Add(Advisory advisory) = 0;
  virtual absl::Status Add(Enrichment enrichment) = 0;
  // A record that the source has taken back.
  virtual void Withdrawn() = 0;
  // A record that was left out: where ("file: id"), and why in a line.
  virtual void Skip(std::string_view where, RecordProblem problem,
                    std::string_view message) = 0;
};

// Reads the files of one feed, in the order of their names. Used once, by one
// thread. Memory must not grow with the feed, apart from what the format has
// to join: a file may have gigabytes.
class FeedReader {
 public:
  virtual ~FeedReader() = default;
  // A record that cannot be read is skipped, and the rest is read on; an error
  // means that the file as a whole is not what it should be, and its feed
  // counts as failed.
  virtual absl::Status Read(FeedFile& file, FeedSink& sink) = 0;
  // After the last file.
  virtual absl::Status Finish(FeedSink&) { return absl::OkStatus(); }
};

// Stateless and thread-safe.
class FeedFormat {
 public:
  virtual ~FeedFormat() = default;
  // As configured and reported: "osv", "alpine-secdb".
  virtual std::string_view name() const = 0;
  // One line for --help: what it is and where it is published.
  virtual std::string_view description() const = 0;
  // Whether a file of this name, in a directory or an archive, is one of the
  // feed's. A single file is read whatever its name.
  virtual bool Reads(std::string_view name) const = 0;
  // Whether an id is one record, so that of two the newer counts. Otherwise
  // two advisories of one id and the same details are one in parts.
  virtual bool HasUniqueIds() const { return false; }
  // Whether its advisories say themselves what feed they came by.
  virtual bool KeepsFeedNames() const { return false; }
  virtual std::unique_ptr<FeedReader> NewReader() const = 0;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_FORMAT_H_
