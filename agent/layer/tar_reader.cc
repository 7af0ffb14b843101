#include "agent/layer/tar_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

// Blocks read as headers for each entry that the limit allows: an entry may
// have a long name, a long link and an extended header of its own.
constexpr uint64_t kHeadersPerEntry = 4;

TarEntry::Type TypeOf(char flag, std::string_view path) {
  switch (flag) {
    case '\0':  // V7 has no flag for directories
      return path.ends_with('/') ? TarEntry::Type::kDirectory
                                 : TarEntry::Type::kFile;
    case '0':
    case '7':
    case 'S':
      return TarEntry::Type::kFile;
    case '1':
      return TarEntry::Type::kHardLink;
    case '2':
      return TarEntry::Type::kSymlink;
    case '3':
      return TarEntry::Type::kCharDevice;
    case '4':
      return TarEntry::Type::kBlockDevice;
    case '5':
      return TarEntry::Type::kDirectory;
    case '6':
      return TarEntry::Type::kFifo;
    default:
      return TarEntry::Type::kOther;
  }
}

// Links, devices, directories and FIFOs have no content, whatever their size
// field says.
bool IsHeaderOnly(char flag, TarEntry::Type type) {
  return type == TarEntry::Type::kDirectory || (flag >= '1' && flag <= '6');
}

}  // namespace

