#ifndef LANDWAITER_ANALYZER_DETECT_JUDGE_H_
#define LANDWAITER_ANALYZER_DETECT_JUDGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/advisory/advisory_store.h"
#include "analyzer/detect/range.h"

namespace landwaiter::analyzer::detect {

// One of the names that advisories may know a package by.
struct KnownName {
  std::string_view name, version;
  bool usual = false, binary = false, source = false;  // NameKinds it is for
};

// One package, and how advisories are to be read about it.
struct Question {
  absl::Span<const std::string> keys;  // ecosystems; the earlier decides
  absl::Span<const KnownName> names;
  Compare compare;
  // Whether an entry means this build of the package at all.
  absl::FunctionRef<bool(const advisory::AffectedView&)> concerns;
  // Of the records about one flaw those with the least rank decide.
  absl::FunctionRef<int(const advisory::Details&)> rank;
  // Of several fixes of one flaw: a distribution's all count, so the greatest,
  // and a record without one is older than one that has it; a language's feeds
  // name the same fix, so the least.
  bool greatest_fix = true;
};

// A flaw that the package has.
struct Flaw {
  std::string id;                              // the CVE, or what stands for it
  const advisory::Details* details = nullptr;  // that decided; the Judge's
  // Whose rating counts: another record's where that has none.
  const advisory::Details* rated = nullptr;
  std::vector<std::string> aliases;  // sorted, without those two
  advisory::Standing standing = advisory::Standing::kAffected;
  std::string statement;
  std::string fixed;
  std::string range;
  model::Severity severity = model::Severity::kUnknown;  // for this package
};

// Decides from all that the advisories say of a package which flaws it has.
// Used by one thread.
class Judge {
 public:
  explicit Judge(const advisory::AdvisoryStore& store) : store_(store) {}

  // By id, each once. An error is the store's.
  absl::StatusOr<std::vector<Flaw>> FlawsOf(const Question& question);

 private:
  absl::StatusOr<const advisory::Details*> Find(uint32_t advisory);

  const advisory::AdvisoryStore& store_;
  // Nodes stay where they are.
  absl::flat_hash_map<uint32_t, std::unique_ptr<advisory::Details>> details_;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_JUDGE_H_
