#include "agent/extract/os/rpm/ndb.h"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/extract/byte_view.h"
#include "agent/extract/os/rpm/page_file.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::string_view kMagic = "RpmP", kSlotMagic = "Slot",
                           kBlobStart = "BlbS", kBlobEnd = "BlbE";

// Header: magic 4, version 4, generation 4, slot pages 4, next package 4, ...
// It takes the room of the first two slots.
constexpr uint64_t kHeaderSize = 32, kVersionAt = 4, kSlotPagesAt = 12;
constexpr uint64_t kPageSize = 4096, kSlotSize = 16;

// Slot: magic 4, package 4, first block 4, blocks 4.
constexpr uint64_t kBlockSize = 16;

// Blob: magic 4, package 4, generation 4, length 4; the header, padded to a
// block's end but for the tail: checksum 4, length 4, magic 4.
constexpr uint64_t kBlobHead = 16, kBlobTail = 12;

class Reader {
 public:
  Reader(File& file, Problems& problems, HeaderSink sink)
      : file_(file), problems_(problems), sink_(sink) {}

  absl::Status Read();

 private:
  absl::Status ReadSlotPage(uint64_t number, std::string_view bytes);
  absl::Status ReadBlob(uint32_t package, uint64_t first_block,
                        uint64_t blocks);
  absl::Status Broken(uint32_t package, std::string_view what) {
    problems_.Add(base::StrCat("package ", package, ": ", what));
    return absl::OkStatus();
  }

  File& file_;
  Problems& problems_;
  HeaderSink sink_;
  // Of all blobs: they do not overlap, so it cannot exceed the file's size.
  uint64_t read_ = 0;
};

absl::Status Reader::Read() {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(bool there,
                              ReadExactly(file_, 0, kHeaderSize, &bytes));
  const ByteView header(bytes, std::endian::little);
  if (!there || header.Piece(0, 4) != kMagic || header.U32(kVersionAt) != 0) {
    problems_.Add("the file is not an rpm package database (NDB)");
    return absl::OkStatus();
  }
  const uint64_t slot_pages = header.U32(kSlotPagesAt);
  for (uint64_t number = 0; number < slot_pages; ++number) {
    LANDWAITER_ASSIGN_OR_RETURN(
        there, ReadExactly(file_, number * kPageSize, kPageSize, &bytes));
    if (!there) {
      problems_.Add(base::StrCat("the database is cut: slot page ", number,
                                 " of ", slot_pages, " is not there"));
      break;
    }
    LANDWAITER_RETURN_IF_ERROR(ReadSlotPage(number, bytes));
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadSlotPage(uint64_t number, std::string_view bytes) {
  const ByteView page(bytes, std::endian::little);
  for (uint64_t at = number == 0 ? kHeaderSize : 0; at < kPageSize;
       at += kSlotSize) {
    const uint32_t package = page.U32(at + 4);
    if (page.Piece(at, 4) != kSlotMagic) {
      problems_.Add(base::StrCat("slot page ", number, " has a broken slot"));
    } else if (package != 0) {  // 0: a free slot
      LANDWAITER_RETURN_IF_ERROR(
          ReadBlob(package, page.U32(at + 8), page.U32(at + 12)));
    }
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadBlob(uint32_t package, uint64_t first_block,
                              uint64_t blocks) {
  const uint64_t size = blocks * kBlockSize;
  if (size > kMaxHeader) {
    return Broken(package, base::StrCat("a blob of ", size, " bytes"));
  }
  const uint64_t at = first_block * kBlockSize;
  if (at + size > file_.size()) return Broken(package, "a blob past the end");
  read_ += size;
  if (read_ > file_.size()) return Broken(package, "blobs that overlap");
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                              ReadExactly(file_, at, size, &bytes));
  const ByteView blob(bytes, std::endian::little);
  const uint64_t length = blob.U32(12);
  if (!there || size < kBlobHead + kBlobTail ||
      blob.Piece(0, 4) != kBlobStart || blob.U32(4) != package ||
      length > size - kBlobHead - kBlobTail ||
      blob.Piece(size - 4, 4) != kBlobEnd) {
    return Broken(package, "a broken blob");
  }
  return sink_(blob.Piece(kBlobHead, length));
}

}  // namespace

absl::Status ReadNdb(File& file, Problems& problems, HeaderSink sink) {
  return Reader(file, problems, sink).Read();
}

}  // namespace landwaiter::agent::extract::os
