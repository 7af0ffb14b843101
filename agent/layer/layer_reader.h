#ifndef LANDWAITER_AGENT_LAYER_LAYER_READER_H_
#define LANDWAITER_AGENT_LAYER_LAYER_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/extract/extractor.h"
#include "agent/layer/file_buffer.h"
#include "agent/layer/file_recorder.h"
#include "agent/layer/inflater.h"
#include "agent/layer/limits.h"
#include "agent/layer/report_builder.h"
#include "agent/layer/stream_parts.h"
#include "agent/layer/tar_reader.h"
#include "core/base/hash.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::layer {

using Extractors = std::vector<std::unique_ptr<extract::Extractor>>;

// The stages of one layer, pushed from the front: inflate, hash, tar, extract.
// It owns no thread and waits for nothing; memory is bounded by `limits`. Not
// thread-safe.
class LayerReader : private TarVisitor {
 public:
  // `extractors` must outlive this, and `spill_fd` (-1: none, see FileBuffer)
  // stay open. `files` takes the compressed list of files piece by piece.
  LayerReader(const Extractors& extractors, const Limits& limits, int spill_fd,
              file_list::Writer::Sink files);

  // The next compressed bytes. CorruptLayer, LimitExceeded, UnsupportedMedia,
  // or an extractor's error; then the object is spent.
  absl::Status Push(std::string_view compressed);

  // After the last byte: the report, but for the blob's digest and the
  // compressed list of files, which are for the caller to fill in.
  absl::StatusOr<model::LayerReport> Finish();

 private:
  absl::Status OnInflated(std::string_view bytes);

  absl::StatusOr<bool> OnEntry(const TarEntry& entry) override;
  absl::Status OnContent(std::string_view bytes) override;
  absl::Status OnContentEnd() override;

  // True if the name is a whiteout's, or AUFS's own; then it is dealt with.
  absl::StatusOr<bool> TakeWhiteout(std::string_view path);
  // Fills wanted_by_.
  void FindWanting(std::string_view path);
  absl::Status StartFile(const TarEntry& entry, std::string_view path);
  // Extractors that look at contents are asked once kHeadBytes of the file, or
  // all of it, have come.
  absl::Status CollectHead(std::string_view bytes);
  absl::Status DecideByHead(std::string_view head);
  // A hard link has the content of an earlier entry: extracts of that are
  // repeated.
  absl::Status RepeatExtracts(std::string_view path, std::string_view target);
  absl::Status AddProblem(std::string_view path, std::string_view problem);
  // At a file that is an eStargz table: reads it.
  absl::Status TakeTable();
  // At the end: what is wrong with the table of contents that the layer
  // carries; "" if nothing, or it carries none.
  absl::StatusOr<std::string> JudgeTable();
  absl::StatusOr<std::string> JudgeChunkedTable(std::string_view footer);

  const Extractors& extractors_;
  const Limits limits_;
  StreamParts parts_;
  std::unique_ptr<Inflater> inflater_;
  base::Sha256 hash_;
  TarReader tar_;
  ReportBuilder report_;
  FileBuffer file_;
  FileRecorder files_;
  uint64_t compressed_ = 0;
  uint64_t inflated_ = 0;
  uint64_t entries_ = 0;
  std::string path_;        // of the file in file_
  std::string clean_;       // scratch
  std::string clean_link_;  // scratch
  // Which extractors get the file at hand.
  std::vector<const extract::Extractor*> wanted_by_;
  // The file's name told nothing; its beginning, in head_, may.
  bool undecided_ = false;
  uint64_t size_ = 0;  // of the file at hand
  std::string head_;
  // Of eStargz tables: whether the file at hand is one, how many there were,
  // where the last one's gzip member begins, what it told, and what was wrong.
  bool table_ = false;
  int tables_ = 0;
  uint64_t table_member_ = 0;
  EntrySum table_sum_;
  std::string table_fault_;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_LAYER_READER_H_
