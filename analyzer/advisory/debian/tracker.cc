#include "analyzer/advisory/debian/tracker.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "analyzer/advisory/debian/releases.h"
#include "analyzer/advisory/debian/tracker_json.h"
#include "analyzer/advisory/debian/tracker_list.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_text.h"
#include "analyzer/version/dpkg.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kTracker =
    "https://security-tracker.debian.org/tracker/";

// A file of which the beginning has been looked at.
class PeekedFile : public FeedFile {
 public:
  explicit PeekedFile(FeedFile& file) : file_(file) {}
  const std::string& name() const override { return file_.name(); }
  absl::StatusOr<char> FirstByte() {
    char first = 0;
    LANDWAITER_ASSIGN_OR_RETURN(const size_t got, file_.Read(&first, 1));
    if (got != 0) peeked_ = first;
    return first;
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (size == 0 || !peeked_) return file_.Read(buffer, size);
    buffer[0] = *std::exchange(peeked_, std::nullopt);
    return size_t{1};
  }

 private:
  FeedFile& file_;
  std::optional<char> peeked_;
};

// What is known of a flaw, from all lists.
struct Flaw {
  std::string title;
  std::vector<TrackerNote> notes;
  // Of advisories, and their ids.
  std::vector<std::pair<std::string, TrackerNote>> advisories;
};

std::string StatementOf(const TrackerNote& note) {
  if (note.reason.empty()) return note.kind == "no-dsa" ? note.kind : "";
  return OneLine(base::StrCat(note.kind, ": ", base::Printable(note.reason)));
}

// nullopt for what says nothing of a release's packages.
std::optional<Affected> EntryOf(const TrackerNote& note) {
  static constexpr std::pair<std::string_view, Standing> kKinds[] = {
      {"fixed", Standing::kAffected},
      {"unfixed", Standing::kAffected},
      {"no-dsa", Standing::kAffected},
      {"removed", Standing::kAffected},
      {"postponed", Standing::kFixDeferred},
      {"ignored", Standing::kWillNotFix},
      {"end-of-life", Standing::kEndOfLife},
      {"undetermined", Standing::kUnderInvestigation},
      {"not-affected", Standing::kNotAffected}};
  const auto* kind =
      std::find_if(std::begin(kKinds), std::end(kKinds),
                   [&](const auto& k) { return k.first == note.kind; });
  if (kind == std::end(kKinds)) return std::nullopt;
  Affected affected;
  affected.ecosystem =
      note.release.empty() ? "Debian" : DebianEcosystem(note.release);
  if (affected.ecosystem.empty()) return std::nullopt;  // "experimental"
  affected.package = note.package;
  affected.standing = kind->second;
  affected.severity = note.severity;
  affected.ranges = {note.kind == "fixed" ? RangeBefore(note.version)
                                          : WholeRange()};
  if (note.kind != "fixed") affected.statement = StatementOf(note);
  return affected;
}

// The notes of a flaw, one for each package and release.
class Entries {
 public:
  void Add(const TrackerNote& note) {
    if (auto entry = EntryOf(note)) Put(*std::move(entry), note);
  }

  // As the tracker itself copies the notes of an advisory: a larger version
  // is the definitive one, but what people called unfixed stays so.
  void AddOfAdvisory(const std::string& id, const TrackerNote& note) {
    auto entry = EntryOf(note);
    if (!entry) return;
    if (note.kind == "fixed") entry->statement = id;
    const auto known = places_.find({entry->package, entry->ecosystem});
    if (known != places_.end()) {
      const Affected& old = entries_[known->second];
      const bool unfixed =
          old.standing == Standing::kAffected &&
          (old.statement.empty() || old.statement.starts_with("unfixed")) &&
          old.ranges[0].size() == 1;
      if (unfixed || note.kind != "fixed") return;
    }
    Put(*std::move(entry), note);
  }

  // How bad it is, is said where unstable's package is.
  std::vector<Affected> Take() {
    std::map<std::string, model::Severity> of_package;
    for (const Affected& entry : entries_) {
      model::Severity& known = of_package[entry.package];
      known = std::max(known, entry.severity);
    }
    for (Affected& entry : entries_) {
      if (entry.severity == model::Severity::kUnknown) {
        entry.severity = of_package[entry.package];
      }
    }
    return std::move(entries_);
  }

 private:
  void Put(Affected entry, const TrackerNote& note) {
    const auto [place, added] =
        places_.try_emplace({entry.package, entry.ecosystem}, entries_.size());
    if (added) {
      entries_.push_back(std::move(entry));
      return;
    }
    Affected& old = entries_[place->second];
    const bool older =
        old.ranges[0].size() == 2 && note.kind == "fixed" &&
        version::CompareDpkg(note.version, old.ranges[0][1].version) <= 0;
    if (!older) old = std::move(entry);
  }

