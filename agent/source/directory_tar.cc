#include "agent/source/directory_tar.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

constexpr size_t kBlock = 512;
constexpr size_t kBuffer = 256 << 10;
// As long as the paths that a layer's reader takes.
constexpr size_t kMaxPath = 4096;
// Each level holds a descriptor.
constexpr size_t kMaxDepth = 200;

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }

 private:
  const int value_;
};

// A number of a header: octal digits and a NUL, cut to what fits (a pax record
// then has the whole).
void PutOctal(char* field, size_t size, uint64_t value) {
  for (size_t i = size - 1; i-- > 0; value /= 8) {
    field[i] = static_cast<char>('0' + value % 8);
  }
  field[size - 1] = '\0';
}

struct Entry {
  std::string path;
  std::string link;
  struct stat info = {};
  char type = '0';
};

std::string HeaderBlock(const Entry& entry, uint64_t size) {
  std::string block(kBlock, '\0');
  char* bytes = block.data();
  entry.path.copy(bytes, 100);
  PutOctal(bytes + 100, 8, entry.info.st_mode & 07777);
  PutOctal(bytes + 108, 8, entry.info.st_uid);
  PutOctal(bytes + 116, 8, entry.info.st_gid);
  PutOctal(bytes + 124, 12, size);
  PutOctal(bytes + 136, 12, 0);
  bytes[156] = entry.type;
  entry.link.copy(bytes + 157, 100);
  std::memcpy(bytes + 257, "ustar\00000", 8);
  std::memset(bytes + 148, ' ', 8);
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  PutOctal(bytes + 148, 7, sum);
  return block;
}

// "LENGTH KEY=VALUE\n", where LENGTH counts itself.
std::string PaxRecord(std::string_view key, std::string_view value) {
  const std::string rest = base::StrCat(" ", key, "=", value, "\n");
  size_t length = rest.size() + 1;
  while (base::StrCat(length).size() + rest.size() != length) ++length;
  return base::StrCat(length, rest);
}

std::string PaxRecords(const Entry& entry, uint64_t size) {
  std::string records;
  if (entry.path.size() > 100) records += PaxRecord("path", entry.path);
  if (entry.link.size() > 100) records += PaxRecord("linkpath", entry.link);
  if (size >> 33 != 0) records += PaxRecord("size", base::StrCat(size));
  const auto id = [&](std::string_view key, uint64_t value) {
    if (value >> 21 != 0) records += PaxRecord(key, base::StrCat(value));
  };
  id("uid", entry.info.st_uid);
  id("gid", entry.info.st_gid);
  return records;
}

class TreeWriter {
 public:
  TreeWriter(dev_t device, BlobSink sink)
      : device_(device), sink_(sink), buffer_(kBuffer, '\0') {}

  // Takes `directory` over.
  absl::Status WriteTree(int directory, const std::string& path, size_t depth) {
    const Directory listing(fdopendir(directory));
    if (listing == nullptr) {
      close(directory);
      return Problem(path), absl::OkStatus();
    }
    for (const std::string& name : NamesIn(*listing, path)) {
      const std::string child =
          path.empty() ? name : base::StrCat(path, "/", name);
      LANDWAITER_RETURN_IF_ERROR(
          WriteChild(dirfd(listing.get()), name, child, depth));
    }
    return absl::OkStatus();
  }

  absl::Status Finish() { return sink_(std::string(2 * kBlock, '\0')); }

  std::vector<std::string> TakeProblems() {
    std::sort(problems_.begin(), problems_.end());
    return std::move(problems_);
  }

