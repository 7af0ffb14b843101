#include "agent/extract/elf/testing/elf_builder.h"

namespace landwaiter::agent::extract::elf::testing {
namespace {

class Writer {
 public:
  explicit Writer(const Form& form) : form_(form) {}

  Writer& Half(uint64_t n) { return Put(n, 2); }
  Writer& Word(uint64_t n) { return Put(n, 4); }
  // As large as an address.
  Writer& Wide(uint64_t n) { return Put(n, form_.wide ? 8 : 4); }
  Writer& Bytes(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  Writer& Put(uint64_t n, int size) {
    bytes_ += Number(n, size, form_.order);
    return *this;
  }

  const Form form_;
  std::string bytes_;
};

}  // namespace

std::string Number(uint64_t number, int size, std::endian order) {
  std::string bytes;
  for (int i = 0; i < size; ++i) {
    const int place = order == std::endian::little ? i : size - 1 - i;
    bytes += static_cast<char>(number >> (8 * place) & 0xFF);
  }
  return bytes;
}

std::string MakeElf(const std::vector<Part>& parts, const Form& form) {
  const size_t header = form.wide ? 64 : 52;
  const size_t segment = form.wide ? 56 : 32;
  const size_t section = form.wide ? 64 : 40;
  Writer segments(form);
  Writer sections(form);
  std::string names("\0", 1);
  std::string contents;
  size_t offset = header + segment * parts.size();
  const auto add_section = [&](std::string_view name, size_t size,
                               uint64_t address) {
    sections.Word(names.size()).Word(1).Wide(0).Wide(address).Wide(offset);
    sections.Wide(size).Word(0).Word(0).Wide(0).Wide(0);
    names += name;
    names += '\0';
  };
  for (const Part& part : parts) {
    segments.Word(1);
    if (form.wide) segments.Word(6);
    segments.Wide(offset).Wide(part.address).Wide(part.address);
    segments.Wide(part.content.size()).Wide(part.content.size());
    if (!form.wide) segments.Word(6);
    segments.Wide(0);
    add_section(part.name, part.content.size(), part.address);
    contents += part.content;
    offset += part.content.size();
  }
  const size_t names_size = names.size() + sizeof(".shstrtab");
  add_section(".shstrtab", names_size, 0);
  offset += names_size;
  const size_t count = form.with_sections ? parts.size() + 1 : 0;
  Writer file(form);
  file.Bytes(
      "\x7f"
      "ELF");
  file.Bytes(form.wide ? "\2" : "\1");
  file.Bytes(form.order == std::endian::little ? "\1" : "\2");
  file.Bytes(std::string(10, '\0'));
  file.Half(form.type).Half(62).Word(1).Wide(0).Wide(header);
  file.Wide(count == 0 ? 0 : offset).Word(0).Half(header).Half(segment);
  file.Half(parts.size()).Half(section).Half(count).Half(parts.size());
  file.Bytes(segments.bytes()).Bytes(contents).Bytes(names);
  if (count > 0) file.Bytes(sections.bytes());
  return file.bytes();
}

}  // namespace landwaiter::agent::extract::elf::testing
