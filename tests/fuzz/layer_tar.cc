// A tar stream: two ways of cutting it into pieces must read the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/layer/tar_reader.h"
#include "core/base/strings.h"

namespace {

using landwaiter::agent::layer::Limits;
using landwaiter::agent::layer::TarEntry;
using landwaiter::agent::layer::TarReader;
using landwaiter::agent::layer::TarVisitor;

class Transcript : public TarVisitor {
 public:
  absl::StatusOr<bool> OnEntry(const TarEntry& entry) override {
    landwaiter::base::StrAppend(&text, "entry ", static_cast<int>(entry.type),
                                " ", entry.path, " ", entry.link, " ",
                                entry.size, "\n");
    return entry.type == TarEntry::Type::kFile;
  }
  absl::Status OnContent(std::string_view bytes) override {
    text += bytes;
    return absl::OkStatus();
  }
  absl::Status OnContentEnd() override {
    text += "end\n";
    return absl::OkStatus();
  }
  std::string text;
};

std::string Read(std::string_view bytes, size_t piece) {
  Transcript transcript;
  Limits limits;
  limits.sparse_bytes = uint64_t{1} << 20;
  TarReader reader(limits, transcript);
  absl::Status status;
  while (!bytes.empty() && status.ok()) {
    status = reader.Push(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (status.ok()) status = reader.Finish();
  // Not ToString(): the order of a status's payloads is random.
  return landwaiter::base::StrCat(transcript.text,
                                  landwaiter::base::ToStd(status.message()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (Read(bytes, size + 1) != Read(bytes, 1 + size % 700)) std::abort();
  return 0;
}
