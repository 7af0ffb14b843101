#ifndef LANDWAITER_AGENT_EXTRACT_TESTING_FIXTURES_H_
#define LANDWAITER_AGENT_EXTRACT_TESTING_FIXTURES_H_

#include <string>
#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"
#include "core/model/layer_report.h"
#include "tests/support/files.h"

// For the tests of extractors.
namespace landwaiter::agent::extract::testing {

using ::landwaiter::testing::Corpus;
using ::landwaiter::testing::HaveTool;
using ::landwaiter::testing::ReadFile;
using ::landwaiter::testing::RunCommand;
using ::landwaiter::testing::TempDir;
using ::landwaiter::testing::WriteFile;

// Rows of tab-separated columns; comments ("#") and empty lines are left out,
// the line of titles is row 0.
std::vector<std::vector<std::string>> ReadTsv(const std::string& path);

// Regular files below `directory`, sorted, relative to it.
std::vector<std::string> FilesBelow(const std::string& directory);

// What the extractor says of `bytes` at `path`; an error fails the test.
model::FileExtract Extract(const Extractor& extractor, std::string_view path,
                           std::string_view bytes);

// "name version architecture source source_version" of each package.
std::vector<std::string> Lines(const model::Packages& packages);

// Extracts from every 50th's prefix of `bytes`, and from `bytes` with single
// bytes overwritten at 400 places spread over it, and expects of each an
// extract or a typed error. Gives how many prefixes were called a problem.
int ExtractFromDamaged(const Extractor& extractor, std::string_view path,
                       std::string_view bytes);

}  // namespace landwaiter::agent::extract::testing

#endif  // LANDWAITER_AGENT_EXTRACT_TESTING_FIXTURES_H_
