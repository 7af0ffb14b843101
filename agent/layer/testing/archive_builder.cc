#include "agent/layer/testing/archive_builder.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "agent/layer/tar_header.h"

namespace landwaiter::agent::layer::testing {

void FixChecksum(std::string& block) {
  block.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<uint8_t>(c);
  char text[8];
  std::snprintf(text, sizeof(text), "%06o", sum & 0777777u);
  block.replace(148, 7, text, 7);
}

std::string TarHeaderBlock(char type, std::string_view path, uint64_t size,
                           std::string_view link, std::string_view magic) {
  std::string block(kTarBlock, '\0');
  block.replace(0, path.size(), path);
  block.replace(100, 7, "0000644");
  block.replace(157, link.size(), link);
  block[156] = type;
  block.replace(257, magic.size(), magic);
  if (size < uint64_t{1} << 33) {
    char text[13];
    std::snprintf(text, sizeof(text), "%011llo",
                  static_cast<unsigned long long>(size));
    block.replace(124, 11, text, 11);
  } else {
    block[124] = '\x80';
    for (int i = 0; i < 8; ++i) {
      block[135 - i] = static_cast<char>(size >> (8 * i));
    }
  }
  FixChecksum(block);
  return block;
}

ArchiveBuilder& ArchiveBuilder::File(std::string_view path,
                                     std::string_view content) {
  return Header('0', path, content.size()).Bytes(content).Pad();
}
ArchiveBuilder& ArchiveBuilder::Directory(std::string_view path) {
  return Header('5', path, 0);
}
ArchiveBuilder& ArchiveBuilder::Symlink(std::string_view path,
                                        std::string_view target) {
  return Header('2', path, 0, target);
}
ArchiveBuilder& ArchiveBuilder::HardLink(std::string_view path,
                                         std::string_view target) {
  return Header('1', path, 0, target);
}
ArchiveBuilder& ArchiveBuilder::LongName(std::string_view name) {
  return Header('L', "././@LongLink", name.size() + 1)
      .Bytes(name)
      .Bytes({"\0", 1})
      .Pad();
}
ArchiveBuilder& ArchiveBuilder::LongLink(std::string_view link) {
  return Header('K', "././@LongLink", link.size() + 1)
      .Bytes(link)
      .Bytes({"\0", 1})
      .Pad();
}

ArchiveBuilder& ArchiveBuilder::Pax(
    const std::vector<std::pair<std::string, std::string>>& records,
    char type) {
  std::string text;
  for (const auto& [key, value] : records) {
    const size_t rest = key.size() + value.size() + 3;
    size_t length = rest + 1;
    while (rest + std::to_string(length).size() != length) ++length;
    text += std::to_string(length) + " " + key + "=" + value + "\n";
  }
  return Header(type, "PaxHeaders.0/x", text.size()).Bytes(text).Pad();
}

ArchiveBuilder& ArchiveBuilder::Header(char type, std::string_view path,
                                       uint64_t size, std::string_view link) {
  return Bytes(TarHeaderBlock(type, path, size, link));
}
ArchiveBuilder& ArchiveBuilder::Bytes(std::string_view bytes) {
  bytes_.append(bytes);
  return *this;
}
ArchiveBuilder& ArchiveBuilder::Pad() {
  bytes_.append(-bytes_.size() % kTarBlock, '\0');
  return *this;
}
std::string ArchiveBuilder::Finish() const {
  return bytes_ + std::string(2 * kTarBlock, '\0');
}

std::string Gzip(std::string_view bytes) {
  const auto stream = std::make_unique<isal_zstream>();
  isal_deflate_init(stream.get());
  std::string result(bytes.size() + bytes.size() / 8 + 1024, '\0');
  std::string level(ISAL_DEF_LVL1_DEFAULT, '\0');
  stream->level = 1;
  stream->level_buf = reinterpret_cast<uint8_t*>(level.data());
  stream->level_buf_size = static_cast<uint32_t>(level.size());
  stream->gzip_flag = IGZIP_GZIP;
  stream->end_of_stream = 1;
  stream->next_in =
      const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes.data()));
  stream->avail_in = static_cast<uint32_t>(bytes.size());
  stream->next_out = reinterpret_cast<uint8_t*>(result.data());
  stream->avail_out = static_cast<uint32_t>(result.size());
  if (isal_deflate(stream.get()) != COMP_OK || stream->avail_in != 0) {
    std::abort();
  }
  result.resize(result.size() - stream->avail_out);
  return result;
}

std::string Zstd(std::string_view bytes, int window_log) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  // Without the size in the header, as a stream has it.
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  std::string result(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compress2(context, result.data(), result.size(),
                                     bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size)) std::abort();
  result.resize(size);
  return result;
}

}  // namespace landwaiter::agent::layer::testing
