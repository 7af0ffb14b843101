#ifndef LANDWAITER_CORE_TEXT_XML_H_
#define LANDWAITER_CORE_TEXT_XML_H_

#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/text/outcome.h"
#include "core/text/tree.h"

namespace landwaiter::text {

// A name or a text has at most this many bytes; more are a fault.
inline constexpr size_t kMaxXmlText = size_t{64} * 1024;

// Reads the part of XML 1.0 that project files use. An element is a map: its
// attributes are values at "@name", its stripped text, if any, is the value at
// "#", told when the element ends. A document type is skipped and no entities
// but XML's own five and numbers are known, so nothing can grow. UTF-8 only.
// Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadXml(base::File& file, TreeHandler& handler);

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_XML_H_
