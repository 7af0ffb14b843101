#include "agent/extract/os/rpm/testing/databases.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace landwaiter::agent::extract::os::testing {
namespace {

void PadTo(std::string& out, size_t size) {
  out.resize(std::max(out.size(), size));
}

// A page of Berkeley DB: its header, then what the caller adds.
std::string BdbPage(uint32_t number, uint32_t next, uint16_t entries,
                    uint16_t offset, uint8_t type, std::endian order) {
  std::string page(8, '\0');
  Put(page, number, 4, order);
  Put(page, 0, 4, order);
  Put(page, next, 4, order);
  Put(page, entries, 2, order);
  Put(page, offset, 2, order);
  Put(page, 0, 1, order);
  Put(page, type, 1, order);
  return page;
}

// A hash page with these items.
std::string BdbHashPage(uint32_t number, const std::vector<std::string>& items,
                        std::endian order, uint32_t page_size) {
  std::string page =
      BdbPage(number, 0, static_cast<uint16_t>(items.size()), 0, 13, order);
  std::string content;
  for (const std::string& item : items) {
    content.insert(0, item);
    Put(page, page_size - content.size(), 2, order);
  }
  PadTo(page, page_size - content.size());
  return page + content;
}

std::string BdbKey(uint32_t record, std::endian order) {
  std::string key(1, '\1');
  Put(key, record, 4, order);
  return key;
}

// The overflow pages of `bytes`, from page `number` on.
std::string BdbChain(uint32_t number, const std::string& bytes,
                     std::endian order, uint32_t page_size) {
  const size_t room = page_size - 26;
  std::string pages;
  for (size_t at = 0; at < bytes.size(); at += room, ++number) {
    const std::string part = bytes.substr(at, room);
    const bool last = at + room >= bytes.size();
    std::string page = BdbPage(number, last ? 0 : number + 1, 1,
                               static_cast<uint16_t>(part.size()), 7, order) +
                       part;
    PadTo(page, page_size);
    pages += page;
  }
  return pages;
}

std::string BdbMeta(uint32_t last_page, std::endian order, uint32_t page_size) {
  std::string meta(12, '\0');
  Put(meta, 0x061561, 4, order);
  Put(meta, 9, 4, order);
  Put(meta, page_size, 4, order);
  meta += std::string("\0\10\0\0", 4);  // not encrypted, P_HASHMETA
  Put(meta, 0, 4, order);
  Put(meta, last_page, 4, order);
  PadTo(meta, page_size);
  return meta;
}

void Check(bool ok) {
  if (!ok) std::abort();
}

}  // namespace

void Put(std::string& out, uint64_t number, int size, std::endian order) {
  for (int i = 0; i < size; ++i) {
    const int place = order == std::endian::big ? size - 1 - i : i;
    out += static_cast<char>(number >> (8 * place));
  }
}

std::string MakeHeader(const HeaderSpec& spec) {
  std::string index, data;
  uint32_t entries = 0;
  const auto entry = [&](uint32_t tag, uint32_t type, uint64_t offset) {
    Put(index, tag, 4, std::endian::big);
    Put(index, type, 4, std::endian::big);
    Put(index, offset, 4, std::endian::big);
    Put(index, 1, 4, std::endian::big);
    ++entries;
  };
  const auto text = [&](uint32_t tag, const std::string& value) {
    if (value.empty()) return;
    entry(tag, tag == 1014 ? 9 : 6, data.size());
    data += value + '\0';
  };
  text(1000, spec.name);
  text(1001, spec.version);
  text(1002, spec.release);
  if (spec.epoch != 0) {
    entry(1003, 4, data.size());
    Put(data, spec.epoch, 4, std::endian::big);
  }
  text(1011, spec.vendor);
  text(1014, spec.license);
  text(1022, spec.arch);
  text(1044, spec.source_rpm);
  text(5096, spec.module);
  data.append(spec.padding, 'x');
  std::string header;
  Put(header, entries, 4, std::endian::big);
  Put(header, data.size(), 4, std::endian::big);
  return header + index + data;
}

