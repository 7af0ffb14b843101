#ifndef LANDWAITER_ANALYZER_VERSION_PEP440_H_
#define LANDWAITER_ANALYZER_VERSION_PEP440_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Python's versions (packaging.python.org, "Version specifiers",
// PEP 440), with epochs, pre-, post- and development releases and local
// versions. What is none by that specification is older than all that are, and
// sorts as setuptools sorted it before there was one.
std::weak_ordering ComparePep440(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_PEP440_H_