absl::Status TarReader::Push(std::string_view bytes) {
  while (!bytes.empty()) {
    switch (state_) {
      case State::kHeader:
      case State::kSecondEnd:
      case State::kSparseMap:
      case State::kSparseText:
        if (const auto block = TakeBlock(bytes)) {
          LANDWAITER_RETURN_IF_ERROR(OnBlock(*block));
        }
        break;
      case State::kSpecial:
      case State::kContent:
        LANDWAITER_RETURN_IF_ERROR(TakeContent(bytes));
        break;
      case State::kPadding: {
        const uint64_t skipped = std::min<uint64_t>(remaining_, bytes.size());
        bytes.remove_prefix(skipped);
        remaining_ -= skipped;
        if (remaining_ == 0) state_ = State::kHeader;
        break;
      }
      case State::kEnd:
        return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status TarReader::Finish() {
  const bool at_boundary =
      (state_ == State::kHeader || state_ == State::kSecondEnd) &&
      block_fill_ == 0;
  // The padding of a last entry is missed by nobody.
  if (at_boundary || state_ == State::kPadding || state_ == State::kEnd) {
    return absl::OkStatus();
  }
  return CorruptLayer("tar: the archive ends in the middle of an entry");
}

uint64_t TarReader::Skippable() const {
  if (state_ == State::kEnd) return std::numeric_limits<uint64_t>::max();
  const bool unwanted = state_ == State::kContent && !wanted_;
  return unwanted || state_ == State::kPadding ? remaining_ : 0;
}

absl::Status TarReader::Skip(uint64_t size) {
  if (size == 0 || state_ == State::kEnd) return absl::OkStatus();
  remaining_ -= size;
  if (remaining_ > 0) return absl::OkStatus();
  if (state_ == State::kContent) return FinishContent();
  state_ = State::kHeader;
  return absl::OkStatus();
}

std::optional<std::string_view> TarReader::TakeBlock(std::string_view& bytes) {
  if (block_fill_ == 0 && bytes.size() >= kTarBlock) {
    const std::string_view block = bytes.substr(0, kTarBlock);
    bytes.remove_prefix(kTarBlock);
    return block;
  }
  const size_t taken = std::min(kTarBlock - block_fill_, bytes.size());
  std::memcpy(block_.data() + block_fill_, bytes.data(), taken);
  bytes.remove_prefix(taken);
  block_fill_ += taken;
  if (block_fill_ < kTarBlock) return std::nullopt;
  block_fill_ = 0;
  return std::string_view(block_.data(), kTarBlock);
}

absl::Status TarReader::OnBlock(std::string_view block) {
  if (state_ == State::kSparseText) return OnSparseTextBlock(block);
  if (++headers_ / kHeadersPerEntry > limits_.entries) {
    return LimitExceeded("entries", "the number of tar headers",
                         limits_.entries * kHeadersPerEntry);
  }
  if (state_ == State::kSparseMap) return OnSparseMapBlock(block);
  if (IsZeroBlock(block)) {
    state_ = state_ == State::kSecondEnd ? State::kEnd : State::kSecondEnd;
    return absl::OkStatus();
  }
  if (state_ == State::kSecondEnd) {
    return CorruptLayer("tar: a lone zero block stands between entries");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const TarHeader header, ParseTarHeader(block));
  return OnHeader(header);
}

absl::Status TarReader::OnHeader(const TarHeader& header) {
  remaining_ = header.size;
  padding_ = -header.size % kTarBlock;
  wanted_ = false;
  switch (header.type) {
    case 'x':
    case 'L':
    case 'K':
      return StartSpecial(header);
    case 'g':
      // Archive-wide records: the runtimes do not apply them to entries. Go's
      // reader hands them out as an entry, which uses up what stood before.
      ForgetSpecial();
      return StartContent();
    default:
      return StartEntry(header);
  }
}

absl::Status TarReader::StartSpecial(const TarHeader& header) {
  if (header.size > limits_.header_bytes) {
    return LimitExceeded("header", "an extended tar header",
                         limits_.header_bytes);
  }
  special_type_ = header.type;
  special_.clear();
  state_ = State::kSpecial;
  return remaining_ == 0 ? FinishContent() : absl::OkStatus();
}

absl::Status TarReader::FinishSpecial() {
  if (special_type_ == 'x') {
    LANDWAITER_ASSIGN_OR_RETURN(pax_, ParsePax(special_));
    return absl::OkStatus();
  }
  special_.resize(std::min(special_.find('\0'), special_.size()));
  (special_type_ == 'L' ? long_name_ : long_link_).swap(special_);
  return absl::OkStatus();
}

void TarReader::ForgetSpecial() {
  pax_.reset();
  long_name_.clear();
  long_link_.clear();
}

void TarReader::DescribeEntry(const TarHeader& header, TarEntry& entry) {
  entry.path = header.name;
  if (!header.prefix.empty()) {
    name_.assign(header.prefix).append("/").append(header.name);
    entry.path = name_;
  }
  entry.link = header.link;
  entry.size = header.size;
  entry.mode = header.mode;
  entry.uid = header.uid;
  entry.gid = header.gid;
  if (pax_) {
    if (!pax_->path.empty()) entry.path = pax_->path;
    if (!pax_->link.empty()) entry.link = pax_->link;
    entry.size = pax_->size.value_or(entry.size);
    entry.uid = pax_->uid.value_or(entry.uid);
    entry.gid = pax_->gid.value_or(entry.gid);
    entry.capability = pax_->capability;
  }
  if (!long_name_.empty()) entry.path = long_name_;
  if (!long_link_.empty()) entry.link = long_link_;
  entry.type = TypeOf(header.type, entry.path);
  if (entry.type == TarEntry::Type::kCharDevice ||
      entry.type == TarEntry::Type::kBlockDevice) {
    entry.major = header.major;
    entry.minor = header.minor;
  }
  if (IsHeaderOnly(header.type, entry.type)) entry.size = 0;
}

absl::Status TarReader::StartEntry(const TarHeader& header) {
  if (header.type == 'S' && !header.gnu) {
    return CorruptLayer("tar: a sparse entry in an archive that is not GNU's");
  }
  TarEntry entry;
  DescribeEntry(header, entry);
  remaining_ = entry.size;
  padding_ = -entry.size % kTarBlock;
  const bool pax_sparse =
      pax_ && pax_->sparse && entry.type == TarEntry::Type::kFile;
  entry.sparse = header.type == 'S' || pax_sparse;
  if (pax_sparse) {
    if (!pax_->sparse_name.empty()) entry.path = pax_->sparse_name;
    entry.size = pax_->real_size.value_or(entry.size);
  } else if (entry.sparse) {
    if (!header.real_size) {
      return CorruptLayer("tar: the size of a sparse entry is no number");
    }
    entry.size = *header.real_size;
  }
  real_size_ = entry.size;
  LANDWAITER_RETURN_IF_ERROR(CheckPath(entry.path));
  LANDWAITER_RETURN_IF_ERROR(CheckPath(entry.link));
  expands_ = false;
  LANDWAITER_ASSIGN_OR_RETURN(wanted_, visitor_.OnEntry(entry));
  const std::optional<PaxRecords> pax = std::move(pax_);
  ForgetSpecial();
  map_.clear();
  if (header.type == 'S') return StartSparse(header);
  if (!pax_sparse || !wanted_) return StartContent();
  if (!pax->map_in_content) {
    map_ = *ParsePaxMap(pax->sparse_map);  // ParsePax has tried it
    return StartSparseContent();
  }
  special_.clear();
  map_lines_ = 0;
  state_ = State::kSparseText;
  return remaining_ >= kTarBlock ? absl::OkStatus()
                                 : CorruptLayer("tar: a sparse map is missing");
}

absl::Status TarReader::StartSparse(const TarHeader& header) {
  if (!AppendGnuPieces(header.sparse_pieces, map_)) {
    return CorruptLayer("tar: a sparse map is malformed");
  }
  if (!header.sparse_map_continues) return StartSparseContent();
  state_ = State::kSparseMap;
  return absl::OkStatus();
}

absl::Status TarReader::OnSparseMapBlock(std::string_view block) {
  if (!AppendGnuPieces(SparsePiecesOf(block), map_)) {
    return CorruptLayer("tar: a sparse map is malformed");
  }
  if (map_.size() * sizeof(SparsePiece) > limits_.header_bytes) {
    return LimitExceeded("header", "a sparse map", limits_.header_bytes);
  }
  return SparseMapContinues(block) ? absl::OkStatus() : StartSparseContent();
}

absl::Status TarReader::OnSparseTextBlock(std::string_view block) {
  special_.append(block);
  remaining_ -= kTarBlock;
  map_lines_ +=
      static_cast<uint64_t>(std::count(block.begin(), block.end(), '\n'));
  const auto first = base::SplitOnce(special_, '\n');
  const auto count = first ? base::ParseUint64(first->first) : std::nullopt;
  const bool whole = first && (!count || (map_lines_ - 1) / 2 >= *count);
  if (whole) {
    if (ParseTextMap(special_, map_) != MapText::kWhole) {
      return CorruptLayer("tar: a sparse map is malformed");
    }
    special_.clear();
    return StartSparseContent();
  }
  if (special_.size() > limits_.header_bytes) {
    return LimitExceeded("header", "a sparse map", limits_.header_bytes);
  }
  return remaining_ >= kTarBlock
             ? absl::OkStatus()
             : CorruptLayer("tar: a sparse map ends too early");
}

absl::Status TarReader::StartSparseContent() {
  if (!wanted_) return StartContent();
  if (!IsSound(map_, real_size_) || StoredSize(map_) != remaining_) {
    return CorruptLayer("tar: a sparse map does not suit its entry");
  }
  holes_ += real_size_ - remaining_;
  if (holes_ > limits_.sparse_bytes) {
    return LimitExceeded("sparseSize", "the holes of sparse files",
                         limits_.sparse_bytes);
  }
  expands_ = true;
  expander_ = SparseExpander(std::move(map_), real_size_);
  map_.clear();
  return StartContent();
}

absl::Status TarReader::StartContent() {
  state_ = State::kContent;
  return remaining_ == 0 ? FinishContent() : absl::OkStatus();
}

absl::Status TarReader::TakeContent(std::string_view& bytes) {
  const std::string_view piece =
      bytes.substr(0, std::min<uint64_t>(remaining_, bytes.size()));
  bytes.remove_prefix(piece.size());
  remaining_ -= piece.size();
  if (state_ == State::kSpecial) {
    special_.append(piece);
  } else if (expands_) {
    LANDWAITER_RETURN_IF_ERROR(expander_.Push(
        piece, [this](std::string_view b) { return visitor_.OnContent(b); }));
  } else if (wanted_) {
    LANDWAITER_RETURN_IF_ERROR(visitor_.OnContent(piece));
  }
  return remaining_ == 0 ? FinishContent() : absl::OkStatus();
}

absl::Status TarReader::FinishContent() {
  if (state_ == State::kSpecial) {
    LANDWAITER_RETURN_IF_ERROR(FinishSpecial());
  } else if (wanted_) {
    if (expands_) {
      LANDWAITER_RETURN_IF_ERROR(expander_.Finish(
          [this](std::string_view b) { return visitor_.OnContent(b); }));
    }
    wanted_ = false;
    expands_ = false;
    LANDWAITER_RETURN_IF_ERROR(visitor_.OnContentEnd());
  }
  remaining_ = padding_;
  state_ = remaining_ == 0 ? State::kHeader : State::kPadding;
  return absl::OkStatus();
}

absl::Status TarReader::CheckPath(std::string_view path) const {
  if (path.size() <= limits_.path_bytes) return absl::OkStatus();
  return LimitExceeded("path", "the path of a tar entry", limits_.path_bytes);
}

}  // namespace landwaiter::agent::layer
