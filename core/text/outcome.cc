#include "core/text/outcome.h"

#include <utility>

#include "core/base/strings.h"

namespace landwaiter::text {

absl::StatusOr<Outcome> Finish(const ByteReader& reader,
                               const TreeWriter& writer, std::string fault,
                               uint64_t line) {
  if (!reader.status().ok()) return reader.status();
  if (!writer.status().ok()) return writer.status();
  if (!writer.fault().empty()) fault = writer.fault();
  if (!fault.empty()) {
    fault = base::StrCat("line ", line, ": ", fault);
  }
  return Outcome{.fault = std::move(fault), .events = writer.events()};
}

}  // namespace landwaiter::text
