#include "agent/layer/sparse.h"

#include <algorithm>
#include <array>

#include "agent/layer/tar_header.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

constexpr size_t kGnuField = 12;
constexpr size_t kGnuPiece = 2 * kGnuField;
// No file is larger (off_t); keeps sums from overflowing.
constexpr uint64_t kMaxSize = uint64_t{1} << 62;

}  // namespace

bool AppendGnuPieces(std::string_view fields, SparseMap& map) {
  for (; fields.size() >= kGnuPiece; fields.remove_prefix(kGnuPiece)) {
    if (fields[0] == '\0') return true;
    const auto offset = TarNumber(fields.substr(0, kGnuField));
    const auto size = TarNumber(fields.substr(kGnuField, kGnuField));
    if (!offset || !size) return false;
    map.push_back({*offset, *size});
  }
  return true;
}

std::optional<SparseMap> ParsePaxMap(std::string_view text) {
  SparseMap map;
  if (text.empty()) return map;
  std::optional<uint64_t> offset;
  for (std::string_view part : base::Split(text, ',')) {
    const auto number = base::ParseUint64(part);
    if (!number) return std::nullopt;
    if (!offset) {
      offset = number;
    } else {
      map.push_back({*offset, *number});
      offset.reset();
    }
  }
  if (offset) return std::nullopt;
  return map;
}

MapText ParseTextMap(std::string_view text, SparseMap& map) {
  map.clear();
  const auto next = [&text]() -> std::optional<std::string_view> {
    const auto parts = base::SplitOnce(text, '\n');
    if (!parts) return std::nullopt;
    text = parts->second;
    return parts->first;
  };
  const auto first = next();
  if (!first) return MapText::kMore;
  const auto count = base::ParseUint64(*first);
  if (!count) return MapText::kMalformed;
  for (uint64_t i = 0; i < *count; ++i) {
    const auto offset = next();
    const auto size = offset ? next() : std::nullopt;
    if (!size) return MapText::kMore;
    const auto offset_number = base::ParseUint64(*offset);
    const auto size_number = base::ParseUint64(*size);
    if (!offset_number || !size_number) return MapText::kMalformed;
    map.push_back({*offset_number, *size_number});
  }
  return MapText::kWhole;
}

bool IsSound(const SparseMap& map, uint64_t real_size) {
  if (real_size > kMaxSize) return false;
  uint64_t end = 0;
  for (const SparsePiece& piece : map) {
    if (piece.offset < end || piece.offset > real_size ||
        piece.size > real_size - piece.offset) {
      return false;
    }
    end = piece.offset + piece.size;
  }
  return true;
}

uint64_t StoredSize(const SparseMap& map) {
  uint64_t size = 0;
  for (const SparsePiece& piece : map) size += piece.size;
  return size;
}

absl::Status SparseExpander::Push(std::string_view stored, Sink sink) {
  while (!stored.empty()) {
    const SparsePiece& piece = map_[piece_];
    if (position_ < piece.offset) {
      LANDWAITER_RETURN_IF_ERROR(Zeros(piece.offset, sink));
    }
    const uint64_t left = piece.offset + piece.size - position_;
    if (left == 0) {
      ++piece_;
      continue;
    }
    const std::string_view taken =
        stored.substr(0, std::min<uint64_t>(left, stored.size()));
    stored.remove_prefix(taken.size());
    position_ += taken.size();
    LANDWAITER_RETURN_IF_ERROR(sink(taken));
  }
  return absl::OkStatus();
}

absl::Status SparseExpander::Finish(Sink sink) {
  return Zeros(real_size_, sink);
}

absl::Status SparseExpander::Zeros(uint64_t until, Sink sink) {
  static constexpr std::array<char, size_t{64} << 10> kZeros = {};
  while (position_ < until) {
    const uint64_t size = std::min<uint64_t>(until - position_, kZeros.size());
    LANDWAITER_RETURN_IF_ERROR(sink({kZeros.data(), size}));
    position_ += size;
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::agent::layer
