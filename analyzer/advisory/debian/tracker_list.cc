#include "analyzer/advisory/debian/tracker_list.h"

#include <algorithm>
#include <utility>

#include "analyzer/advisory/line_reader.h"
#include "analyzer/advisory/rating.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kMaxNotes = 10'000;  // of one entry
constexpr size_t kMaxWord = 200;

// Takes the first word off the text.
std::string_view TakeWord(std::string_view& text) {
  text = base::Strip(text);
  const size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text = base::Strip(text.substr(end));
  return word;
}

bool IsAdvisory(std::string_view id) {
  return id.starts_with("DSA-") || id.starts_with("DLA-") ||
         id.starts_with("DTSA-");
}

// "(low; bug #990901)", "(Minor issue)", "(bug #1; unimportant)".
void ReadReason(std::string_view text, TrackerNote& note) {
  if (!text.starts_with('(')) return;
  text.remove_prefix(1);
  if (text.ends_with(')')) text.remove_suffix(1);
  for (std::string_view part : base::Split(text, ';')) {
    part = base::Strip(part);
    const model::Severity severity = RateWord(part);
    if (severity != model::Severity::kUnknown) {
      note.severity = severity;
    } else if (!part.starts_with("bug #") && !part.empty()) {
      base::StrAppend(&note.reason, note.reason.empty() ? "" : "; ", part);
    }
  }
}

// "CVE-2023-1393 (text ...)", "CVE-2023-XXXX [text]".
TrackerEntry BeginCve(std::string_view line) {
  TrackerEntry entry;
  entry.id = TakeWord(line);
  if (line.size() >= 2 && (line[0] == '(' || line[0] == '[')) {
    line = line.substr(1, line.size() - 2);
  }
  entry.title = line;
  return entry;
}

// "[29 Mar 2023] DSA-5380-1 xorg-server - security update"
std::optional<TrackerEntry> BeginAdvisory(std::string_view line) {
  const size_t end = line.find(']');
  if (end == line.npos) return std::nullopt;
  TrackerEntry entry;
  entry.date = line.substr(1, end - 1);
  line.remove_prefix(end + 1);
  entry.id = TakeWord(line);
  if (!IsAdvisory(entry.id)) return std::nullopt;
  entry.title = line;
  return entry;
}

std::optional<TrackerEntry> Begin(std::string_view line) {
  if (line.starts_with('[')) return BeginAdvisory(line);
  if (line.starts_with("CVE-") || line.starts_with("TEMP-")) {
    return BeginCve(line);
  }
  return std::nullopt;
}

// False if the line says nothing that can be read.
bool AddLine(std::string_view line, TrackerEntry& entry) {
  if (line.empty()) return true;
  if (line.starts_with('{')) {
    std::string_view ids = line.substr(1, line.find('}') - 1);
    while (!ids.empty()) {
      const std::string_view id = TakeWord(ids);
      if (!id.empty() && id.size() < kMaxWord) entry.xref.emplace_back(id);
    }
    return true;
  }
  if (line == "REJECTED") {
    entry.rejected = true;
    return true;
  }
  if (!line.starts_with('[') && !line.starts_with('-')) return true;  // a note
  auto note = ParseTrackerNote(line);
  if (!note) return false;
  entry.notes.push_back(*std::move(note));
  return true;
}

}  // namespace

std::optional<TrackerNote> ParseTrackerNote(std::string_view line) {
  TrackerNote note;
  if (line.starts_with('[')) {
    const size_t end = line.find(']');
    if (end == line.npos) return std::nullopt;
    note.release = base::Strip(line.substr(1, end - 1));
    line.remove_prefix(end + 1);
    if (note.release.empty()) return std::nullopt;
  }
  if (TakeWord(line) != "-") return std::nullopt;
  note.package = TakeWord(line);
  if (note.package.empty() || note.package.size() > kMaxWord) {
    return std::nullopt;
  }
  // Without a version or a word, unstable is not fixed yet.
  std::string_view state = line.starts_with('(') ? "" : TakeWord(line);
  if (state.empty() || state == "<unfixed>") {
    note.kind = "unfixed";
  } else if (state.starts_with('<')) {
    if (!state.ends_with('>')) return std::nullopt;
    note.kind = state.substr(1, state.size() - 2);
  } else {
    note.kind = "fixed";
    note.version = state;
    if (state.size() > kMaxWord || state[0] < '0' || state[0] > '9') {
      return std::nullopt;
    }
  }
  ReadReason(line, note);
  return note;
}

absl::Status ReadTrackerList(
    FeedFile& file, FeedSink& sink,
    absl::FunctionRef<absl::Status(TrackerEntry)> visit) {
  LineReader lines(file);
  std::optional<TrackerEntry> entry;
  bool any = false;
  const auto skip = [&](std::string_view line) {
    sink.Skip(base::StrCat(file.name(), ": line ", lines.number()),
              RecordProblem::kBadField, base::Printable(line));
  };
  while (true) {
    std::string_view line;
    LANDWAITER_ASSIGN_OR_RETURN(const bool more, lines.Next(line));
    if (!more) break;
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    if (indented || base::Strip(line).empty()) {
      if (entry && entry->notes.size() < kMaxNotes &&
          !AddLine(base::Strip(line), *entry)) {
        skip(line);
      }
      continue;
    }
    if (entry) LANDWAITER_RETURN_IF_ERROR(visit(*std::move(entry)));
    entry = Begin(line);
    any = any || entry.has_value();
    if (!entry) skip(line);
  }
  if (entry) LANDWAITER_RETURN_IF_ERROR(visit(*std::move(entry)));
  if (any) return absl::OkStatus();
  return absl::InvalidArgumentError(base::StrCat(
      base::Printable(file.name()), " is no list of the security tracker"));
}

}  // namespace landwaiter::analyzer::advisory
