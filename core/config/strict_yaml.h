#ifndef LANDWAITER_CORE_CONFIG_STRICT_YAML_H_
#define LANDWAITER_CORE_CONFIG_STRICT_YAML_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landwaiter::config {

// Reads one mapping of a program's YAML configuration. A program asks for each
// key that it knows; a key that is absent leaves the default in place. What
// nobody asked for is an error, with the known key that looks most like it:
//
//   AnalyzerConfig config;
//   LANDWAITER_RETURN_IF_ERROR(ReadYamlFile(path, [&](StrictYaml& yaml) {
//     yaml.Object("store", [&](StrictYaml& store) {
//       store.Text("path", config.store_path);
//     });
//   }));
//
// All problems are told at once, a line each: "config.yaml:3: store.pth: is
// not a key; did you mean store.path?". Not thread-safe.
class StrictYaml {
 public:
  ~StrictYaml();
  StrictYaml(const StrictYaml&) = delete;
  StrictYaml& operator=(const StrictYaml&) = delete;

  void Text(std::string_view key, std::string& value);
  void TextList(std::string_view key, std::vector<std::string>& value);
  void Bool(std::string_view key, bool& value);
  // A decimal number in [least, most].
  void Uint(std::string_view key, uint64_t& value, uint64_t least = 0,
            uint64_t most = std::numeric_limits<uint64_t>::max());
  // "250ms", "90s", "15m", "4h", "1h30m".
  void Duration(std::string_view key, absl::Duration& value,
                absl::Duration least = absl::ZeroDuration(),
                absl::Duration most = absl::InfiniteDuration());
  // Bytes: "4096", "64KiB", "8GiB".
  void Size(std::string_view key, uint64_t& value);
  // A mapping in this one; not called when it is absent.
  using Reader = absl::FunctionRef<void(StrictYaml&)>;
  void Object(std::string_view key, Reader reader);
  // A list of mappings.
  void Objects(std::string_view key, Reader reader);

  // Says that the key's value is not good.
  void Problem(std::string_view key, std::string_view message);
  bool Has(std::string_view key) const;

 private:
  friend absl::Status ReadYaml(const std::string& text, std::string_view source,
                               Reader reader);
  struct State;
  explicit StrictYaml(std::unique_ptr<State> state);
  // The value under `key`, which is now known; null when absent.
  const void* Find(std::string_view key);
  bool Scalar(std::string_view key, std::string& text);
  void Finish();

  std::unique_ptr<State> state_;
};

// Reads a whole document; `source` is what errors call it. INVALID_ARGUMENT
// with all problems. An empty document is an empty mapping.
absl::Status ReadYaml(const std::string& text, std::string_view source,
                      StrictYaml::Reader reader);
// NOT_FOUND if the file cannot be opened; at most 1 MiB is read.
absl::Status ReadYamlFile(const std::string& path, StrictYaml::Reader reader);

}  // namespace landwaiter::config

#endif  // LANDWAITER_CORE_CONFIG_STRICT_YAML_H_
