#ifndef LANDWAITER_ANALYZER_VERSION_APK_H_
#define LANDWAITER_ANALYZER_VERSION_APK_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Alpine's package versions, as apk-package(5) describes them and
// apk-tools 2 compares them:
//
//   number{.number}[letter]{_suffix[number]}[~hash][-rnumber]
//
// where _alpha _beta _pre _rc come before no suffix, and _cvs _svn _git _hg _p
// after it. A component after a dot that starts with zeros is compared as a
// fraction. The hash, of apk-tools 3, does not take part.
//
// Text that is no version counts up to where the rules stop, and is then older
// than anything that starts so (apk-tools 3's choice; 2 left it open).
std::weak_ordering CompareApk(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_APK_H_
