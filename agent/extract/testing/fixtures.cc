#include "agent/extract/testing/fixtures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::testing {
namespace {

namespace fs = std::filesystem;

void ExpectExtractOrLimit(const Extractor& extractor, std::string_view path,
                          std::string_view bytes, int* problems) {
  MemoryFile file(bytes);
  const auto extract = extractor.Extract(path, file);
  if (!extract.ok()) {
    EXPECT_EQ(base::FailureCodeOf(extract.status()),
              base::FailureCode::kLimitExceeded)
        << extract.status();
    return;
  }
  EXPECT_TRUE(
      std::is_sorted(extract->packages.begin(), extract->packages.end()));
  if (problems != nullptr && !extract->problem.empty()) ++*problems;
}

}  // namespace

std::vector<std::vector<std::string>> ReadTsv(const std::string& path) {
  const std::string text = ReadFile(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string_view line : base::Split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = base::Split(line, '\t');
    rows.emplace_back(cells.begin(), cells.end());
  }
  return rows;
}

std::vector<std::string> FilesBelow(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      files.push_back(fs::relative(entry.path(), directory).string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

model::FileExtract Extract(const Extractor& extractor, std::string_view path,
                           std::string_view bytes) {
  MemoryFile file(bytes);
  auto extract = extractor.Extract(path, file);
  EXPECT_TRUE(extract.ok()) << extract.status();
  if (!extract.ok()) return {};
  return *std::move(extract);
}

std::vector<std::string> Lines(const model::Packages& packages) {
  std::vector<std::string> lines;
  for (const model::Package& package : packages) {
    lines.push_back(base::StrCat(package.name, " ", package.version, " ",
                                 package.architecture, " ", package.source_name,
                                 " ", package.source_version));
  }
  return lines;
}

int ExtractFromDamaged(const Extractor& extractor, std::string_view path,
                       std::string_view bytes) {
  int problems = 0;
  for (size_t i = 0; i < 50; ++i) {
    ExpectExtractOrLimit(extractor, path,
                         bytes.substr(0, bytes.size() * i / 50), &problems);
  }
  std::string damaged(bytes);
  const size_t step = std::max<size_t>(1, bytes.size() / 400);
  for (size_t i = 0; i < bytes.size(); i += step) {
    // Lengths, counts and page numbers become huge.
    damaged[i] = '\xFF';
    ExpectExtractOrLimit(extractor, path, damaged, nullptr);
    damaged[i] = bytes[i];
  }
  return problems;
}

}  // namespace landwaiter::agent::extract::testing
