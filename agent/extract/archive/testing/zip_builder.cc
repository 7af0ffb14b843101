#include "agent/extract/archive/testing/zip_builder.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdlib>

namespace landwaiter::agent::extract::archive::testing {
namespace {

void Put(std::string& bytes, uint64_t number, int size) {
  for (int i = 0; i < size; ++i) {
    bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  }
}

}  // namespace

std::string Deflate(std::string_view bytes) {
  std::string output(bytes.size() + bytes.size() / 8 + 1024, '\0');
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.gzip_flag = IGZIP_DEFLATE;
  stream.end_of_stream = 1;
  stream.flush = NO_FLUSH;
  stream.next_in =
      const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes.data()));
  stream.avail_in = static_cast<uint32_t>(bytes.size());
  stream.next_out = reinterpret_cast<uint8_t*>(output.data());
  stream.avail_out = static_cast<uint32_t>(output.size());
  if (isal_deflate_stateless(&stream) != COMP_OK) std::abort();
  output.resize(output.size() - stream.avail_out);
  return output;
}

std::string Zlib(std::string_view bytes) {
  constexpr uint32_t kPrime = 65521;
  uint32_t a = 1;
  uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<uint8_t>(c)) % kPrime;
    b = (b + a) % kPrime;
  }
  std::string output = "\x78\x9c" + Deflate(bytes);
  for (const uint32_t half : {b, a}) {
    output += static_cast<char>(half >> 8);
    output += static_cast<char>(half & 0xFF);
  }
  return output;
}

ZipBuilder& ZipBuilder::Store(std::string_view name, std::string_view content) {
  return Add(name, content, 0, false);
}

ZipBuilder& ZipBuilder::Deflated(std::string_view name,
                                 std::string_view content) {
  return Add(name, content, 8, false);
}

ZipBuilder& ZipBuilder::Wide(std::string_view name, std::string_view content) {
  return Add(name, content, 8, true);
}

ZipBuilder& ZipBuilder::Again(std::string_view name) {
  AddEntry(name, false);
  return *this;
}

ZipBuilder& ZipBuilder::Add(std::string_view name, std::string_view content,
                            uint16_t method, bool wide) {
  const std::string data =
      method == 0 ? std::string(content) : Deflate(content);
  last_ = {.method = method,
           .crc = crc32_gzip_refl(
               0, reinterpret_cast<const unsigned char*>(content.data()),
               content.size()),
           .compressed_size = data.size(),
           .size = content.size(),
           .offset = members_.size()};
  members_ += "PK\3\4";
  Put(members_, 20, 2);
  Put(members_, 0, 2);
  Put(members_, method, 2);
  Put(members_, 0, 4);
  Put(members_, last_.crc, 4);
  Put(members_, data.size(), 4);
  Put(members_, content.size(), 4);
  Put(members_, name.size(), 2);
  Put(members_, 0, 2);
  members_ += name;
  members_ += data;
  AddEntry(name, wide);
  return *this;
}

void ZipBuilder::AddEntry(std::string_view name, bool wide) {
  ++entries_;
  directory_ += "PK\1\2";
  Put(directory_, 20, 2);
  Put(directory_, 20, 2);
  Put(directory_, 0, 2);
  Put(directory_, last_.method, 2);
  Put(directory_, 0, 4);
  Put(directory_, last_.crc, 4);
  Put(directory_, wide ? 0xFFFFFFFF : last_.compressed_size, 4);
  Put(directory_, wide ? 0xFFFFFFFF : last_.size, 4);
  Put(directory_, name.size(), 2);
  Put(directory_, wide ? 4 + 4 + 24 : 0, 2);
  Put(directory_, 0, 2);
  Put(directory_, 0, 8);
  Put(directory_, wide ? 0xFFFFFFFF : last_.offset, 4);
  directory_ += name;
  if (!wide) return;
  Put(directory_, 0xCAFE, 2);  // a field of Java's, without content
  Put(directory_, 0, 2);
  Put(directory_, 1, 2);
  Put(directory_, 24, 2);
  Put(directory_, last_.size, 8);
  Put(directory_, last_.compressed_size, 8);
  Put(directory_, last_.offset, 8);
}

std::string ZipBuilder::Build() const {
  std::string bytes = members_ + directory_ + "PK\5\6";
  Put(bytes, 0, 4);
  Put(bytes, entries_, 2);
  Put(bytes, entries_, 2);
  Put(bytes, directory_.size(), 4);
  Put(bytes, members_.size(), 4);
  Put(bytes, 0, 2);
  return bytes;
}

std::string ZipBuilder::BuildWide() const {
  std::string bytes = members_ + directory_ + "PK\6\6";
  Put(bytes, 44, 8);
  Put(bytes, 45, 2);
  Put(bytes, 45, 2);
  Put(bytes, 0, 8);
  Put(bytes, entries_, 8);
  Put(bytes, entries_, 8);
  Put(bytes, directory_.size(), 8);
  Put(bytes, members_.size(), 8);
  bytes += "PK\6\7";
  Put(bytes, 0, 4);
  Put(bytes, members_.size() + directory_.size(), 8);
  Put(bytes, 1, 4);
  bytes += "PK\5\6";
  Put(bytes, 0, 4);
  Put(bytes, 0xFFFF, 2);
  Put(bytes, 0xFFFF, 2);
  Put(bytes, 0xFFFFFFFF, 4);
  Put(bytes, 0xFFFFFFFF, 4);
  Put(bytes, 0, 2);
  return bytes;
}

}  // namespace landwaiter::agent::extract::archive::testing
