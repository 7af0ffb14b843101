#ifndef LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_H_
#define LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "debian-tracker": Debian's security tracker, in either of its forms.
//
// As https://security-tracker.debian.org/tracker/data/json: by source package
// and CVE what each supported release has. A file is this if it begins
// with "{".
//
// As the texts that people write
// (https://salsa.debian.org/security-tracker-team/security-tracker): CVE/list
// with every CVE that Debian looked at, and DSA/list, DLA/list and DTSA/list
// with what advisories fixed. They are joined: a CVE's entry without a release
// is unstable's and stands for every release ("Debian") that has no entry of
// its own, and those of the advisories that name the CVE count where they are
// the newer ones. An advisory that names no CVE is one by itself.
//
//   "fixed in V", "V"          affected before V
//   <unfixed>, <no-dsa>        affected; the reason of <no-dsa> is kept
//   <postponed> <ignored>      deferred, will not be fixed
//   <end-of-life> <undetermined> <not-affected>   as they say
//   <removed> <itp>            unstable has no such package: affected, if an
//                              older release has it; nothing
//   (unimportant) (low) ...    the severity
const FeedFormat& DebianTracker();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_H_
