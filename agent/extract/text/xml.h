#ifndef LANDWAITER_AGENT_EXTRACT_TEXT_XML_H_
#define LANDWAITER_AGENT_EXTRACT_TEXT_XML_H_

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/text/outcome.h"
#include "agent/extract/text/tree.h"

namespace landwaiter::agent::extract::text {

// A name or a text has at most this many bytes; more are a fault.
inline constexpr size_t kMaxXmlText = size_t{64} * 1024;

// Reads the part of XML 1.0 that project files use. An element is a map: its
// attributes are values at "@name", its stripped text, if any, is the value at
// "#", told when the element ends. A document type is skipped and no entities
// but XML's own five and numbers are known, so nothing can grow. UTF-8 only.
// Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadXml(File& file, TreeHandler& handler);

}  // namespace landwaiter::agent::extract::text

#endif  // LANDWAITER_AGENT_EXTRACT_TEXT_XML_H_
