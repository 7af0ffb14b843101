#include "analyzer/advisory/codec.h"

#include <algorithm>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

class Writer {
 public:
  void Number(uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
      bytes_.push_back(static_cast<char>(number | 0x80));
    }
    bytes_.push_back(static_cast<char>(number));
  }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_.append(text);
  }
  void Texts(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) Text(text);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After something that is not there, everything is empty and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return number;
    }
    return Fail(), 0;
  }
  // Each item has at least a byte, so a length is never more than the rest.
  size_t Length() {
    const uint64_t length = Number();
    if (length > rest_.size()) return Fail(), 0;
    return length;
  }
  std::string_view Text() {
    const size_t length = Length();
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }
  template <typename T>
  std::vector<T> Texts() {
    std::vector<T> texts(Length());
    for (T& text : texts) text = Text();
    return texts;
  }
  model::Severity Severity() {
    const uint64_t number = Number();
    if (number > static_cast<uint64_t>(model::Severity::kCritical)) Fail();
    return ok_ ? static_cast<model::Severity>(number)
               : model::Severity::kUnknown;
  }
  Event ReadEvent() {
    const uint64_t kind = Number();
    if (kind > static_cast<uint64_t>(EventKind::kLastAffected)) Fail();
    const std::string_view version = Text();
    return {ok_ ? static_cast<EventKind>(kind) : EventKind::kIntroduced,
            version};
  }
  // Whether everything was there, and nothing else.
  bool Done() const { return ok_ && rest_.empty(); }

 private:
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string EncodeAffected(uint32_t advisory, const Affected& affected) {
  Writer writer;
  writer.Number(advisory);
  writer.Number(static_cast<uint64_t>(affected.severity));
  writer.Texts(affected.modules);
  writer.Number(affected.ranges.size());
  for (const auto& range : affected.ranges) {
    writer.Number(range.size());
    for (const auto& event : range) {
      writer.Number(static_cast<uint64_t>(event.kind));
      writer.Text(event.version);
    }
  }
  writer.Texts(affected.versions);
  return writer.Take();
}

std::optional<AffectedView> DecodeAffected(std::string_view bytes) {
  Reader reader(bytes);
  AffectedView view;
  view.advisory = static_cast<uint32_t>(reader.Number());
  view.severity = reader.Severity();
  view.modules = reader.Texts<std::string_view>();
  view.ranges.resize(reader.Length());
  for (auto& range : view.ranges) {
    range.resize(reader.Length());
    for (Event& event : range) event = reader.ReadEvent();
  }
  view.versions = reader.Texts<std::string_view>();
  if (!reader.Done()) return std::nullopt;
  return view;
}

std::string EncodeDetails(const Details& details) {
  Writer writer;
  writer.Text(details.id);
  writer.Number(static_cast<uint64_t>(details.severity));
  writer.Text(details.summary);
  writer.Texts(details.aliases);
  return writer.Take();
}

std::optional<Details> DecodeDetails(std::string_view bytes) {
  Reader reader(bytes);
  Details details;
  details.id = reader.Text();
  details.severity = reader.Severity();
  details.summary = reader.Text();
  details.aliases = reader.Texts<std::string>();
  if (!reader.Done()) return std::nullopt;
  return details;
}

std::string KeyPrefix(std::string_view ecosystem, std::string_view package) {
  std::string key;
  key.reserve(ecosystem.size() + package.size() + 2 + sizeof(uint32_t));
  key.append(ecosystem).push_back('\0');
  key.append(package).push_back('\0');
  return key;
}

std::string BigEndian(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
          static_cast<char>(number >> 8), static_cast<char>(number)};
}

}  // namespace landwaiter::analyzer::advisory
