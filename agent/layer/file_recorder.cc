#include "agent/layer/file_recorder.h"

#include "agent/layer/table_of_contents.h"
#include "core/base/failure.h"
#include "core/file_list/elf.h"

namespace landwaiter::agent::layer {
namespace {

using file_list::Kind;

Kind KindOf(TarEntry::Type type) {
  switch (type) {
    case TarEntry::Type::kFile:
      return Kind::kFile;
    case TarEntry::Type::kHardLink:
      return Kind::kHardLink;
    case TarEntry::Type::kSymlink:
      return Kind::kSymlink;
    case TarEntry::Type::kDirectory:
      return Kind::kDirectory;
    case TarEntry::Type::kCharDevice:
      return Kind::kCharDevice;
    case TarEntry::Type::kBlockDevice:
      return Kind::kBlockDevice;
    case TarEntry::Type::kFifo:
      return Kind::kFifo;
    case TarEntry::Type::kOther:
      break;
  }
  return Kind::kOther;
}

file_list::Entry Describe(const TarEntry& entry, std::string_view path) {
  file_list::Entry result;
  result.kind = KindOf(entry.type);
  result.path = path;
  result.mode = entry.mode;
  result.uid = entry.uid;
  result.gid = entry.gid;
  result.major = entry.major;
  result.minor = entry.minor;
  return result;
}

}  // namespace

absl::Status FileRecorder::Add(const TarEntry& entry, std::string_view path) {
  file_list::Entry added = Describe(entry, path);
  added.target = entry.link;
  sum_.Add(added);
  return writer_.Add(added);
}

void FileRecorder::AddHidden(const TarEntry& entry, std::string_view path) {
  file_list::Entry hidden = Describe(entry, path);
  hidden.target = entry.link;
  sum_.Add(hidden);
}

void FileRecorder::Start(const TarEntry& entry, std::string_view path) {
  if (writer_.cut()) return;
  path_ = path;
  // A longer one is none that the kernel would take.
  capability_ = entry.capability.size() <= file_list::kMaxCapabilityBytes
                    ? entry.capability
                    : std::string_view();
  head_.clear();
  hash_.Reset();
  file_ = Describe(entry, path_);
  file_.size = entry.size;
  file_.capability = capability_;
}

void FileRecorder::Append(std::string_view bytes) {
  if (writer_.cut()) return;
  if (head_.size() < file_list::kElfHeadBytes) {
    head_.append(bytes.substr(0, file_list::kElfHeadBytes - head_.size()));
  }
  hash_.Update(bytes);
}

absl::Status FileRecorder::End() {
  if (writer_.cut()) return absl::OkStatus();
  const std::string digest = hash_.FinishRaw();
  file_.sha256 = digest;
  file_.elf = file_list::ReadElf(head_);
  if (path_ != kStargzTable) sum_.Add(file_);
  return writer_.Add(file_);
}

absl::StatusOr<model::LayerReport::Files> FileRecorder::Finish() {
  LANDWAITER_RETURN_IF_ERROR(writer_.Finish());
  return model::LayerReport::Files{
      {}, writer_.sha256(), writer_.size(), writer_.count(), writer_.cut()};
}

}  // namespace landwaiter::agent::layer
