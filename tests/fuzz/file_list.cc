// A layer's list of files, as it comes over the wire or out of the store. An
// input is tried as the compressed list, and as what is compressed in it. What
// is read must be as core/file_list/entry.h promises, and be written again to
// the same.
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/file_list/entry.h"
#include "core/file_list/reader.h"
#include "core/file_list/writer.h"
#include "core/model/layer_report_check.h"

namespace {

namespace file_list = landwaiter::file_list;

constexpr uint64_t kLimit = uint64_t{1} << 20;

std::string Compress(std::string_view bytes) {
  std::string result(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compress(result.data(), result.size(), bytes.data(),
                                    bytes.size(), 1);
  if (ZSTD_isError(size)) std::abort();
  result.resize(size);
  return result;
}

void Check(const file_list::Entry& entry) {
  if (!landwaiter::model::IsCleanPath(entry.path)) std::abort();
  if ((entry.mode & ~07777u) != 0) std::abort();
  if (entry.target.size() > file_list::kMaxPathBytes) std::abort();
  if (entry.capability.size() > file_list::kMaxCapabilityBytes) std::abort();
  const bool file = entry.kind == file_list::Kind::kFile;
  if (entry.sha256.size() != (file ? file_list::kSha256Bytes : 0)) std::abort();
  if (file_list::ToString(entry.kind).empty()) std::abort();
}

// Reads a list; where it is whole, writes what was read and reads that.
void Read(std::string_view zstd, const std::string& sha256) {
  std::string again;
  file_list::Writer writer(
      [&again](std::string_view piece) {
        again += piece;
        return absl::OkStatus();
      },
      kLimit);
  uint64_t count = 0;
  const absl::Status status =
      file_list::Read(zstd, sha256, kLimit, [&](const file_list::Entry& entry) {
        Check(entry);
        ++count;
        return writer.Add(entry);
      });
  if (!writer.Finish().ok()) std::abort();
  // Numbers may be written in more bytes than they take.
  if (!status.ok()) return;
  if (writer.cut() || writer.count() != count) std::abort();
  const absl::Status second = file_list::Read(
      again, writer.sha256(), kLimit, [&count](const file_list::Entry& entry) {
        Check(entry);
        --count;
        return absl::OkStatus();
      });
  if (!second.ok() || count != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  landwaiter::base::Sha256 hash;
  hash.Update(bytes);
  Read(Compress(bytes), hash.FinishHex());
  Read(bytes, std::string(2 * file_list::kSha256Bytes, '0'));
  return 0;
}
