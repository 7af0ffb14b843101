#ifndef LANDWAITER_CORE_TEXT_HEADERS_H_
#define LANDWAITER_CORE_TEXT_HEADERS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/text/line_reader.h"

namespace landwaiter::text {

// Reads the fields of a message as RFC 822 has them ("Name: value", lines that
// begin with a blank continue the value), up to the first empty line: Python's
// METADATA and PKG-INFO, R's DESCRIPTION. Lines that are no field are skipped.
// Not thread-safe.
class HeaderReader {
 public:
  // A value is cut after this many bytes.
  static constexpr size_t kMaxValue = size_t{64} * 1024;

  struct Header {
    std::string name;   // in lower case
    std::string value;  // stripped; lines of it are joined by "\n"
  };

  // `file` must outlive the reader.
  explicit HeaderReader(base::File& file) : lines_(file) {}

  // The next field, nullopt after the last. Errors are the file's.
  absl::StatusOr<std::optional<Header>> Next();

 private:
  LineReader lines_;
  std::optional<Header> header_;
  bool done_ = false;
};

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_HEADERS_H_
