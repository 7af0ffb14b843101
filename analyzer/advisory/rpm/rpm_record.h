#ifndef LANDWAITER_ANALYZER_ADVISORY_RPM_RPM_RECORD_H_
#define LANDWAITER_ANALYZER_ADVISORY_RPM_RPM_RECORD_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "analyzer/advisory/advisory.h"
#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/record_text.h"

// What the feeds of the distributions with rpm packages have in common.
namespace landwaiter::analyzer::advisory {

// An entry for all versions before `fixed`. An epoch of 0 is left out, as
// everyone writes it.
Affected FixedIn(std::string ecosystem, std::string package,
                 std::string_view fixed);
// An entry for every version, of this standing.
Affected EveryVersion(std::string ecosystem, std::string package,
                      Standing standing);

// "2:1.0-3" of the parts; an epoch of "" or "0" is left out.
std::string EvrOf(std::string_view epoch, std::string_view version,
                  std::string_view release);

// Appends it unless it is there already, is empty, or kMaxListed are there.
inline constexpr size_t kMaxListed = 2000;
void AddOnce(std::vector<std::string>& list, std::string_view item);

// The entries of one record, each once, in the order that they came in.
class AffectedList {
 public:
  inline static constexpr size_t kMax = 500000;
  // One whose fix is not the same on every architecture says on which it is;
  // then that of x86_64 stands for the package, else that of aarch64, else any.
  void Add(Affected entry, std::string_view architecture = {});
  // More than kMax were added: the rest is not here.
  bool full() const { return entries_.size() >= kMax; }
  // kAll: of a package with several fixes all, so that it has to have the last
  // of them. kLeast: the least, because the source means that a version that
  // it calls fixed is, as of a module that is built in several contexts.
  enum class Fixes { kAll, kLeast };
  std::vector<Affected> Take(Fixes fixes = Fixes::kAll);

 private:
  struct Entry {
    Affected affected;
    int rank;  // of the architecture, less is better
  };
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, size_t> places_;  // by what they say
  absl::flat_hash_map<std::string, int> best_;  // rank by what they are about
};

// Gives a record to the sink if it is sound: it has an id, every name is
// there, has no NUL and is not longer than a database takes. Else it is
// skipped, by the name of the file. One without an entry says nothing and is
// let go.
absl::Status Deliver(Advisory advisory, std::string_view file, FeedSink& sink);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RPM_RPM_RECORD_H_
