#ifndef LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_LIST_H_
#define LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "analyzer/advisory/feed_format.h"
#include "core/model/severity.h"

// The tracker's texts (tracker.h):
//
//   CVE-2021-36367 (PuTTY through 0.75 ...)
//   	{DSA-1-1}
//   	- putty 0.75-3 (low; bug #990901)
//   	[bullseye] - putty <no-dsa> (Minor issue)
//   	NOTE: https://...
//   [29 Mar 2023] DSA-5380-1 xorg-server - security update
//   	{CVE-2023-1393}
//   	[bullseye] - xorg-server 2:1.20.11-1+deb11u6
namespace landwaiter::analyzer::advisory {

// A line "[release] - package <kind> (reason)".
struct TrackerNote {
  std::string release;  // a codename; empty for unstable
  std::string package;
  std::string kind;     // "fixed", "unfixed", "no-dsa", ...
  std::string version;  // if it is fixed
  std::string reason;   // without urgency and bugs
  model::Severity severity = model::Severity::kUnknown;
};

// What a line without indentation begins.
struct TrackerEntry {
  std::string id;  // "CVE-2021-36367", "DSA-5380-1"
  std::string title;
  std::string date;               // of an advisory, as it is written
  std::vector<std::string> xref;  // between "{" and "}"
  std::vector<TrackerNote> notes;
  bool rejected = false;
};

// nullopt if the line, without its indentation, is no note of a package.
std::optional<TrackerNote> ParseTrackerNote(std::string_view line);

// Shows every entry in the order of the file. Lines that cannot be read are
// skipped; INVALID_ARGUMENT if the file has none that begins an entry, errors
// of the file and of `visit`.
absl::Status ReadTrackerList(
    FeedFile& file, FeedSink& sink,
    absl::FunctionRef<absl::Status(TrackerEntry)> visit);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_LIST_H_