 private:
  std::vector<std::string> NamesIn(DIR& listing, const std::string& path) {
    std::vector<std::string> names;
    while (true) {
      errno = 0;
      const dirent* entry = readdir(&listing);
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) Problem(path);
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status WriteChild(int parent, const std::string& name,
                          const std::string& path, size_t depth) {
    Entry entry{.path = path};
    if (path.size() > kMaxPath || depth >= kMaxDepth) {
      errno = ENAMETOOLONG;
      return Problem(path), absl::OkStatus();
    }
    if (fstatat(parent, name.c_str(), &entry.info, AT_SYMLINK_NOFOLLOW) != 0) {
      return Problem(path), absl::OkStatus();
    }
    if (entry.info.st_dev != device_) return absl::OkStatus();
    switch (entry.info.st_mode & S_IFMT) {
      case S_IFREG:
        return WriteFile(parent, name, entry);
      case S_IFDIR:
        return WriteDirectory(parent, name, entry, depth);
      case S_IFLNK:
        return WriteLink(parent, name, entry);
      default:
        return absl::OkStatus();  // sockets and devices hold nothing
    }
  }

  absl::Status WriteDirectory(int parent, const std::string& name, Entry& entry,
                              size_t depth) {
    entry.type = '5';
    LANDWAITER_RETURN_IF_ERROR(WriteHeader(entry, 0));
    const int directory = openat(
        parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) return Problem(entry.path), absl::OkStatus();
    return WriteTree(directory, entry.path, depth + 1);
  }

  absl::Status WriteLink(int parent, const std::string& name, Entry& entry) {
    entry.type = '2';
    entry.link.resize(kMaxPath);
    const ssize_t size =
        readlinkat(parent, name.c_str(), entry.link.data(), entry.link.size());
    if (size < 0) return Problem(entry.path), absl::OkStatus();
    entry.link.resize(static_cast<size_t>(size));
    return WriteHeader(entry, 0);
  }

  absl::Status WriteFile(int parent, const std::string& name, Entry& entry) {
    // It may have become a pipe since: that must not block.
    const Descriptor file(openat(
        parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.get() < 0 || fstat(file.get(), &entry.info) != 0) {
      return Problem(entry.path), absl::OkStatus();
    }
    if (!S_ISREG(entry.info.st_mode)) return absl::OkStatus();
    const auto size = static_cast<uint64_t>(entry.info.st_size);
    LANDWAITER_RETURN_IF_ERROR(WriteHeader(entry, size));
    LANDWAITER_RETURN_IF_ERROR(WriteContent(file.get(), size, entry.path));
    return Pad(size);
  }

  // Exactly `size` bytes, whatever has become of the file.
  absl::Status WriteContent(int file, uint64_t size, const std::string& path) {
    for (uint64_t left = size; left > 0;) {
      const size_t want = std::min<uint64_t>(left, buffer_.size());
      ssize_t got = read(file, buffer_.data(), want);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        if (got == 0) errno = ESTALE;
        Problem(path);
        return WriteZeros(left);
      }
      LANDWAITER_RETURN_IF_ERROR(
          sink_(std::string_view(buffer_.data(), static_cast<size_t>(got))));
      left -= static_cast<uint64_t>(got);
    }
    return absl::OkStatus();
  }

  absl::Status WriteZeros(uint64_t count) {
    std::fill(buffer_.begin(), buffer_.end(), '\0');
    while (count > 0) {
      const size_t piece = std::min<uint64_t>(count, buffer_.size());
      LANDWAITER_RETURN_IF_ERROR(
          sink_(std::string_view(buffer_.data(), piece)));
      count -= piece;
    }
    return absl::OkStatus();
  }

  absl::Status WriteHeader(const Entry& entry, uint64_t size) {
    if (const std::string records = PaxRecords(entry, size); !records.empty()) {
      const Entry extended{.path = "pax", .type = 'x'};
      LANDWAITER_RETURN_IF_ERROR(sink_(HeaderBlock(extended, records.size())));
      LANDWAITER_RETURN_IF_ERROR(sink_(records));
      LANDWAITER_RETURN_IF_ERROR(Pad(records.size()));
    }
    return sink_(HeaderBlock(entry, size));
  }

  // Fills up the last block of `size` bytes.
  absl::Status Pad(uint64_t size) {
    const size_t rest = size % kBlock;
    if (rest == 0) return absl::OkStatus();
    return sink_(std::string(kBlock - rest, '\0'));
  }

  // What errno says of `path`.
  void Problem(const std::string& path) {
    if (problems_.size() >= kMaxDirectoryProblems) return;
    problems_.push_back(base::StrCat(path.empty() ? "/" : path, ": ",
                                     std::string_view(std::strerror(errno))));
  }

  const dev_t device_;
  BlobSink sink_;
  std::string buffer_;
  std::vector<std::string> problems_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> StreamDirectory(
    const std::string& path, BlobSink sink) {
  const int root = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat info = {};
  if (root < 0 || fstat(root, &info) != 0) {
    const std::string why = std::strerror(errno);
    if (root >= 0) close(root);
    return absl::InvalidArgumentError(
        base::StrCat("the directory \"", path, "\" cannot be opened: ", why));
  }
  TreeWriter writer(info.st_dev, sink);
  LANDWAITER_RETURN_IF_ERROR(writer.WriteTree(root, "", 0));
  LANDWAITER_RETURN_IF_ERROR(writer.Finish());
  return writer.TakeProblems();
}

}  // namespace landwaiter::agent::source
