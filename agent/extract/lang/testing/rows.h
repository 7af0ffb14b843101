#ifndef LANDWAITER_AGENT_EXTRACT_LANG_TESTING_ROWS_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_TESTING_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"
#include "core/model/layer_report.h"

// For the tests of language extractors.
namespace landwaiter::agent::extract::lang::testing {

// "name version" or "name version dev" of each package, sorted.
std::vector<std::string> Rows(const model::FileExtract& extract);
// Those of `text` at `path`, which must be without a problem.
std::vector<std::string> RowsOf(const Extractor& extractor,
                                std::string_view path, std::string_view text);

// A row that we deliberately answer otherwise than the corpus expects.
struct Otherwise {
  std::string_view row;  // "-row": expected, not given; "+row": the reverse
  std::string_view reason;
};

// How a list of the corpus treats development packages.
enum class Development {
  kCompared,
  kIgnored,  // it tells those that the format tells through its graph alone
  kLeftOut,
};

// A file of the corpus and its place in an image.
struct CorpusFile {
  std::string_view fixture;  // below "lang/trivy-parser/" and the like
  std::string_view path;
  std::vector<Otherwise> otherwise;
  Development development = Development::kCompared;
  std::string (*normalize)(std::string_view name) = nullptr;
};

// Reads each file with the extractor and compares with the rows that
// lang/expected/LIST.tsv has for "lang/LIST/FIXTURE".
void ExpectCorpus(const Extractor& extractor, std::string_view list,
                  const std::vector<CorpusFile>& files);

}  // namespace landwaiter::agent::extract::lang::testing

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_TESTING_ROWS_H_
