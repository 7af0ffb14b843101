#include "agent/extract/os/rpm/bdb.h"

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

// DBMETA: lsn 8, pgno 4, magic 4, version 4, pagesize 4, encrypt_alg 1,
// type 1, metaflags 1, unused 1, free 4, last_pgno 4, ...
constexpr uint64_t kMetaSize = 72;
constexpr uint32_t kHashMagic = 0x061561;
constexpr uint64_t kMagicAt = 12, kPageSizeAt = 20, kEncryptionAt = 24,
                   kLastPageAt = 32;

// PAGE: lsn 8, pgno 4, prev_pgno 4, next_pgno 4, entries 2, hf_offset 2,
// level 1, type 1, then the offsets of the items, 2 bytes each.
constexpr uint64_t kNextPageAt = 16, kEntriesAt = 20, kOverflowSizeAt = 22,
                   kTypeAt = 25, kPageHeader = 26;
constexpr uint8_t kUnsortedHashPage = 2, kOverflowPage = 7, kHashPage = 13;

// Items of a hash page: a type, then the bytes; or, off the page, a type,
// 3 unused bytes, the first page and the size of all.
constexpr uint8_t kOnPage = 1, kOffPage = 3;
constexpr uint64_t kOffPageSize = 12;

class Reader {
 public:
  Reader(File& file, uint64_t page_size, std::endian order, uint32_t last_page,
         Problems& problems, HeaderSink sink)
      : pages_(file, page_size, 0),
        order_(order),
        last_page_(last_page),
        problems_(problems),
        sink_(sink) {}

  absl::Status Read();

 private:
  absl::Status ReadHashPage(uint64_t number, std::string_view bytes);
  absl::Status ReadItem(uint64_t number, std::string_view item);
  absl::Status ReadChain(uint64_t number, uint64_t first_page, uint64_t size);
  void Problem(uint64_t number, std::string_view what) {
    problems_.Add(base::StrCat("page ", number, ": ", what));
  }

  PageFile pages_;
  const std::endian order_;
  const uint32_t last_page_;
  Problems& problems_;
  HeaderSink sink_;
};

absl::Status Reader::Read() {
  if (last_page_ >= pages_.count()) {
    problems_.Add(base::StrCat("the database is cut: its last page is ",
                               last_page_, ", the file has ", pages_.count(),
                               " pages"));
  }
  std::string page;
  for (uint64_t number = 1; number < pages_.count() && number <= last_page_;
       ++number) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool there, pages_.Read(number, &page));
    if (!there) break;
    const uint8_t type = ByteView(page, order_).U8(kTypeAt);
    if (type == kHashPage || type == kUnsortedHashPage) {
      LANDWAITER_RETURN_IF_ERROR(ReadHashPage(number, page));
    }
  }
  return absl::OkStatus();
}

// Keys and data alternate. Items lie one below the other, the first at the
// page's end.
absl::Status Reader::ReadHashPage(uint64_t number, std::string_view bytes) {
  const ByteView page(bytes, order_);
  const uint64_t entries = page.U16(kEntriesAt);
  const uint64_t items_start = kPageHeader + 2 * entries;
  uint64_t end = bytes.size();
  std::string_view key;
  for (uint64_t i = 0; i < entries; ++i) {
    const uint64_t start = page.U16(kPageHeader + 2 * i);
    if (start < items_start || start >= end) {
      Problem(number, "an item outside of its page");
      return absl::OkStatus();
    }
    const std::string_view item = bytes.substr(start, end - start);
    end = start;
    if (i % 2 == 0) {
      key = item.substr(1);
      continue;
    }
    // Record 0 is no package: it counts them.
    if (ByteView(key, order_).U32(0) == 0) continue;
    LANDWAITER_RETURN_IF_ERROR(ReadItem(number, item));
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadItem(uint64_t number, std::string_view item) {
  const ByteView view(item, order_);
  if (view.U8(0) == kOnPage) return sink_(item.substr(1));
  if (view.U8(0) == kOffPage && item.size() >= kOffPageSize) {
    return ReadChain(number, view.U32(4), view.U32(8));
  }
  Problem(number, "an item of an unknown kind");
  return absl::OkStatus();
}

// A header over a chain of overflow pages.
absl::Status Reader::ReadChain(uint64_t number, uint64_t first_page,
                               uint64_t size) {
  if (size > kMaxHeader) {
    Problem(number, base::StrCat("a header of ", size, " bytes"));
    return absl::OkStatus();
  }
  std::string header, bytes;
  uint64_t next = first_page;
  while (header.size() < size) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool there, pages_.Take(next, &bytes));
    const ByteView page(bytes, order_);
    const std::string_view part =
        page.Piece(kPageHeader, page.U16(kOverflowSizeAt));
    if (!there || page.U8(kTypeAt) != kOverflowPage || part.empty()) {
      Problem(number, "a header whose chain of pages is broken");
      return absl::OkStatus();
    }
    header.append(part.substr(0, size - header.size()));
    next = page.U32(kNextPageAt);
  }
  return sink_(header);
}

}  // namespace

absl::Status ReadBdb(File& file, Problems& problems, HeaderSink sink) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                              ReadExactly(file, 0, kMetaSize, &bytes));
  std::endian order = std::endian::little;
  if (ByteView(bytes, order).U32(kMagicAt) != kHashMagic) {
    order = std::endian::big;
  }
  const ByteView meta(bytes, order);
  if (!there || meta.U32(kMagicAt) != kHashMagic) {
    problems.Add("the file is not a Berkeley DB hash");
    return absl::OkStatus();
  }
  const uint32_t page_size = meta.U32(kPageSizeAt);
  if (page_size < 512 || page_size > 65536 || !std::has_single_bit(page_size)) {
    problems.Add(
        base::StrCat("the database has pages of ", page_size, " bytes"));
    return absl::OkStatus();
  }
  if (meta.U8(kEncryptionAt) != 0) {
    problems.Add("the database is encrypted");
    return absl::OkStatus();
  }
  return Reader(file, page_size, order, meta.U32(kLastPageAt), problems, sink)
      .Read();
}

}  // namespace landwaiter::agent::extract::os
