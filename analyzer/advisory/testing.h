#ifndef LANDWAITER_ANALYZER_ADVISORY_TESTING_H_
#define LANDWAITER_ANALYZER_ADVISORY_TESTING_H_

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advisory/feed_format.h"

// For the tests of feed formats.
namespace landwaiter::analyzer::advisory {

// A feed's file in memory. Its pieces are small, so that what is between two
// of them is tried as well.
class TextFile : public FeedFile {
 public:
  TextFile(std::string name, std::string text, size_t piece = 777)
      : name_(std::move(name)), text_(std::move(text)), piece_(piece) {}
  const std::string& name() const override { return name_; }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t n = std::min({size, piece_, text_.size() - place_});
    std::memcpy(buffer, text_.data() + place_, n);
    place_ += n;
    return n;
  }

 private:
  const std::string name_, text_;
  const size_t piece_;
  size_t place_ = 0;
};

// Keeps what comes.
struct KeptRecords : FeedSink {
  struct Skipped {
    std::string where;
    RecordProblem problem;
    std::string message;
  };
  absl::Status Add(Advisory advisory) override {
    advisories.push_back(std::move(advisory));
    return absl::OkStatus();
  }
  absl::Status Add(Enrichment enrichment) override {
    enrichments.push_back(std::move(enrichment));
    return absl::OkStatus();
  }
  void Withdrawn() override { ++withdrawn; }
  void Skip(std::string_view where, RecordProblem problem,
            std::string_view message) override {
    skipped.push_back({std::string(where), problem, std::string(message)});
  }

  std::vector<Advisory> advisories;
  std::vector<Enrichment> enrichments;
  std::vector<Skipped> skipped;
  int withdrawn = 0;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_TESTING_H_
