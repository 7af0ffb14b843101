#include "agent/source/tar_index.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

constexpr size_t kMaxEntries = 1'000'000;
constexpr size_t kBlock = 64 << 10;

// libarchive's view of a file: it seeks over contents, so only headers are
// read.
struct Cursor {
  const LocalFile& file;
  uint64_t position = 0;
  std::vector<char> block = std::vector<char>(kBlock);
};

la_ssize_t Read(archive*, void* data, const void** buffer) {
  auto& cursor = *static_cast<Cursor*>(data);
  const size_t n =
      std::min<uint64_t>(kBlock, cursor.file.size() - cursor.position);
  if (!cursor.file.ReadExactly(cursor.position, cursor.block.data(), n).ok()) {
    return ARCHIVE_FATAL;
  }
  cursor.position += n;
  *buffer = cursor.block.data();
  return static_cast<la_ssize_t>(n);
}

la_int64_t Skip(archive*, void* data, la_int64_t request) {
  auto& cursor = *static_cast<Cursor*>(data);
  const uint64_t n =
      std::min<uint64_t>(request, cursor.file.size() - cursor.position);
  cursor.position += n;
  return static_cast<la_int64_t>(n);
}

std::string Clean(const char* name) {
  std::string_view path = name == nullptr ? "" : name;
  while (path.starts_with("./") || path.starts_with("/")) {
    path.remove_prefix(path.starts_with("/") ? 1 : 2);
  }
  return std::string(path);
}

// The path that a link at `path` leads to; symbolic ones are relative to
// their folder.
std::string LinkTarget(const std::string& path, archive_entry* entry) {
  if (const char* hard = archive_entry_hardlink(entry)) return Clean(hard);
  const std::string target = Clean(archive_entry_symlink(entry));
  std::vector<std::string_view> parts = base::Split(path, '/');
  parts.pop_back();
  for (const std::string_view part : base::Split(target, '/')) {
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string resolved;
  for (const std::string_view part : parts) {
    base::StrAppend(&resolved, resolved.empty() ? "" : "/", part);
  }
  return resolved;
}

}  // namespace

absl::StatusOr<TarIndex> IndexTar(const LocalFile& file) {
  Cursor cursor{file};
  struct Free {
    void operator()(archive* a) const { archive_read_free(a); }
  };
  const std::unique_ptr<archive, Free> reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  archive_read_set_read_callback(reader.get(), Read);
  archive_read_set_skip_callback(reader.get(), Skip);
  archive_read_set_callback_data(reader.get(), &cursor);
  if (archive_read_open1(reader.get()) != ARCHIVE_OK) {
    return base::Failure(base::FailureCode::kUnsupportedMedia,
                         "the file is not a tar archive");
  }
  TarIndex index;
  std::map<std::string, std::string> links;
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(reader.get(), &entry)) ==
             ARCHIVE_OK ||
         result == ARCHIVE_WARN) {
    if (index.size() + links.size() >= kMaxEntries) {
      return base::Failure(base::FailureCode::kLimitExceeded,
                           "the archive has too many entries", "entries");
    }
    const std::string path = Clean(archive_entry_pathname(entry));
    if (archive_entry_hardlink(entry) != nullptr ||
        archive_entry_filetype(entry) == AE_IFLNK) {
      links[path] = LinkTarget(path, entry);
    } else if (archive_entry_filetype(entry) == AE_IFREG) {
      const auto size = static_cast<uint64_t>(archive_entry_size(entry));
      // The content begins behind what libarchive has consumed.
      const auto offset =
          static_cast<uint64_t>(archive_filter_bytes(reader.get(), 0));
      index[path] = {offset, size};
    }
  }
  if (result != ARCHIVE_EOF || index.empty()) {
    return base::Failure(base::FailureCode::kUnsupportedMedia,
                         "the file is not a whole tar archive");
  }
  for (const auto& [path, target] : links) {
    const auto found = index.find(target);
    if (found != index.end()) index.emplace(path, found->second);
  }
  return index;
}

}  // namespace landwaiter::agent::source
