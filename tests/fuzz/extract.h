#ifndef LANDWAITER_TESTS_FUZZ_EXTRACT_H_
#define LANDWAITER_TESTS_FUZZ_EXTRACT_H_

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "agent/extract/extractor.h"

namespace landwaiter::fuzz {

// Extracts from `bytes` and ends the program if the extractor breaks its
// contract: an extract with sorted packages that have a name and a version, or
// a status that is not OK.
inline void Extract(const agent::extract::Extractor& extractor,
                    std::string_view path, std::string_view bytes) {
  agent::extract::MemoryFile file(bytes);
  const auto extract = extractor.Extract(path, file);
  if (!extract.ok()) return;
  const auto& packages = extract->packages;
  if (!std::is_sorted(packages.begin(), packages.end())) std::abort();
  for (const auto& package : packages) {
    if (package.name.empty() || package.version.empty()) std::abort();
  }
}

// The same for an extractor of several formats: the first line of `bytes` is
// the path, the rest is the file.
inline void ExtractNamed(const agent::extract::Extractor& extractor,
                         std::string_view bytes) {
  const size_t line = bytes.find('\n');
  if (line == bytes.npos || !extractor.Wants(bytes.substr(0, line))) return;
  Extract(extractor, bytes.substr(0, line), bytes.substr(line + 1));
}

}  // namespace landwaiter::fuzz

#endif  // LANDWAITER_TESTS_FUZZ_EXTRACT_H_
