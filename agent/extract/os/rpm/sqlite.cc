#include "agent/extract/os/rpm/sqlite.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/extract/byte_view.h"
#include "agent/extract/os/rpm/page_file.h"
#include "agent/extract/os/rpm/sqlite_record.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr uint64_t kFileHeader = 100, kPageSizeAt = 16, kReservedAt = 20,
                   kPageCountAt = 28, kEncodingAt = 56;
constexpr uint32_t kUtf8 = 1;

// Page of a b-tree: type 1, first free block 2, cells 2, content start 2,
// fragments 1, on interior pages the right-most child 4; then the places of
// the cells, 2 bytes each.
constexpr uint8_t kInterior = 0x05, kLeaf = 0x0D;
constexpr uint64_t kCellsAt = 3, kRightChildAt = 8, kLeafHeader = 8,
                   kInteriorHeader = 12;

// SQLite's own limit on a tree's height is 20.
constexpr int kMaxDepth = 20;

// Takes the record of a row; a status that is not OK ends the walk.
using RowSink = absl::FunctionRef<absl::Status(std::string_view record)>;

// The tables of one file.
class Tables {
 public:
  // `usable` is the part of a page that is not reserved.
  Tables(File& file, uint64_t page_size, uint64_t usable, Problems& problems)
      : pages_(file, page_size, 1), usable_(usable), problems_(problems) {}

  uint64_t page_count() const { return pages_.count(); }

  // Gives every row of the table whose tree has its root at page `number`.
  // Each page is read once in the life of the object.
  absl::Status ForEachRow(uint64_t number, RowSink sink, int depth = 0);

 private:
  absl::Status ReadLeaf(uint64_t number, const ByteView& page, uint64_t start,
                        RowSink sink);
  absl::Status ReadCell(uint64_t number, std::string_view cell, RowSink sink);
  // How many cells the page has, at most as many as fit: a cell has at least
  // 4 bytes, and 2 for its place.
  uint64_t Cells(const ByteView& page, uint64_t start) const {
    return std::min<uint64_t>(page.U16(start + kCellsAt), usable_ / 6);
  }
  uint64_t LocalSize(uint64_t payload) const;
  absl::Status Problem(uint64_t number, std::string_view what) {
    problems_.Add(base::StrCat("page ", number, ": ", what));
    return absl::OkStatus();
  }

  PageFile pages_;
  const uint64_t usable_;
  Problems& problems_;
  // What all rows so far have in their cells: cells do not overlap, so it
  // cannot exceed the file's size.
  uint64_t cells_size_ = 0;
};

absl::Status Tables::ForEachRow(uint64_t number, RowSink sink, int depth) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there, pages_.Take(number, &bytes));
  if (!there || depth > kMaxDepth) {
    return Problem(number, "not there, or linked twice");
  }
  const ByteView page(std::string_view(bytes).substr(0, usable_),
                      std::endian::big);
  const uint64_t start = number == 1 ? kFileHeader : 0;
  if (page.U8(start) == kLeaf) return ReadLeaf(number, page, start, sink);
  if (page.U8(start) != kInterior) {
    return Problem(number, "not a page of a table");
  }
  for (uint64_t i = 0; i < Cells(page, start); ++i) {
    const uint64_t cell = page.U16(start + kInteriorHeader + 2 * i);
    LANDWAITER_RETURN_IF_ERROR(ForEachRow(page.U32(cell), sink, depth + 1));
  }
  return ForEachRow(page.U32(start + kRightChildAt), sink, depth + 1);
}

absl::Status Tables::ReadLeaf(uint64_t number, const ByteView& page,
                              uint64_t start, RowSink sink) {
  for (uint64_t i = 0; i < Cells(page, start); ++i) {
    const uint64_t cell = page.U16(start + kLeafHeader + 2 * i);
    LANDWAITER_RETURN_IF_ERROR(
        ReadCell(number, page.Piece(cell, usable_), sink));
  }
  return absl::OkStatus();
}

