#include "analyzer/detect/judge.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::AffectedView;
using advisory::Details;
using advisory::NameKind;
using advisory::Standing;

// What one advisory says of the package, over all its entries of one key.
struct Word {
  uint32_t advisory = 0;
  size_t key = 0;
  bool affected = false;      // covers the version, and not as unaffected
  bool not_affected = false;  // covers the version as unaffected
  bool resolved = false;      // names a fix, and does not cover the version
  Standing standing = Standing::kAffected;
  std::string statement;
  std::string fixed;
  std::string range;
  model::Severity severity = model::Severity::kUnknown;
  const Details* details = nullptr;
};

bool Meant(const KnownName& name, NameKind kind) {
  switch (kind) {
    case NameKind::kAsUsual:
      return name.usual;
    case NameKind::kBinary:
      return name.binary;
    case NameKind::kSource:
      return name.source;
  }
  return false;
}

// "introduced 1.0, fixed 1.2", "introduced 0, last affected 2.3", "listed".
std::string RangeText(const Verdict& verdict) {
  if (verdict.introduced.empty()) return "listed";
  std::string text = base::StrCat("introduced ", verdict.introduced);
  if (!verdict.fixed.empty()) {
    base::StrAppend(&text, ", fixed ", verdict.fixed);
  } else if (!verdict.last.empty()) {
    base::StrAppend(&text, ", last affected ", verdict.last);
  }
  return text;
}

bool NamesFix(const AffectedView& entry) {
  for (const auto& range : entry.ranges) {
    for (const advisory::Event& event : range) {
      if (event.kind == advisory::EventKind::kFixed) return true;
    }
  }
  return false;
}

class Collector {
 public:
  explicit Collector(const Question& question) : question_(question) {}

  void Add(const AffectedView& entry, const KnownName& name, size_t key) {
    if (!Meant(name, entry.names) || !question_.concerns(entry)) return;
    Word& word = WordOf(entry.advisory, key);
    const Verdict verdict = Evaluate(entry, name.version, question_.compare);
    if (!verdict.affected) {
      word.resolved = word.resolved || NamesFix(entry);
      return;
    }
    if (entry.standing == Standing::kNotAffected) {
      word.not_affected = true;
      return;
    }
    any_affected_ = true;
    Take(entry, verdict, word);
  }

  bool any_affected() const { return any_affected_; }

  std::vector<Word> Words() && { return std::move(words_); }

 private:
  Word& WordOf(uint32_t advisory, size_t key) {
    const auto [it, added] =
        places_.try_emplace({advisory, key}, words_.size());
    if (added) {
      Word& word = words_.emplace_back();
      word.advisory = advisory;
      word.key = key;
    }
    return words_[it->second];
  }

  void Take(const AffectedView& entry, const Verdict& verdict, Word& word) {
    word.severity = std::max(word.severity, entry.severity);
    // The entry with the least fix tells of this version's branch.
    const bool better =
        !word.affected || (!verdict.fixed.empty() &&
                           (word.fixed.empty() ||
                            question_.compare(verdict.fixed, word.fixed) < 0));
    word.affected = true;
    if (!better) return;
    word.fixed = std::string(verdict.fixed);
    word.range = RangeText(verdict);
    word.standing = entry.standing;
    word.statement = std::string(entry.statement);
  }

  const Question& question_;
  std::vector<Word> words_;
  absl::flat_hash_map<std::pair<uint32_t, size_t>, size_t> places_;
  bool any_affected_ = false;
};

bool IsCve(std::string_view id) { return id.starts_with("CVE-"); }

// All names that the record has for what it is about.
std::vector<std::string_view> NamesIn(const Details& details) {
  std::vector<std::string_view> names = {details.id};
  names.insert(names.end(), details.aliases.begin(), details.aliases.end());
  return names;
}

// The name of a flaw without a CVE: what most records would call it.
std::string_view NameWithoutCve(const Details& details) {
  std::string_view best = details.id;
  const auto rank = [](std::string_view id) {
    return id.starts_with("GHSA-") ? 0 : id.starts_with("MAL-") ? 2 : 1;
  };
  for (const std::string_view name : NamesIn(details)) {
    if (std::pair(rank(name), name) < std::pair(rank(best), best)) best = name;
  }
  return best;
}

// Which flaws each record is about: its CVEs; where it names none, those of
// another record that goes by one of its names.
class Naming {
 public:
  explicit Naming(const std::vector<Word>& words) {
    for (const Word& word : words) {
      const std::set<std::string_view> cves = CvesOf(*word.details);
      if (cves.size() != 1) continue;
      for (const std::string_view name : NamesIn(*word.details)) {
        if (!IsCve(name)) cve_of_.emplace(name, *cves.begin());
      }
    }
  }

