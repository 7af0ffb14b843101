#ifndef LANDWAITER_AGENT_EXTRACT_ELF_MACHO_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_MACHO_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/extract/elf/program.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::elf {

// Whether a file that begins so may be a program for macOS.
bool MayBeMachO(std::string_view head);

// Mach-O (Apple's mach-o/loader.h; 32 and 64 bits, both byte orders): its
// segments and their sections. Not a universal file, which holds several.
// nullopt if it is none. Errors are the file's.
absl::StatusOr<std::optional<Program>> OpenMachO(File& file);

}  // namespace landwaiter::agent::extract::elf

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_MACHO_H_
