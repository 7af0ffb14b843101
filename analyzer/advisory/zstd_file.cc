#include <zstd.h>

#include <fstream>
#include <vector>

#include "analyzer/advisory/db_stream.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

struct FreeDecoder {
  void operator()(ZSTD_DCtx* decoder) const { ZSTD_freeDCtx(decoder); }
};

class ZstdFile : public FeedFile {
 public:
  explicit ZstdFile(const std::string& path)
      : in_(path, std::ios::binary), name_(path) {
    packed_.resize(ZSTD_DStreamInSize());
  }
  bool ok() const { return decoder_ != nullptr && in_.is_open(); }
  const std::string& name() const override { return name_; }

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    ZSTD_outBuffer out{buffer, size, 0};
    while (out.pos == 0) {
      if (input_.pos == input_.size && !Fill()) {
        if (!frame_open_) return size_t{0};
        return Damaged("it is cut off");
      }
      const size_t left = ZSTD_decompressStream(decoder_.get(), &out, &input_);
      if (ZSTD_isError(left) != 0) return Damaged(ZSTD_getErrorName(left));
      frame_open_ = left != 0;
    }
    return out.pos;
  }

 private:
  bool Fill() {
    in_.read(packed_.data(), static_cast<std::streamsize>(packed_.size()));
    input_ = {packed_.data(), static_cast<size_t>(in_.gcount()), 0};
    return input_.size > 0;
  }
  absl::Status Damaged(std::string_view why) const {
    return absl::DataLossError(
        base::StrCat(base::Printable(name_), " is damaged: ", why));
  }

  std::ifstream in_;
  const std::string name_;
  std::unique_ptr<ZSTD_DCtx, FreeDecoder> decoder_{ZSTD_createDCtx()};
  std::vector<char> packed_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool frame_open_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FeedFile>> OpenZstd(const std::string& path) {
  auto file = std::make_unique<ZstdFile>(path);
  if (!file->ok()) {
    return absl::NotFoundError(base::StrCat("cannot open ", path));
  }
  return file;
}

}  // namespace landwaiter::analyzer::advisory
