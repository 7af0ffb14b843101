#include "core/file_list/elf.h"

#include "core/base/strings.h"

namespace landwaiter::file_list {
namespace {

constexpr uint32_t k64 = 2;
constexpr uint32_t kBig = 1;

struct Known {
  uint32_t machine;
  uint32_t variant;  // k64, kBig
  std::string_view name;
};

// Go's names of architectures, which OCI image-spec, config.md, takes.
constexpr Known kKnown[] = {
    {3, 0, "386"},
    {62, k64, "amd64"},
    {40, 0, "arm"},
    {183, k64, "arm64"},
    {21, k64, "ppc64le"},
    {21, k64 | kBig, "ppc64"},
    {22, k64 | kBig, "s390x"},
    {243, k64, "riscv64"},
    {258, k64, "loong64"},
    {8, 0, "mipsle"},
    {8, kBig, "mips"},
    {8, k64, "mips64le"},
    {8, k64 | kBig, "mips64"},
};

}  // namespace

uint32_t ReadElf(std::string_view head) {
  if (head.size() < kElfHeadBytes || !head.starts_with("\x7f"
                                                       "ELF"))
    return 0;
  const auto at = [&](size_t i) { return static_cast<uint8_t>(head[i]); };
  const uint32_t is64 = at(4) == 2 ? k64 : 0;
  const uint32_t big = at(5) == 2 ? kBig : 0;
  const uint32_t machine =
      big != 0 ? at(18) << 8 | at(19) : at(19) << 8 | at(18);
  return machine << 2 | is64 | big;
}

std::string ElfArchitecture(uint32_t elf) {
  if (elf == 0) return "";
  for (const Known& known : kKnown) {
    if (elf == (known.machine << 2 | known.variant)) {
      return std::string(known.name);
    }
  }
  return base::StrCat("elf-", elf >> 2);
}

}  // namespace landwaiter::file_list
