#include "agent/layer/testing/line_extractor.h"

#include <string>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer::testing {

bool LineExtractor::Wants(std::string_view path) const {
  return path == "db/list" || path.starts_with("db/list.d/");
}

bool LineExtractor::WantsContent(const extract::Candidate& file) const {
  return file.head.starts_with("#lines\n");
}

absl::StatusOr<model::FileExtract> LineExtractor::Extract(
    std::string_view, extract::File& file) const {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              file.ReadAll(uint64_t{64} << 20));
  model::FileExtract result;
  for (std::string_view line : base::Split(text, '\n')) {
    if (line.empty()) continue;
    model::Package package;
    package.type = "test";
    package.name = line;
    result.packages.push_back(std::move(package));
  }
  result.packages.SortUnique();
  return result;
}

}  // namespace landwaiter::agent::layer::testing