  std::set<std::string_view> FlawsOf(const Details& details) const {
    std::set<std::string_view> flaws = CvesOf(details);
    if (!flaws.empty()) return flaws;
    for (const std::string_view name : NamesIn(details)) {
      const auto known = cve_of_.find(name);
      if (known != cve_of_.end()) return {known->second};
    }
    return {NameWithoutCve(details)};
  }

 private:
  static std::set<std::string_view> CvesOf(const Details& details) {
    std::set<std::string_view> cves;
    for (const std::string_view name : NamesIn(details)) {
      if (IsCve(name)) cves.insert(name);
    }
    return cves;
  }

  std::map<std::string_view, std::string_view> cve_of_;
};

// Ids that stand for a flaw rather than for a bulletin about several.
void AddNames(const Details& details, std::set<std::string>& names) {
  names.insert(details.id);
  for (const std::string& alias : details.aliases) {
    if (!IsCve(alias)) names.insert(alias);
  }
}

bool IsRated(const Details& details) {
  return details.severity != model::Severity::kUnknown || !details.cvss.empty();
}

void Describe(std::string_view id, const std::vector<const Word*>& words,
              const Word& decisive, Flaw& flaw) {
  flaw.id = std::string(id);
  flaw.details = flaw.rated = decisive.details;
  flaw.standing = decisive.standing;
  flaw.statement = decisive.statement;
  flaw.fixed = decisive.fixed;
  flaw.range = decisive.range;
  std::set<std::string> names;
  for (const Word* word : words) {
    AddNames(*word->details, names);
    if (!IsRated(*flaw.rated) && IsRated(*word->details)) {
      flaw.rated = word->details;
    }
  }
  names.erase(flaw.id);
  names.erase(flaw.details->id);
  flaw.aliases.assign(names.begin(), names.end());
}

// What is true of a flaw that `words` speak of; without details if the package
// does not have it.
Flaw Decide(std::string_view id, std::vector<const Word*> words,
            const Question& question) {
  Flaw flaw;
  const auto authority = [&](const Word* word) {
    return std::pair(word->key, question.rank(*word->details));
  };
  std::sort(words.begin(), words.end(), [&](const Word* a, const Word* b) {
    return std::tuple(authority(a), a->details->id, a->advisory) <
           std::tuple(authority(b), b->details->id, b->advisory);
  });
  const auto first = authority(words.front());
  // A distribution's fix does not go away again: who knows of none is older.
  const bool resolved =
      question.greatest_fix &&
      std::any_of(words.begin(), words.end(), [&](const Word* word) {
        return authority(word) == first && word->resolved && !word->affected;
      });
  const Word* decisive = nullptr;
  for (const Word* word : words) {
    if (authority(word) != first) break;
    if (word->not_affected) return {};
    if (!word->affected || (resolved && word->fixed.empty())) continue;
    const bool better = decisive == nullptr ||
                        (!word->fixed.empty() &&
                         (decisive->fixed.empty() ||
                          (question.compare(word->fixed, decisive->fixed) >
                           0) == question.greatest_fix));
    if (better) decisive = word;
    flaw.severity = std::max(flaw.severity, word->severity);
  }
  if (decisive == nullptr) return {};
  Describe(id, words, *decisive, flaw);
  return flaw;
}

}  // namespace

absl::StatusOr<const Details*> Judge::Find(uint32_t advisory) {
  auto it = details_.find(advisory);
  if (it == details_.end()) {
    LANDWAITER_ASSIGN_OR_RETURN(Details details, store_.Find(advisory));
    it = details_
             .emplace(advisory, std::make_unique<Details>(std::move(details)))
             .first;
  }
  return it->second.get();
}

absl::StatusOr<std::vector<Flaw>> Judge::FlawsOf(const Question& question) {
  Collector collector(question);
  for (size_t key = 0; key < question.keys.size(); ++key) {
    for (const KnownName& name : question.names) {
      LANDWAITER_RETURN_IF_ERROR(store_.ForEach(
          question.keys[key], name.name,
          [&](const AffectedView& entry) { collector.Add(entry, name, key); }));
    }
  }
  std::vector<Flaw> flaws;
  // Most packages have none: what the records are about need not be read.
  if (!collector.any_affected()) return flaws;
  std::vector<Word> words = std::move(collector).Words();
  for (Word& word : words) {
    LANDWAITER_ASSIGN_OR_RETURN(word.details, Find(word.advisory));
  }
  const Naming naming(words);
  std::map<std::string_view, std::vector<const Word*>> by_flaw;
  for (const Word& word : words) {
    for (const std::string_view id : naming.FlawsOf(*word.details)) {
      by_flaw[id].push_back(&word);
    }
  }
  for (auto& [id, about] : by_flaw) {
    Flaw flaw = Decide(id, std::move(about), question);
    if (flaw.details != nullptr) flaws.push_back(std::move(flaw));
  }
  return flaws;
}

}  // namespace landwaiter::analyzer::detect
