#include "tests/support/files.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::testing {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Die(const std::string& why) {
  std::cerr << why << std::endl;
  std::abort();
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
  if (!out.flush()) Die("cannot write " + path);
}

std::string RunCommand(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) Die("cannot run " + command);
  std::string output;
  char buffer[4096];
  size_t n;
  while ((n = fread(buffer, 1, sizeof(buffer), pipe)) > 0) {
    output.append(buffer, n);
  }
  if (pclose(pipe) != 0) Die("failed: " + command + "\n" + output);
  return output;
}

bool HaveTool(const std::string& tool) {
  return std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) == 0;
}

std::vector<std::vector<std::string>> ReadTsv(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  const std::string text = ReadFile(path);
  for (std::string_view line : base::Split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string_view cell : base::Split(line, '\t')) {
      row.emplace_back(cell);
    }
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

TempDir::TempDir() {
  std::string path = (fs::temp_directory_path() / "landwaiter-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) Die("cannot make " + path);
  path_ = std::move(path);
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace landwaiter::testing
