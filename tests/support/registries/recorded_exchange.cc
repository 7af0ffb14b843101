#include "tests/support/registries/recorded_exchange.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "core/base/strings.h"
#include "tests/support/files.h"

namespace landwaiter::test {
namespace {

namespace fs = std::filesystem;

// Takes lines off the front of a text.
class Lines {
 public:
  explicit Lines(std::string text) : text_(std::move(text)) {}

  bool AtEnd() const { return at_ >= text_.size(); }
  std::string Next() {
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string line = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  std::string Peek() {
    const size_t before = at_;
    std::string line = AtEnd() ? std::string() : Next();
    at_ = before;
    return line;
  }
  std::string Rest() const {
    return at_ < text_.size() ? text_.substr(at_) : std::string();
  }

 private:
  const std::string text_;
  size_t at_ = 0;
};

void ReadHeaders(Lines& lines, http::Headers& headers) {
  while (!lines.AtEnd()) {
    const std::string line = lines.Next();
    if (line.empty()) return;
    const auto parts = base::SplitOnce(line, ':');
    if (parts) {
      headers.emplace_back(parts->first,
                           std::string(base::Strip(parts->second)));
    }
  }
}

RecordedExchange ReadExchange(const fs::path& path) {
  RecordedExchange exchange;
  exchange.name = path.stem().string();
  Lines lines(landwaiter::testing::ReadFile(path.string()));
  while (lines.Peek().starts_with("#")) {
    exchange.comments.push_back(
        std::string(base::Strip(lines.Next().substr(1))));
  }
  const std::string start = lines.Next();
  const std::vector<std::string_view> words = base::Split(start, ' ');
  if (words.size() < 2) {
    std::cerr << path << " is no exchange\n";
    std::abort();
  }
  exchange.request.method = std::string(words[0]);
  exchange.request.target = std::string(words[1]);
  ReadHeaders(lines, exchange.request.headers);
  while (!lines.AtEnd() && !lines.Peek().starts_with("HTTP/")) {
    base::StrAppend(&exchange.request.body, lines.Next(), "\n");
  }
  const std::string status = lines.Next();
  const std::vector<std::string_view> parts = base::Split(status, ' ');
  exchange.answer.status =
      parts.size() < 2
          ? 0
          : static_cast<int>(base::ParseInt64(parts[1]).value_or(0));
  exchange.answer.content_type.clear();
  ReadHeaders(lines, exchange.answer.headers);
  exchange.answer.body = lines.Rest();
  return exchange;
}

}  // namespace

std::vector<RecordedExchange> ReadExchanges(const std::string& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".http") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<RecordedExchange> exchanges;
  for (const fs::path& path : paths) exchanges.push_back(ReadExchange(path));
  return exchanges;
}

}  // namespace landwaiter::test
