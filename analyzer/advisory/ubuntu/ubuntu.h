#ifndef LANDWAITER_ANALYZER_ADVISORY_UBUNTU_UBUNTU_H_
#define LANDWAITER_ANALYZER_ADVISORY_UBUNTU_UBUNTU_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "ubuntu": Ubuntu's CVE tracker, a text for each CVE
// (https://git.launchpad.net/ubuntu-cve-tracker, active/ and retired/):
//
//   Candidate: CVE-2016-2781
//   PublicDate: 2017-02-07 15:59:00 UTC
//   Priority: low
//   CVSS:
//    nvd: CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:C/C:N/I:H/A:N
//   xenial_coreutils: released (8.25-2ubuntu3)
//   esm-infra/trusty_coreutils: deferred (2017-08-01)
//
//   released (V)          affected before V
//   needed, active        affected
//   pending, deferred     affected, a fix may come
//   ignored               will not be fixed; end of life, if the reason is
//   needs-triage          under investigation
//   not-affected          as it says
//   DNE                   no such package: nothing
//
// A release's ESM is "Ubuntu:Pro:16.04", its FIPS streams
// "Ubuntu:Pro:FIPS:16.04" and "Ubuntu:Pro:FIPS-updates:16.04". Upstream, the
// release in development, snaps and other products are left out.
const FeedFormat& UbuntuTracker();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_UBUNTU_UBUNTU_H_
