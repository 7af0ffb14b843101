#ifndef LANDWAITER_ANALYZER_DETECT_LANGUAGES_LANGUAGES_H_
#define LANDWAITER_ANALYZER_DETECT_LANGUAGES_LANGUAGES_H_

#include "analyzer/detect/ecosystem.h"

// The ecosystems that there are, each in a file of its name. They live as long
// as the program.
namespace landwaiter::analyzer::detect {

// Products that no package manager installed, by the records that Bitnami
// keeps of them (OSV's "Bitnami").
const Ecosystem& Bitnami();
const Ecosystem& ConanCenter();
// The same products by the names and ranges that NVD has of them.
const Ecosystem& Cpe();
const Ecosystem& CratesIo();
const Ecosystem& Cran();
const Ecosystem& Go();
const Ecosystem& Hackage();
const Ecosystem& Hex();
const Ecosystem& Julia();
const Ecosystem& Maven();
const Ecosystem& Npm();
const Ecosystem& Nuget();
const Ecosystem& Packagist();
const Ecosystem& Pub();
const Ecosystem& PyPi();
const Ecosystem& RubyGems();
const Ecosystem& SwiftUrl();

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_LANGUAGES_LANGUAGES_H_
