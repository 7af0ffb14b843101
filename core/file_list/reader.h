#ifndef LANDWAITER_CORE_FILE_LIST_READER_H_
#define LANDWAITER_CORE_FILE_LIST_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "core/file_list/entry.h"

namespace landwaiter::file_list {

// Hands out the entries of a list as writer.h makes it, in its order; each is
// valid during the call. The bytes may come from anywhere: a list that breaks
// a rule of the format or of entry.h, that does not have the digest `sha256`
// (hexadecimal), or that has more than `limit` bytes before compression is
// INVALID_ARGUMENT, perhaps after some of its entries were handed out. A
// status that is not OK from `take` ends the reading and is returned. Memory
// does not grow with the list.
absl::Status Read(std::string_view zstd, std::string_view sha256,
                  uint64_t limit,
                  absl::FunctionRef<absl::Status(const Entry&)> take);

}  // namespace landwaiter::file_list

#endif  // LANDWAITER_CORE_FILE_LIST_READER_H_
