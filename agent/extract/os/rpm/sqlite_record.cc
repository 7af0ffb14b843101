#include "agent/extract/os/rpm/sqlite_record.h"

namespace landwaiter::agent::extract::os {
namespace {

// The size of a value of this serial type.
uint64_t SizeOf(uint64_t type) {
  constexpr uint64_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

int64_t ReadInteger(std::string_view bytes) {
  const bool negative = !bytes.empty() && (bytes.front() & 0x80) != 0;
  uint64_t number = negative ? ~uint64_t{0} : 0;
  for (const char byte : bytes) {
    number = number << 8 | static_cast<uint8_t>(byte);
  }
  return static_cast<int64_t>(number);
}

SqliteValue ReadValue(uint64_t type, std::string_view bytes) {
  SqliteValue value;
  if (type >= 1 && type <= 6) value.integer = ReadInteger(bytes);
  if (type == 8 || type == 9) value.integer = type - 8;
  if (type >= 12) value.bytes = bytes;
  return value;
}

}  // namespace

std::optional<uint64_t> TakeVarint(std::string_view& bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < 9 && i < bytes.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(bytes[i]);
    // The ninth byte counts whole.
    number = i == 8 ? number << 8 | byte : number << 7 | (byte & 0x7F);
    if (i == 8 || (byte & 0x80) == 0) {
      bytes.remove_prefix(i + 1);
      return number;
    }
  }
  return std::nullopt;
}

SqliteValue SqliteColumn(std::string_view record, int index) {
  std::string_view types = record;
  const auto header_size = TakeVarint(types);
  if (!header_size.has_value() || *header_size > record.size() ||
      *header_size < record.size() - types.size()) {
    return {};
  }
  std::string_view body = record.substr(*header_size);
  types.remove_suffix(body.size());
  for (int column = 0;; ++column) {
    const auto type = TakeVarint(types);
    if (!type.has_value()) return {};
    const uint64_t size = SizeOf(*type);
    if (size > body.size()) return {};
    if (column == index) return ReadValue(*type, body.substr(0, size));
    body.remove_prefix(size);
  }
}

}  // namespace landwaiter::agent::extract::os
