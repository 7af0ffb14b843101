#include "analyzer/advisory/ubuntu/ubuntu.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/record_text.h"
#include "analyzer/advisory/ubuntu/releases.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kMaxFile = size_t{4} << 20;  // the largest has 300 KB

// "ignored (reached end-of-life)"
struct Status {
  std::string_view word, note;
};
Status StatusOf(std::string_view text) {
  const size_t open = std::min(text.find('('), text.size());
  std::string_view note = text.substr(std::min(open + 1, text.size()));
  note = note.substr(0, note.rfind(')'));
  return {base::Strip(text.substr(0, open)), base::Strip(note)};
}

bool IsVersion(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9' &&
         text.find_first_of(" ,") == text.npos;
}

bool SaysEndOfLife(std::string_view note) {
  for (const std::string_view words :
       {"end of life", "end-of-life", "end of standard support",
        "out of standard support", "end of ESM support", "EOL"}) {
    if (base::Contains(note, words)) return true;
  }
  return false;
}

// False if the status says nothing of the package.
bool ReadStatus(const Status& status, Affected& affected) {
  affected.ranges = {WholeRange()};
  if (status.word == "released") {
    if (!IsVersion(status.note)) return false;
    affected.ranges = {RangeBefore(status.note)};
    return true;
  }
  static constexpr std::pair<std::string_view, Standing> kWords[] = {
      {"needed", Standing::kAffected},
      {"active", Standing::kAffected},
      {"pending", Standing::kFixDeferred},
      {"deferred", Standing::kFixDeferred},
      {"ignored", Standing::kWillNotFix},
      {"needs-triage", Standing::kUnderInvestigation},
      {"not-affected", Standing::kNotAffected}};
  const auto* word =
      std::find_if(std::begin(kWords), std::end(kWords),
                   [&](const auto& w) { return w.first == status.word; });
  if (word == std::end(kWords)) return false;
  affected.standing = word->second;
  if (affected.standing == Standing::kWillNotFix &&
      SaysEndOfLife(status.note)) {
    affected.standing = Standing::kEndOfLife;
  }
  if (affected.standing != Standing::kAffected) {
    affected.statement =
        OneLine(base::StrCat(status.word, status.note.empty() ? "" : ": ",
                             base::Printable(status.note)));
  }
  return true;
}

class Record {
 public:
  void Read(std::string_view text) {
    for (const std::string_view line : base::Split(text, '\n')) {
      if (line.empty() || line[0] == '#') continue;
      if (line[0] == ' ' || line[0] == '\t') {
        Continue(base::Strip(line));
      } else if (const auto parts = base::SplitOnce(line, ':'); parts) {
        Begin(base::Strip(parts->first), base::Strip(parts->second));
      }
    }
  }

  bool rejected() const { return details().summary.starts_with("** REJECT"); }

  Advisory Take() {
    if (details().id.empty()) {
      throw BrokenRecord{RecordProblem::kNoId, "has no Candidate"};
    }
    for (Affected& affected : advisory_.affected) {
      const auto priority = priorities_.find(affected.package);
      if (priority != priorities_.end()) affected.severity = priority->second;
    }
    return std::move(advisory_);
  }

 private:
  const Details& details() const { return advisory_.details; }

  void Begin(std::string_view key, std::string_view value) {
    Details& details = advisory_.details;
    field_ = key;
    if (key == "Candidate") {
      details.id = base::Printable(value);
      AddReference(base::StrCat("https://ubuntu.com/security/", value),
                   details.references);
    } else if (key == "PublicDate") {
      details.published = Rfc3339(value);
    } else if (key == "Priority") {
      details.severity = RateWord(value.substr(0, value.find(' ')));
    } else if (key.starts_with("Priority_")) {
      priorities_[std::string(key.substr(9))] =
          RateWord(value.substr(0, value.find(' ')));
    } else if (!key.empty() && key[0] >= 'a' && key[0] <= 'z') {
      AddStatus(key, value);
    }
  }

  void Continue(std::string_view line) {
    Details& details = advisory_.details;
    if (field_ == "References") {
      AddReference(line, details.references);
    } else if (field_ == "Description" && !line.empty()) {
      if (details.summary.size() < 300) {
        base::StrAppend(&description_, description_.empty() ? "" : " ", line);
        details.summary = OneLine(description_);
      }
    } else if (field_ == "CVSS") {
      const auto parts = base::SplitOnce(line, ':');
      if (!parts) return;
      const std::string_view vector = base::Strip(parts->second);
      AddCvss(base::Strip(parts->first),
              vector.substr(0, vector.find_first_of(" \t")), details.cvss);
    }
  }

  // "esm-infra/xenial_coreutils"
  void AddStatus(std::string_view key, std::string_view value) {
    const auto parts = base::SplitOnce(key, '_');
    if (!parts) return;
    Affected affected;
    affected.ecosystem = UbuntuEcosystem(parts->first);
    if (affected.ecosystem.empty()) return;
    affected.package = parts->second;
    CheckName(affected.ecosystem, affected.package);
    if (!ReadStatus(StatusOf(value), affected)) return;
    // esm-infra and esm-apps are one to us; a package is in one of them.
    advisory_.affected.push_back(std::move(affected));
  }

  Advisory advisory_;
  std::map<std::string, model::Severity> priorities_;
  std::string field_, description_;
};

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    auto text = file.ReadAll(kMaxFile);
    if (absl::IsResourceExhausted(text.status())) {
      sink.Skip(file.name(), RecordProblem::kTooLarge, "");
      return absl::OkStatus();
    }
    if (!text.ok()) return text.status();
    return ReadRecord(file.name(), sink, [&]() -> absl::Status {
      Record record;
      record.Read(*text);
      if (record.rejected()) {
        sink.Withdrawn();
        return absl::OkStatus();
      }
      Advisory advisory = record.Take();
      if (advisory.affected.empty()) return absl::OkStatus();
      return sink.Add(std::move(advisory));
    });
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "ubuntu"; }
  std::string_view description() const override {
    return "Ubuntu's CVE tracker, a text for each CVE: "
           "https://git.launchpad.net/ubuntu-cve-tracker";
  }
  bool Reads(std::string_view name) const override {
    const size_t slash = name.rfind('/');
    if (slash != name.npos) name.remove_prefix(slash + 1);
    return IsCve(name);
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& UbuntuTracker() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
