#include "analyzer/advisory/stream_format.h"

#include <memory>
#include <optional>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/db_stream.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {
namespace {

absl::Status Unreadable() {
  return absl::DataLossError("the advisory stream has a record of no form");
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const auto stream, StreamReader::Over(file));
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const Frame frame, stream->Next());
      if (frame.kind == FrameKind::kEnd) return absl::OkStatus();
      if (frame.kind == FrameKind::kHeader) continue;
      LANDWAITER_RETURN_IF_ERROR(AddFrame(frame, sink));
    }
  }

 private:
  static absl::Status AddFrame(const Frame& frame, FeedSink& sink) {
    if (frame.kind == FrameKind::kEnrichment) {
      std::optional<Enrichment> read = DecodeEnrichmentFrame(frame.bytes);
      return read ? sink.Add(*std::move(read)) : Unreadable();
    }
    std::optional<Advisory> read = DecodeAdvisory(frame.bytes);
    return read ? sink.Add(*std::move(read)) : Unreadable();
  }
};

class StreamFormat : public FeedFormat {
 public:
  std::string_view name() const override { return "landwaiter"; }
  std::string_view description() const override {
    return "a stream of another Landwaiter (db export, db pull)";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".advisories");
  }
  bool KeepsFeedNames() const override { return true; }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& LandwaiterStream() {
  static const StreamFormat kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
