#ifndef LANDWAITER_ANALYZER_ADVISORY_RECORD_FILE_H_
#define LANDWAITER_ANALYZER_ADVISORY_RECORD_FILE_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/json_fields.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {

// The reader of a feed that has a record a file. `parse` makes the advisory of
// a file's text and name; it may throw BrokenRecord.
class RecordFileReader : public FeedReader {
 public:
  using Parse = Advisory (*)(std::string_view text, std::string_view name);
  explicit RecordFileReader(Parse parse) : parse_(parse) {}

  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                                file.ReadAll(kMaxRecord));
    return ReadRecord(file.name(), sink,
                      [&] { return sink.Add(parse_(text, file.name())); });
  }

 private:
  const Parse parse_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RECORD_FILE_H_
