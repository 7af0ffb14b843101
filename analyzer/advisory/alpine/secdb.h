#ifndef LANDWAITER_ANALYZER_ADVISORY_ALPINE_SECDB_H_
#define LANDWAITER_ANALYZER_ADVISORY_ALPINE_SECDB_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "alpine-secdb": what a release of packages fixes, a file for each release
// and repository, in JSON or (up to v3.15) YAML:
// https://secdb.alpinelinux.org/v3.20/main.json, and in the same form
// https://packages.wolfi.dev/os/security.json,
// https://packages.cgr.dev/chainguard/security.json and
// https://packages.mini.dev/advisories/secdb/security.json. Whose it is is told
// by its distroversion, else by its urlprefix.
//
//   packages: [{pkg: {name: curl, secfixes: {8.1.0-r0: [CVE-2023-1, ...],
//                                            "0": [CVE-2023-2]}}}]
//
// The version "0" stands for packages that never had the flaw.
const FeedFormat& AlpineSecdb();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ALPINE_SECDB_H_
