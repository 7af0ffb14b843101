#include "analyzer/detect/ecosystem.h"

#include <algorithm>

namespace landwaiter::analyzer::detect {
namespace {

constexpr std::string_view kOfRanges = " <>=^~*,|$(){}[]";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool IsVersion(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsDigit) &&
         text.find_first_of(kOfRanges) == text.npos;
}

std::string Ecosystem::VersionOf(const model::Package& package) const {
  return IsVersion(package.version) ? package.version : "";
}

}  // namespace landwaiter::analyzer::detect
