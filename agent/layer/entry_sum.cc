#include "agent/layer/entry_sum.h"

#include <sys/random.h>

#include <cstring>

#include "agent/layer/path.h"

namespace landwaiter::agent::layer {
namespace {

constexpr size_t kKey = 16;

void AppendNumber(uint64_t number, std::string& record) {
  record.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

void AppendText(std::string_view text, std::string& record) {
  AppendNumber(text.size(), record);
  record.append(text);
}

}  // namespace

EntrySum::EntrySum() : key_(kKey, '\0') {
  // Of so few bytes it fails only without any source of randomness; the sum
  // then is as good as one whose key is known.
  if (getrandom(key_.data(), key_.size(), 0) < 0) key_.clear();
}

EntrySum EntrySum::Empty() const {
  EntrySum result;
  result.key_ = key_;
  return result;
}

void EntrySum::Add(const file_list::Entry& entry) {
  using file_list::Kind;
  record_ = key_;
  record_ += static_cast<char>(entry.kind);
  AppendText(entry.path, record_);
  AppendNumber(entry.mode, record_);
  AppendNumber(entry.uid, record_);
  AppendNumber(entry.gid, record_);
  if (entry.kind == Kind::kFile) {
    AppendNumber(entry.size, record_);
    AppendText(entry.sha256, record_);
  } else if (entry.kind == Kind::kHardLink) {
    AppendText(CleanPath(entry.target, cleaned_).value_or(entry.target),
               record_);
  } else if (entry.kind == Kind::kSymlink) {
    AppendText(entry.target, record_);
  }
  AppendNumber(entry.major, record_);
  AppendNumber(entry.minor, record_);
  hash_.Reset();
  hash_.Update(record_);
  const std::string digest = hash_.FinishRaw();
  for (size_t i = 0; i < sum_.size(); ++i) {
    uint64_t part = 0;
    std::memcpy(&part, digest.data() + i * sizeof(part), sizeof(part));
    sum_[i] += part;
  }
  ++count_;
}

}  // namespace landwaiter::agent::layer
