#include "agent/extract/testing/fixtures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::testing {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "test fixture: " << what << std::endl;
  std::abort();
}

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

std::optional<std::string> Corpus() {
  const char* corpus = std::getenv("LANDWAITER_CORPUS");
  if (corpus == nullptr || *corpus == '\0') return std::nullopt;
  return corpus;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in) Die("cannot read " + path);
  return std::move(bytes).str();
}

void WriteFile(const std::string& path, std::string_view bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) Die("cannot write " + path);
}

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

std::vector<std::string> Lines(const std::vector<model::Package>& packages) {
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

TempDir::TempDir() {
  std::string path = (fs::temp_directory_path() / "extract-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) Die("mkdtemp failed");
  path_ = path;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

bool HaveTool(const std::string& tool) {
  return std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) == 0;
}

std::string RunCommand(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) Die("cannot run " + command);
  std::string output;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.append(buffer, n);
  }
  if (pclose(pipe) != 0) Die("failed: " + command);
  return output;
}

}  // namespace landwaiter::agent::extract::testing
