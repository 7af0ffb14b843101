#ifndef LANDWAITER_TESTS_SUPPORT_FILES_H_
#define LANDWAITER_TESTS_SUPPORT_FILES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Files, commands and the corpus, for tests.
namespace landwaiter::testing {

// The directory of real data that LANDWAITER_CORPUS names; nullopt without.
std::optional<std::string> Corpus();

// A file or a command that fails ends the test program.
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, std::string_view bytes);
// What `command` (for sh) writes to stdout.
std::string RunCommand(const std::string& command);
// Whether the tool is on the PATH.
bool HaveTool(const std::string& tool);

// Rows of tab-separated columns, without the line of titles.
std::vector<std::vector<std::string>> ReadTsv(const std::string& path);

// A new directory, removed with the object.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace landwaiter::testing

#endif  // LANDWAITER_TESTS_SUPPORT_FILES_H_
