#ifndef LANDWAITER_ANALYZER_ADVISORY_CSAF_RPM_COMPONENT_H_
#define LANDWAITER_ANALYZER_ADVISORY_CSAF_RPM_COMPONENT_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/advisory/csaf/product_tree.h"

namespace landwaiter::analyzer::advisory {

// An rpm package as a product tree names it.
struct RpmComponent {
  std::string name;
  std::string evr;           // empty: of no certain version
  std::string architecture;  // "src" of a source package
  std::string module;        // "nodejs:14"
};

// Of "pkg:rpm/redhat/bash@4.4-1.el8?arch=x86_64&epoch=0&rpmmod=..."; nullopt
// for a purl of another type or one that is none.
std::optional<RpmComponent> ParseRpmPurl(std::string_view purl);

// Of "bash-4.4-1.el8.x86_64", "bash-2:4.4-1.el8.src"; nullopt without version
// and release.
std::optional<RpmComponent> ParseNevra(std::string_view text);

// "nodejs:14" of "nodejs:14:8040020210811063000:229f0a1c" and of
// "pkg:rpmmod/redhat/nodejs@14:8040...:..."; empty without a stream.
std::string ModuleStream(std::string_view label);

// By the purl where there is one, else by the name; the name alone is a
// package of no certain version ("nodejs:14/npm" one of a module).
std::optional<RpmComponent> RpmComponentOf(const CsafProduct& product);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CSAF_RPM_COMPONENT_H_