// Payload size, row id, the payload's start; if it does not fit, the first
// page of a chain of overflow pages (next page 4, then payload).
absl::Status Tables::ReadCell(uint64_t number, std::string_view cell,
                              RowSink sink) {
  const auto size = TakeVarint(cell);
  const auto row = TakeVarint(cell);
  if (!size.has_value() || !row.has_value()) {
    return Problem(number, "a broken cell");
  }
  if (*size > kMaxHeader) {
    return Problem(number, base::StrCat("a row of ", *size, " bytes"));
  }
  const uint64_t local = LocalSize(*size);
  if (local > cell.size()) return Problem(number, "a cell past its page");
  cells_size_ += local;
  if (cells_size_ > pages_.count() * pages_.page_size()) {
    return Problem(number, "rows that overlap");
  }
  if (local == *size) return sink(cell.substr(0, local));

  std::string record(cell.substr(0, local)), bytes;
  uint64_t next = ByteView(cell, std::endian::big).U32(local);
  while (record.size() < *size) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool there, pages_.Take(next, &bytes));
    if (!there) return Problem(number, "a row whose overflow is broken");
    const ByteView page(bytes, std::endian::big);
    next = page.U32(0);
    record.append(page.Piece(4, std::min(usable_ - 4, *size - record.size())));
  }
  return sink(record);
}

// How much of a payload is in the leaf itself (fileformat2, 1.6).
uint64_t Tables::LocalSize(uint64_t payload) const {
  const uint64_t most = usable_ - 35;
  if (payload <= most) return payload;
  const uint64_t least = (usable_ - 12) * 32 / 255 - 23;
  const uint64_t fitting = least + (payload - least) % (usable_ - 4);
  return fitting <= most ? fitting : least;
}

// sqlite_schema: type, name, tbl_name, rootpage, sql.
absl::StatusOr<std::optional<uint64_t>> FindRoot(Tables& tables,
                                                 std::string_view table) {
  std::optional<uint64_t> root;
  const absl::Status status =
      tables.ForEachRow(1, [&](std::string_view record) {
        const auto page = SqliteColumn(record, 3).integer;
        if (SqliteColumn(record, 0).bytes == "table" &&
            SqliteColumn(record, 1).bytes == table && page.value_or(0) > 0) {
          root = *page;
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return root;
}

}  // namespace

absl::Status ReadSqlite(File& file, Problems& problems, HeaderSink sink) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                              ReadExactly(file, 0, kFileHeader, &bytes));
  const ByteView header(bytes, std::endian::big);
  uint32_t page_size = header.U16(kPageSizeAt);
  if (page_size == 1) page_size = 65536;
  const uint32_t reserved = header.U8(kReservedAt);
  if (!there || header.Piece(0, kMagic.size()) != kMagic || page_size < 512 ||
      !std::has_single_bit(page_size) || page_size - reserved < 480 ||
      header.U32(kEncodingAt) != kUtf8) {
    problems.Add("the file is not an SQLite database of rpm's kind");
    return absl::OkStatus();
  }
  Tables tables(file, page_size, page_size - reserved, problems);
  if (header.U32(kPageCountAt) > tables.page_count()) {
    problems.Add(base::StrCat("the database is cut: it should have ",
                              header.U32(kPageCountAt), " pages, it has ",
                              tables.page_count()));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const auto root, FindRoot(tables, "Packages"));
  if (!root.has_value()) {
    problems.Add("the database has no table Packages");
    return absl::OkStatus();
  }
  return tables.ForEachRow(*root, [&](std::string_view record) {
    const auto blob = SqliteColumn(record, 1).bytes;
    if (blob.has_value()) return sink(*blob);
    problems.Add("a row of Packages has no blob");
    return absl::OkStatus();
  });
}

}  // namespace landwaiter::agent::extract::os
