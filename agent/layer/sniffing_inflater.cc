#include <string>
#include <string_view>
#include <utility>

#include "agent/layer/inflater.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

class PlainInflater : public Inflater {
 public:
  absl::Status Push(std::string_view bytes, ChunkSink sink) override {
    return sink(bytes);
  }
  absl::Status Finish(ChunkSink) override { return absl::OkStatus(); }
};

// The longest of the magics below.
constexpr size_t kMagic = 6;

bool IsZstd(std::string_view magic) {
  // RFC 8878, 3.1.1 and 3.1.2: a frame, or a skippable frame.
  return magic.starts_with("\x28\xb5\x2f\xfd") ||
         (magic.size() >= 4 && (magic[0] & '\xf0') == '\x50' &&
          magic.substr(1, 3) == "\x2a\x4d\x18");
}

class SniffingInflater : public Inflater {
 public:
  SniffingInflater(const Limits& limits, StreamParts* parts)
      : limits_(limits), parts_(parts == nullptr ? nobodys_ : *parts) {}

  absl::Status Push(std::string_view bytes, ChunkSink sink) override {
    if (inflater_ != nullptr) return inflater_->Push(bytes, sink);
    const size_t taken = std::min(kMagic - head_.size(), bytes.size());
    head_.append(bytes.substr(0, taken));
    if (head_.size() < kMagic) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(Decide());
    LANDWAITER_RETURN_IF_ERROR(inflater_->Push(head_, sink));
    return inflater_->Push(bytes.substr(taken), sink);
  }

  absl::Status Finish(ChunkSink sink) override {
    if (inflater_ == nullptr) {
      LANDWAITER_RETURN_IF_ERROR(Decide());
      LANDWAITER_RETURN_IF_ERROR(inflater_->Push(head_, sink));
    }
    return inflater_->Finish(sink);
  }

 private:
  absl::Status Decide() {
    using namespace std::string_view_literals;
    constexpr std::pair<std::string_view, std::string_view> kUnsupported[] = {
        {"BZh"sv, "bzip2"},
        {"\xfd"
         "7zXZ\0"sv,
         "xz"}};
    for (const auto& [magic, name] : kUnsupported) {
      if (std::string_view(head_).starts_with(magic)) {
        return base::Failure(
            base::FailureCode::kUnsupportedMedia,
            base::StrCat("the layer is compressed with ", name,
                         "; gzip, zstd and no compression are supported"));
      }
    }
    if (std::string_view(head_).starts_with("\x1f\x8b")) {
      inflater_ = NewGzipInflater(parts_);
    } else if (IsZstd(head_)) {
      inflater_ = NewZstdInflater(limits_, parts_);
    } else {
      inflater_ = std::make_unique<PlainInflater>();
    }
    return absl::OkStatus();
  }

  const Limits limits_;
  StreamParts nobodys_;
  StreamParts& parts_;
  std::string head_;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace

std::unique_ptr<Inflater> NewSniffingInflater(const Limits& limits,
                                              StreamParts* parts) {
  return std::make_unique<SniffingInflater>(limits, parts);
}

}  // namespace landwaiter::agent::layer
