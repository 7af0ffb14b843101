#ifndef LANDWAITER_CORE_TEXT_TESTING_RECORDER_H_
#define LANDWAITER_CORE_TEXT_TESTING_RECORDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "core/text/tree.h"

namespace landwaiter::text::testing {

// Writes down the events: "{a/b", "a/b/0=text", "}a/b".
class Recorder : public TreeHandler {
 public:
  absl::Status Enter(const Path& path) override {
    lines.push_back("{" + Text(path));
    return absl::OkStatus();
  }
  absl::Status Value(const Path& path, std::string_view text) override {
    if (text == "stop") return absl::AbortedError("stopped");
    lines.push_back(base::StrCat(Text(path), "=", text));
    return absl::OkStatus();
  }
  absl::Status Leave(const Path& path) override {
    lines.push_back("}" + Text(path));
    return absl::OkStatus();
  }

  // Those of values alone.
  std::vector<std::string> Values() const {
    std::vector<std::string> values;
    for (const std::string& line : lines) {
      if (line[0] != '{' && line[0] != '}') values.push_back(line);
    }
    return values;
  }

  std::vector<std::string> lines;

 private:
  static std::string Text(const Path& path) {
    std::string text;
    for (size_t i = 0; i < path.size(); ++i) {
      base::StrAppend(&text, i == 0 ? "" : "/", path[i]);
    }
    return text;
  }
};

}  // namespace landwaiter::text::testing

#endif  // LANDWAITER_CORE_TEXT_TESTING_RECORDER_H_
