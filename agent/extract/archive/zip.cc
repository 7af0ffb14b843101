#include "agent/extract/archive/zip.h"

#include <isa-l/crc.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "agent/extract/archive/zip_directory.h"
#include "agent/extract/byte_view.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::archive {
namespace {

constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint16_t kEncrypted = 1;

constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint64_t kLocalSize = 30;

uint32_t Checksum(std::string_view bytes) {
  return crc32_gzip_refl(
      0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace

absl::StatusOr<std::optional<Zip>> Zip::Open(File& file, Problems& problems) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<ZipDirectory> directory,
                              FindZipDirectory(file, problems));
  if (!directory.has_value()) return std::nullopt;
  return Zip(file, problems, *directory);
}

absl::Status Zip::ForEach(absl::FunctionRef<absl::Status(ZipEntry)> visit) {
  return ReadZipDirectory(*file_, directory_, *problems_, visit);
}

absl::StatusOr<std::unique_ptr<Member>> Zip::OpenMember(const ZipEntry& entry,
                                                        Budget& budget) {
  if ((entry.flags & kEncrypted) != 0) {
    AddProblem(entry, "it is encrypted");
    return nullptr;
  }
  if (entry.method != kStored && entry.method != kDeflated) {
    AddProblem(entry, base::StrCat("method ", entry.method, " of compression"));
    return nullptr;
  }
  opened_ += entry.compressed_size;
  if (opened_ > file_->size()) {
    AddProblem(entry, "the archive's members overlap");
    return nullptr;
  }
  std::string header;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there, ReadExactly(*file_, entry.header,
                                    kLocalSize + entry.name.size(), &header));
  const ByteView local(header, std::endian::little);
  if (!there || local.U32(0) != kLocalSignature ||
      local.U16(26) != entry.name.size() ||
      local.Piece(kLocalSize, entry.name.size()) != entry.name) {
    AddProblem(entry, "its header is not where the directory says");
    return nullptr;
  }
  const uint64_t begin =
      entry.header + kLocalSize + entry.name.size() + local.U16(28);
  if (begin > file_->size() || entry.compressed_size > file_->size() - begin) {
    AddProblem(entry, "it ends behind the archive");
    return nullptr;
  }
  if (entry.method == kDeflated) {
    return NewDeflatedMember(*file_, begin, entry.compressed_size, entry.size,
                             budget);
  }
  if (entry.size != entry.compressed_size) {
    AddProblem(entry, "it is stored, and has two sizes");
    return nullptr;
  }
  return NewStoredMember(*file_, begin, entry.size);
}

absl::StatusOr<std::optional<std::string>> Zip::ReadMember(
    const ZipEntry& entry, uint64_t limit, Budget& budget) {
  if (entry.size > limit) {
    AddProblem(entry, base::StrCat("it has ", entry.size,
                                   " bytes, the limit is ", limit));
    return std::nullopt;
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::unique_ptr<Member> member,
                              OpenMember(entry, budget));
  if (member == nullptr) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(std::string content, member->ReadAll(limit));
  if (!member->damage().empty()) {
    AddProblem(entry, member->damage());
    return std::nullopt;
  }
  if (content.size() != entry.size || Checksum(content) != entry.crc) {
    AddProblem(entry, "its checksum does not match");
    return std::nullopt;
  }
  return content;
}

void Zip::AddProblem(const ZipEntry& entry, std::string_view what) {
  problems_->Add(base::StrCat(base::Printable(entry.name), ": ", what));
}

}  // namespace landwaiter::agent::extract::archive