std::string MakeBdb(const std::vector<std::string>& headers, std::endian order,
                    uint32_t page_size) {
  std::string counter(1, '\1');
  Put(counter, headers.size(), 4, order);
  std::string pages =
      BdbHashPage(1, {BdbKey(0, order), counter}, order, page_size);
  uint32_t record = 0;
  for (const std::string& header : headers) {
    const auto number = static_cast<uint32_t>(1 + pages.size() / page_size);
    std::string item;
    std::string chain;
    if (header.size() < page_size / 4) {
      item = '\1' + header;
    } else {
      item = std::string("\3\0\0\0", 4);
      Put(item, number + 1, 4, order);
      Put(item, header.size(), 4, order);
      chain = BdbChain(number + 1, header, order, page_size);
    }
    pages +=
        BdbHashPage(number, {BdbKey(++record, order), item}, order, page_size) +
        chain;
  }
  const auto last_page = static_cast<uint32_t>(pages.size() / page_size);
  return BdbMeta(last_page, order, page_size) + pages;
}

std::string MakeNdb(const std::vector<std::string>& headers) {
  constexpr std::endian kOrder = std::endian::little;
  const size_t slot_pages = (headers.size() + 2) * 16 / 4096 + 1;
  std::string slots = "RpmP";
  for (const uint64_t number :
       {uint64_t{0}, uint64_t{1}, slot_pages, uint64_t{headers.size() + 1}}) {
    Put(slots, number, 4, kOrder);
  }
  PadTo(slots, 32);
  std::string blobs;
  uint32_t package = 0;
  for (const std::string& header : headers) {
    ++package;
    const size_t blocks = (header.size() + 28 + 15) / 16;
    slots += "Slot";
    Put(slots, package, 4, kOrder);
    Put(slots, slot_pages * 256 + blobs.size() / 16, 4, kOrder);
    Put(slots, blocks, 4, kOrder);
    std::string blob = "BlbS";
    Put(blob, package, 4, kOrder);
    Put(blob, 1, 4, kOrder);
    Put(blob, header.size(), 4, kOrder);
    blob += header;
    PadTo(blob, blocks * 16 - 12);
    Put(blob, 0, 4, kOrder);  // the checksum, which is not looked at
    Put(blob, header.size(), 4, kOrder);
    blobs += blob + "BlbE";
  }
  while (slots.size() < slot_pages * 4096) {
    slots += std::string("Slot") + std::string(12, '\0');
  }
  return slots + blobs;
}

std::string MakeSqlite(const std::vector<std::string>& headers,
                       const std::string& pragmas) {
  sqlite3* raw = nullptr;
  Check(sqlite3_open(":memory:", &raw) == SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(raw, sqlite3_close);
  const std::string schema =
      pragmas +
      ";CREATE TABLE IF NOT EXISTS 'Packages' (hnum INTEGER PRIMARY KEY "
      "AUTOINCREMENT, blob BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS 'Name' (key TEXT NOT NULL, hnum INTEGER NOT "
      "NULL, idx INTEGER NOT NULL);";
  Check(sqlite3_exec(raw, schema.c_str(), nullptr, nullptr, nullptr) ==
        SQLITE_OK);
  for (const std::string& header : headers) {
    sqlite3_stmt* insert = nullptr;
    Check(sqlite3_prepare_v2(raw, "INSERT INTO Packages (blob) VALUES (?)", -1,
                             &insert, nullptr) == SQLITE_OK);
    sqlite3_bind_blob(insert, 1, header.data(), static_cast<int>(header.size()),
                      SQLITE_TRANSIENT);
    Check(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_finalize(insert);
  }
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(raw, "main", &size, 0);
  Check(bytes != nullptr);
  std::string file(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  sqlite3_free(bytes);
  return file;
}

}  // namespace landwaiter::agent::extract::os::testing
