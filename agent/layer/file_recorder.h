#ifndef LANDWAITER_AGENT_LAYER_FILE_RECORDER_H_
#define LANDWAITER_AGENT_LAYER_FILE_RECORDER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "agent/layer/entry_sum.h"
#include "agent/layer/limits.h"
#include "agent/layer/tar_reader.h"
#include "core/base/hash.h"
#include "core/file_list/writer.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::layer {

// Makes a layer's list of files (core/file_list) as its entries come by.
// Not thread-safe.
class FileRecorder {
 public:
  // `sink` takes the compressed list piece by piece.
  FileRecorder(const Limits& limits, file_list::Writer::Sink sink)
      : writer_(std::move(sink), limits.file_list_bytes) {}

  // An entry that has no content. `path` is clean. The sink's error.
  absl::Status Add(const TarEntry& entry, std::string_view path);
  // A regular file; then its content in pieces, then its end.
  void Start(const TarEntry& entry, std::string_view path);
  void Append(std::string_view bytes);
  absl::Status End();

  // A whiteout, which the list leaves out and the sum has.
  void AddHidden(const TarEntry& entry, std::string_view path);

  // Of the entries so far but a table of contents; not of all if the list is
  // cut.
  const EntrySum& sum() const { return sum_; }
  bool cut() const { return writer_.cut(); }

  // All but the compressed bytes, which the sink has. The object is spent.
  absl::StatusOr<model::LayerReport::Files> Finish();

 private:
  file_list::Writer writer_;
  EntrySum sum_;
  base::Sha256 hash_;
  // The regular file at hand.
  std::string path_;
  std::string capability_;
  std::string head_;  // as much as file_list::ReadElf needs
  file_list::Entry file_;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_FILE_RECORDER_H_
