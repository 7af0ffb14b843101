#ifndef LANDWAITER_AGENT_EXTRACT_ELF_TESTING_ELF_BUILDER_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_TESTING_ELF_BUILDER_H_

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// ELF files made in a test.
namespace landwaiter::agent::extract::elf::testing {

// A number as a file of that byte order has it.
std::string Number(uint64_t number, int size, std::endian order);

// A section, and a writable segment that loads it.
struct Part {
  std::string_view name;
  std::string content;
  uint64_t address = 0;
};

struct Form {
  bool wide = true;
  std::endian order = std::endian::little;
  uint16_t type = 2;
  bool with_sections = true;
};

std::string MakeElf(const std::vector<Part>& parts, const Form& form = {});

}  // namespace landwaiter::agent::extract::elf::testing

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_TESTING_ELF_BUILDER_H_
