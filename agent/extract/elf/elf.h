#ifndef LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/extract/elf/program.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::elf {

// Whether a file that begins so is an ELF program or shared library: not an
// object file, a core or a kernel module.
bool IsProgram(std::string_view head);

// ELF (System V ABI, 32 and 64 bits, both byte orders). nullopt if it is no
// program. Errors are the file's.
absl::StatusOr<std::optional<Program>> OpenElf(File& file);

}  // namespace landwaiter::agent::extract::elf

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_
