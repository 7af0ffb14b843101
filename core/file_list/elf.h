#ifndef LANDWAITER_CORE_FILE_LIST_ELF_H_
#define LANDWAITER_CORE_FILE_LIST_ELF_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace landwaiter::file_list {

// As much of a file's beginning as ReadElf needs.
inline constexpr size_t kElfHeadBytes = 20;

// What the machine of an ELF file is, in one number that is not 0: e_machine
// times four, plus two for 64 bits, plus one for big endian (System V ABI,
// "ELF Header"). 0 if `head` is not the beginning of an ELF file.
uint32_t ReadElf(std::string_view head);

// The name that OCI images use ("amd64", "arm64", "ppc64le"); "elf-N" with
// e_machine for another one; "" for 0.
std::string ElfArchitecture(uint32_t elf);

}  // namespace landwaiter::file_list

#endif  // LANDWAITER_CORE_FILE_LIST_ELF_H_