  std::vector<Affected> entries_;
  std::map<std::pair<std::string, std::string>, size_t> places_;
};

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    PeekedFile peeked(file);
    LANDWAITER_ASSIGN_OR_RETURN(const char first, peeked.FirstByte());
    if (first == '{') return ReadDebianTrackerJson(peeked, sink);
    return ReadTrackerList(peeked, sink, [&](TrackerEntry entry) {
      if (entry.id.starts_with("CVE-") || entry.id.starts_with("TEMP-")) {
        return KeepFlaw(std::move(entry), sink);
      }
      return KeepAdvisory(std::move(entry), sink);
    });
  }

  absl::Status Finish(FeedSink& sink) override {
    for (auto& [id, flaw] : flaws_) {
      LANDWAITER_RETURN_IF_ERROR(Deliver(id, flaw, "", sink));
      flaw = Flaw();
    }
    return absl::OkStatus();
  }

 private:
  absl::Status KeepFlaw(TrackerEntry entry, FeedSink& sink) {
    if (entry.rejected) {
      sink.Withdrawn();
      return absl::OkStatus();
    }
    if (entry.notes.empty() && entry.xref.empty()) return absl::OkStatus();
    // Flaws that have no number yet are told apart by what is said of them.
    if (entry.id.ends_with("-XXXX")) {
      base::Sha256 hash;
      hash.Update(entry.title);
      entry.id = base::StrCat("TEMP-", entry.id.substr(4, 4), "-",
                              hash.FinishHex().substr(0, 8));
    }
    Flaw& flaw = flaws_[entry.id];
    flaw.title = OneLine(entry.title);
    flaw.notes.insert(flaw.notes.end(), entry.notes.begin(), entry.notes.end());
    return absl::OkStatus();
  }

  absl::Status KeepAdvisory(TrackerEntry entry, FeedSink& sink) {
    bool of_flaws = false;
    for (const std::string& id : entry.xref) {
      if (!IsCve(id)) continue;
      of_flaws = true;
      for (const TrackerNote& note : entry.notes) {
        flaws_[id].advisories.emplace_back(entry.id, note);
      }
    }
    // Without a flaw, a second edition only mends what the first broke.
    if (of_flaws || base::Contains(entry.title, "regression")) {
      return absl::OkStatus();
    }
    return Deliver(entry.id, {entry.title, std::move(entry.notes), {}},
                   entry.date, sink);
  }

  // "29 Mar 2023"
  static std::string Published(std::string_view date) {
    absl::Time time;
    std::string ignored;
    if (!absl::ParseTime("%d %b %Y", base::ToAbsl(date), &time, &ignored)) {
      return "";
    }
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
  }

  absl::Status Deliver(const std::string& id, const Flaw& flaw,
                       std::string_view date, FeedSink& sink) {
    return ReadRecord(id, sink, [&]() -> absl::Status {
      Entries entries;
      for (const TrackerNote& note : flaw.notes) entries.Add(note);
      Advisory advisory;
      Details& details = advisory.details;
      details.id = id;
      details.summary = OneLine(flaw.title);
      details.published = Published(date);
      AddReference(base::StrCat(kTracker, id), details.references);
      for (const auto& [from, note] : flaw.advisories) {
        entries.AddOfAdvisory(from, note);
        AddReference(base::StrCat(kTracker, from), details.references);
      }
      advisory.affected = entries.Take();
      for (const Affected& affected : advisory.affected) {
        CheckName(affected.ecosystem, affected.package);
      }
      if (advisory.affected.empty()) return absl::OkStatus();
      return sink.Add(std::move(advisory));
    });
  }

  std::map<std::string, Flaw> flaws_;
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "debian-tracker"; }
  std::string_view description() const override {
    return "Debian's security tracker: "
           "https://security-tracker.debian.org/tracker/data/json, or the "
           "lists of its repository";
  }
  bool Reads(std::string_view name) const override {
    for (const std::string_view list :
         {"CVE/list", "DSA/list", "DLA/list", "DTSA/list"}) {
      if (name == list || (name.ends_with(list) &&
                           name[name.size() - list.size() - 1] == '/')) {
        return true;
      }
    }
    const size_t slash = name.rfind('/');
    if (slash != name.npos) name.remove_prefix(slash + 1);
    return name == "json" || name == "data.json" || name == "debian.json";
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& DebianTracker() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
