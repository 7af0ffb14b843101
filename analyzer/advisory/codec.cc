#include "analyzer/advisory/codec.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

class Writer {
 public:
  void Number(uint64_t number) { AppendNumber(number, bytes_); }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_.append(text);
  }
  void Texts(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) Text(text);
  }
  void Vectors(const std::vector<CvssVector>& vectors) {
    Number(vectors.size());
    for (const CvssVector& vector : vectors) {
      Text(vector.source);
      Text(vector.vector);
    }
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
  bool Flag() { return Number() != 0; }
  // One of an enumeration that begins with 0 and ends with `last`.
  template <typename Enum>
  Enum OneOf(Enum last) {
    const uint64_t number = Number();
    if (number > static_cast<uint64_t>(last)) Fail();
    return ok_ ? static_cast<Enum>(number) : Enum{};
  }
  model::Severity Severity() { return OneOf(model::Severity::kCritical); }
  Event ReadEvent() {
    const EventKind kind = OneOf(EventKind::kLastAffected);
    return {kind, Text()};
  }
  std::vector<CvssVector> Vectors() {
    std::vector<CvssVector> vectors(Length());
    for (CvssVector& vector : vectors) {
      vector.source = Text();
      vector.vector = Text();
    }
    return vectors;
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

void CopyView(const AffectedView& view, Affected& affected) {
  affected.standing = view.standing;
  affected.names = view.names;
  affected.statement = view.statement;
  affected.severity = view.severity;
  affected.modules.assign(view.modules.begin(), view.modules.end());
  affected.versions.assign(view.versions.begin(), view.versions.end());
  for (const auto& range : view.ranges) {
    auto& copy = affected.ranges.emplace_back();
    for (const Event& event : range) {
      copy.push_back({event.kind, std::string(event.version)});
    }
  }
}

}  // namespace

std::string EncodeAffected(uint32_t advisory, const Affected& affected) {
  Writer writer;
  writer.Number(advisory);
  writer.Number(static_cast<uint64_t>(affected.standing));
  writer.Number(static_cast<uint64_t>(affected.names));
  writer.Text(affected.statement);
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

void AppendNumber(uint64_t number, std::string& bytes) {
  for (; number >= 0x80; number >>= 7) {
    bytes.push_back(static_cast<char>(number | 0x80));
  }
  bytes.push_back(static_cast<char>(number));
}

std::string_view WithoutNumber(std::string_view affected) {
  size_t length = 0;
  while (length < affected.size() &&
         static_cast<unsigned char>(affected[length]) >= 0x80) {
    ++length;
  }
  return affected.substr(std::min(length + 1, affected.size()));
}

std::optional<AffectedView> DecodeAffected(std::string_view bytes) {
  Reader reader(bytes);
  AffectedView view;
  view.advisory = static_cast<uint32_t>(reader.Number());
  view.standing = reader.OneOf(Standing::kEndOfLife);
  view.names = reader.OneOf(NameKind::kSource);
  view.statement = reader.Text();
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
  writer.Text(details.summary);
  writer.Number(static_cast<uint64_t>(details.severity));
  writer.Text(details.feed);
  writer.Vectors(details.cvss);
  writer.Texts(details.cwes);
  writer.Texts(details.references);
  writer.Text(details.published);
  writer.Text(details.modified);
  writer.Number(details.malicious ? 1 : 0);
  writer.Texts(details.aliases);
  return writer.Take();
}

std::optional<Details> DecodeDetails(std::string_view bytes) {
  Reader reader(bytes);
  Details details;
  details.id = reader.Text();
  details.summary = reader.Text();
  details.severity = reader.Severity();
  details.feed = reader.Text();
  details.cvss = reader.Vectors();
  details.cwes = reader.Texts<std::string>();
  details.references = reader.Texts<std::string>();
  details.published = reader.Text();
  details.modified = reader.Text();
  details.malicious = reader.Flag();
  details.aliases = reader.Texts<std::string>();
  if (!reader.Done()) return std::nullopt;
  return details;
}

std::string JoinAdvisory(std::string_view details,
                         absl::Span<const EncodedEntry> entries) {
  Writer writer;
  writer.Text(details);
  writer.Number(entries.size());
  for (const EncodedEntry& entry : entries) {
    writer.Text(entry.ecosystem);
    writer.Text(entry.package);
    writer.Text(entry.affected);
  }
  return writer.Take();
}

std::string EncodeAdvisory(const Advisory& advisory) {
  std::vector<std::string> encoded;
  encoded.reserve(advisory.affected.size());
  std::vector<EncodedEntry> entries;
  for (const Affected& affected : advisory.affected) {
    encoded.push_back(EncodeAffected(0, affected));
    entries.push_back(
        {affected.ecosystem, affected.package, WithoutNumber(encoded.back())});
  }
  return JoinAdvisory(EncodeDetails(advisory.details), entries);
}

std::optional<Advisory> DecodeAdvisory(std::string_view bytes) {
  Reader reader(bytes);
  std::optional<Details> details = DecodeDetails(reader.Text());
  if (!details) return std::nullopt;
  Advisory advisory{.details = *std::move(details), .affected = {}};
  for (size_t left = reader.Length(); left > 0; --left) {
    Affected affected;
    affected.ecosystem = reader.Text();
    affected.package = reader.Text();
    const std::string numbered =
        base::StrCat(std::string_view("\0", 1), reader.Text());
    const std::optional<AffectedView> view = DecodeAffected(numbered);
    if (!view) return std::nullopt;
    CopyView(*view, affected);
    advisory.affected.push_back(std::move(affected));
  }
  if (!reader.Done()) return std::nullopt;
  return advisory;
}

std::string EncodeEnrichment(const Enrichment& enrichment) {
  Writer writer;
  writer.Text(enrichment.summary);
  writer.Vectors(enrichment.cvss);
  writer.Texts(enrichment.cwes);
  writer.Texts(enrichment.references);
  writer.Text(enrichment.published);
  writer.Number(enrichment.exploited ? 1 : 0);
  if (enrichment.exploited) {
    writer.Text(enrichment.exploited->added);
    writer.Text(enrichment.exploited->due);
    writer.Number(enrichment.exploited->ransomware ? 1 : 0);
  }
  writer.Number(enrichment.epss ? 1 : 0);
  if (enrichment.epss) {
    writer.Number(enrichment.epss->score);
    writer.Number(enrichment.epss->percentile);
    writer.Text(enrichment.epss->date);
  }
  writer.Number(enrichment.rejected ? 1 : 0);
  return writer.Take();
}

std::optional<Enrichment> DecodeEnrichment(std::string_view cve,
                                           std::string_view bytes) {
  Reader reader(bytes);
  Enrichment enrichment;
  enrichment.cve = cve;
  enrichment.summary = reader.Text();
  enrichment.cvss = reader.Vectors();
  enrichment.cwes = reader.Texts<std::string>();
  enrichment.references = reader.Texts<std::string>();
  enrichment.published = reader.Text();
  if (reader.Flag()) {
    Exploited& exploited = enrichment.exploited.emplace();
    exploited.added = reader.Text();
    exploited.due = reader.Text();
    exploited.ransomware = reader.Flag();
  }
  if (reader.Flag()) {
    Epss& epss = enrichment.epss.emplace();
    epss.score = static_cast<uint32_t>(reader.Number());
    epss.percentile = static_cast<uint32_t>(reader.Number());
    epss.date = reader.Text();
  }
  enrichment.rejected = reader.Flag();
  if (!reader.Done()) return std::nullopt;
  return enrichment;
}

void Merge(const Enrichment& more, Enrichment& into) {
  const auto take = [](const auto& from, auto& to) {
    if (from != std::decay_t<decltype(from)>()) to = from;
  };
  take(more.summary, into.summary);
  take(more.cwes, into.cwes);
  take(more.references, into.references);
  take(more.published, into.published);
  take(more.exploited, into.exploited);
  take(more.epss, into.epss);
  into.rejected = into.rejected || more.rejected;
  for (const CvssVector& vector : more.cvss) {
    if (std::find(into.cvss.begin(), into.cvss.end(), vector) ==
        into.cvss.end()) {
      into.cvss.push_back(vector);
    }
  }
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
