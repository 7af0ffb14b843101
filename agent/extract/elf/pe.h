#ifndef LANDWAITER_AGENT_EXTRACT_ELF_PE_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_PE_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/extract/elf/program.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::elf {

// Whether a file that begins so may be a program for Windows.
bool MayBePe(std::string_view head);

// PE (Microsoft's "PE Format", 32 and 64 bits): its sections, which are what
// is loaded too. Names are the eight bytes of the header. nullopt if it is
// none. Errors are the file's.
absl::StatusOr<std::optional<Program>> OpenPe(File& file);

}  // namespace landwaiter::agent::extract::elf

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_PE_H_
