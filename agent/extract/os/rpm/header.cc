#include "agent/extract/os/rpm/header.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/extract/byte_view.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr uint64_t kIntro = 8, kEntrySize = 16;

// rpm/rpmtag.h
enum Tag : uint32_t {
  kName = 1000,
  kVersion = 1001,
  kRelease = 1002,
  kEpoch = 1003,
  kVendor = 1011,
  kLicense = 1014,
  kArch = 1022,
  kOldFileNames = 1027,
  kSourceRpm = 1044,
  kDirIndexes = 1116,
  kBaseNames = 1117,
  kDirNames = 1118,
  kModularityLabel = 5096,
};
enum Type : uint32_t {
  kInt32 = 4,
  kString = 6,
  kStringArray = 8,
  kI18nString = 9,
};

class Header {
 public:
  explicit Header(std::string_view blob)
      : view_(blob, std::endian::big),
        entries_(view_.U32(0)),
        data_size_(view_.U32(4)) {}

  // Whether index and data are wholly there, and there is an index.
  bool Sound() const {
    return entries_ > 0 && view_.size() >= DataAt() + data_size_;
  }

  // The tag's text up to its NUL, of several the first; "" without the tag or
  // if the text is not in the data.
  std::string_view Text(Tag tag) const {
    const uint64_t entry = Find(tag);
    const uint32_t type = view_.U32(entry + 4);
    const uint64_t offset = view_.U32(entry + 8);
    if (entry == 0 || (type != kString && type != kI18nString) ||
        offset >= data_size_) {
      return {};
    }
    const std::string_view data =
        view_.Piece(DataAt() + offset, data_size_ - offset);
    const size_t end = data.find('\0');
    return end == data.npos ? std::string_view() : data.substr(0, end);
  }

  // The texts of an array, as far as they are in the data.
  std::vector<std::string_view> Texts(Tag tag) const {
    std::vector<std::string_view> texts;
    const uint64_t entry = Find(tag);
    const uint64_t offset = view_.U32(entry + 8);
    if (entry == 0 || view_.U32(entry + 4) != kStringArray ||
        offset >= data_size_) {
      return texts;
    }
    std::string_view data = view_.Piece(DataAt() + offset, data_size_ - offset);
    for (uint32_t left = view_.U32(entry + 12); left > 0; --left) {
      const size_t end = data.find('\0');
      if (end == data.npos) break;
      texts.push_back(data.substr(0, end));
      data.remove_prefix(end + 1);
    }
    return texts;
  }

  // The numbers of an array, as far as they are in the data.
  std::vector<uint32_t> Numbers(Tag tag) const {
    std::vector<uint32_t> numbers;
    const uint64_t entry = Find(tag);
    if (entry == 0 || view_.U32(entry + 4) != kInt32) return numbers;
    const uint64_t offset = view_.U32(entry + 8);
    const uint64_t count = view_.U32(entry + 12);
    if (offset > data_size_ || count * 4 > data_size_ - offset) return numbers;
    numbers.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      numbers.push_back(view_.U32(DataAt() + offset + i * 4));
    }
    return numbers;
  }

  // The tag's number; 0 without it.
  uint32_t Number(Tag tag) const {
    const uint64_t entry = Find(tag);
    if (entry == 0 || view_.U32(entry + 4) != kInt32) return 0;
    return view_.U32(DataAt() + view_.U32(entry + 8));
  }

 private:
  uint64_t DataAt() const { return kIntro + entries_ * kEntrySize; }

  // Where the tag's first entry is; 0 without one.
  uint64_t Find(Tag tag) const {
    for (uint64_t at = kIntro; at < DataAt(); at += kEntrySize) {
      if (view_.U32(at) == tag) return at;
    }
    return 0;
  }

  const ByteView view_;
  const uint64_t entries_;
  const uint64_t data_size_;
};

// "[epoch:]version-release"; "" without a version.
std::string Version(const Header& header) {
  const std::string_view version = header.Text(kVersion);
  const std::string_view release = header.Text(kRelease);
  if (version.empty()) return {};
  const uint32_t epoch = header.Number(kEpoch);
  return base::StrCat(epoch == 0 ? "" : base::StrCat(epoch, ":"), version,
                      release.empty() ? "" : "-", release);
}

}  // namespace

std::optional<model::Package> ParseRpmHeader(std::string_view blob) {
  const Header header(blob);
  if (!header.Sound()) return std::nullopt;
  model::Package package;
  package.type = "rpm";
  package.name = header.Text(kName);
  package.version = Version(header);
  package.architecture = header.Text(kArch);
  package.vendor = header.Text(kVendor);
  package.module = header.Text(kModularityLabel);
  const std::string_view license = header.Text(kLicense);
  if (!license.empty()) package.licenses.emplace_back(license);
  SetSourceRpm(header.Text(kSourceRpm), package);
  return package;
}

void ForEachRpmFile(std::string_view blob,
                    absl::FunctionRef<void(std::string_view)> take) {
  const Header header(blob);
  if (!header.Sound()) return;
  for (std::string_view path : header.Texts(kOldFileNames)) take(path);
  const std::vector<std::string_view> names = header.Texts(kBaseNames);
  const std::vector<std::string_view> folders = header.Texts(kDirNames);
  const std::vector<uint32_t> folder_of = header.Numbers(kDirIndexes);
  if (folder_of.size() != names.size()) return;
  std::string path;
  for (size_t i = 0; i < names.size(); ++i) {
    if (folder_of[i] >= folders.size()) continue;
    path.assign(folders[folder_of[i]]).append(names[i]);  // with its slash
    take(path);
  }
}

void SetSourceRpm(std::string_view file, model::Package& package) {
  for (std::string_view ending : {".src.rpm", ".nosrc.rpm"}) {
    if (!file.ends_with(ending)) continue;
    file.remove_suffix(ending.size());
    break;
  }
  const size_t release = file.rfind('-');
  if (release == file.npos || release == 0) return;
  const size_t version = file.rfind('-', release - 1);
  if (version == file.npos) return;
  package.source_name = file.substr(0, version);
  package.source_version = file.substr(version + 1);
}

}  // namespace landwaiter::agent::extract::os
