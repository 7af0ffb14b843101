#ifndef LANDWAITER_ANALYZER_DETECT_SOURCE_PACKAGE_H_
#define LANDWAITER_ANALYZER_DETECT_SOURCE_PACKAGE_H_

#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

// What the distributions share.
namespace landwaiter::analyzer::detect {

// The source package, where advisories name those. An inventory of someone
// else's making may leave it out: then the binary one.
inline Subject SourceOf(const model::Package& package) {
  return {package.source_name.empty() ? package.name : package.source_name,
          package.source_version.empty() ? package.version
                                         : package.source_version};
}

// apt's command. The fixed version is the source's: it is the binary
// package's too if the two are alike now.
std::string AptCommand(const model::Package& package,
                       std::string_view fixed_version);

// "8" of "8.6".
std::string_view MajorVersion(std::string_view version);
// "3.18" of "3.18.4"; "12" of "12".
std::string_view MinorVersion(std::string_view version);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_SOURCE_PACKAGE_H_
