#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "analyzer/advisory/build.h"
#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/db_stream.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {
namespace {

// A canonical stream and the frame that it is at.
struct Source {
  std::unique_ptr<StreamReader> reader;
  Frame frame;

  absl::Status Advance() {
    do {
      LANDWAITER_ASSIGN_OR_RETURN(frame, reader->Next());
    } while (frame.kind == FrameKind::kHeader);
    return absl::OkStatus();
  }
  bool AtEnd() const { return frame.kind == FrameKind::kEnd; }
};

bool IsBefore(const Source& a, const Source& b) {
  return std::tuple(a.frame.kind, FrameName(a.frame),
                    std::string_view(a.frame.bytes)) <
         std::tuple(b.frame.kind, FrameName(b.frame),
                    std::string_view(b.frame.bytes));
}

// Brings the frames of all streams into one order, and into the database.
class Joiner {
 public:
  explicit Joiner(AdvisoryDbWriter& writer) : writer_(writer) {}

  absl::Status Open(const std::vector<std::string>& streams) {
    for (const std::string& path : streams) {
      LANDWAITER_ASSIGN_OR_RETURN(auto reader, StreamReader::Open(path));
      sources_.push_back({std::move(reader), {}});
      LANDWAITER_RETURN_IF_ERROR(sources_.back().Advance());
    }
    return absl::OkStatus();
  }

  absl::Status Run() {
    while (true) {
      std::erase_if(sources_, [](const Source& s) { return s.AtEnd(); });
      if (sources_.empty()) break;
      Source& next =
          *std::min_element(sources_.begin(), sources_.end(), IsBefore);
      LANDWAITER_RETURN_IF_ERROR(Take(next.frame));
      LANDWAITER_RETURN_IF_ERROR(next.Advance());
    }
    return WritePending();
  }

  std::string FinishVersion() { return hash_.FinishHex(); }

 private:
  absl::Status Take(const Frame& frame) {
    if (frame.kind == FrameKind::kEnrichment) return TakeEnrichment(frame);
    // Two feeds may hold the very same.
    if (frame.bytes == last_) return absl::OkStatus();
    last_ = frame.bytes;
    Hash(frame.kind, frame.bytes);
    const std::optional<Advisory> advisory = DecodeAdvisory(frame.bytes);
    if (!advisory) return absl::DataLossError("a stream has a broken record");
    return writer_.Add(*advisory);
  }

  absl::Status TakeEnrichment(const Frame& frame) {
    std::optional<Enrichment> more = DecodeEnrichmentFrame(frame.bytes);
    if (!more) return absl::DataLossError("a stream has a broken record");
    if (pending_ && pending_->cve == more->cve) {
      Merge(*more, *pending_);
      return absl::OkStatus();
    }
    LANDWAITER_RETURN_IF_ERROR(WritePending());
    pending_ = std::move(more);
    return absl::OkStatus();
  }

  absl::Status WritePending() {
    if (!pending_) return absl::OkStatus();
    Hash(FrameKind::kEnrichment, EncodeEnrichmentFrame(*pending_));
    const absl::Status added = writer_.Add(*pending_);
    pending_.reset();
    return added;
  }

  // As StreamWriter does of what it writes.
  void Hash(FrameKind kind, std::string_view bytes) {
    std::string start(1, static_cast<char>(kind));
    AppendNumber(bytes.size(), start);
    hash_.Update(start);
    hash_.Update(bytes);
  }

  AdvisoryDbWriter& writer_;
  std::vector<Source> sources_;
  std::string last_;
  std::optional<Enrichment> pending_;
  base::Sha256 hash_;
};

}  // namespace

absl::StatusOr<std::string> WriteDatabase(
    const std::vector<std::string>& streams, const std::string& report,
    const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto writer,
                              AdvisoryDbWriter::Create(path));
  Joiner joiner(*writer);
  LANDWAITER_RETURN_IF_ERROR(joiner.Open(streams));
  LANDWAITER_RETURN_IF_ERROR(joiner.Run());
  std::string version = joiner.FinishVersion();
  LANDWAITER_RETURN_IF_ERROR(writer->Finish(version, report));
  return version;
}

}  // namespace landwaiter::analyzer::advisory
