#include "core/config/strict_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::config {
namespace {

using base::StrCat;

constexpr size_t kMaxFile = size_t{1} << 20;

// Levenshtein's distance.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t substituted = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, corner + 1});
    }
  }
  return row.back();
}

// The known key that `key` was probably meant to be; empty if none is near.
std::string Nearest(const std::string& key,
                    const std::set<std::string, std::less<>>& known) {
  std::string best;
  size_t best_distance = std::max<size_t>(2, key.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t distance =
        Distance(base::ToLower(key), base::ToLower(candidate));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::optional<uint64_t> ParseSize(std::string_view text) {
  static constexpr std::pair<std::string_view, int> kUnits[] = {
      {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};
  for (const auto& [unit, shift] : kUnits) {
    if (!text.ends_with(unit)) continue;
    text.remove_suffix(unit.size());
    const std::optional<uint64_t> number = base::ParseUint64(text);
    if (!number || *number > (UINT64_MAX >> shift)) return std::nullopt;
    return *number << shift;
  }
  return base::ParseUint64(text);
}

}  // namespace

struct StrictYaml::State {
  YAML::Node node;   // a mapping
  std::string path;  // "server.tls."
  std::string source;
  std::vector<std::string>* problems = nullptr;
  std::set<std::string, std::less<>> known;
  YAML::Node found;  // the last value that Find gave

  void Add(const YAML::Mark& mark, std::string_view what) {
    std::string place = source;
    if (mark.line >= 0) place += StrCat(":", mark.line + 1);
    problems->push_back(StrCat(place, ": ", what));
  }
};

StrictYaml::StrictYaml(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
StrictYaml::~StrictYaml() = default;

const void* StrictYaml::Find(std::string_view key) {
  state_->known.emplace(key);
  const YAML::Node& node = state_->node;
  const YAML::Node value = node[std::string(key)];
  if (!value.IsDefined() || value.IsNull()) return nullptr;
  state_->found.reset(value);
  return &state_->found;
}

bool StrictYaml::Has(std::string_view key) const {
  const YAML::Node& node = state_->node;
  return node[std::string(key)].IsDefined();
}

void StrictYaml::Problem(std::string_view key, std::string_view message) {
  const YAML::Node& node = state_->node;
  const YAML::Node value = node[std::string(key)];
  state_->Add(value.IsDefined() ? value.Mark() : node.Mark(),
              StrCat(state_->path, key, ": ", message));
}

bool StrictYaml::Scalar(std::string_view key, std::string& text) {
  if (Find(key) == nullptr) return false;
  if (!state_->found.IsScalar()) {
    Problem(key, "must be one value");
    return false;
  }
  text = state_->found.Scalar();
  return true;
}

void StrictYaml::Text(std::string_view key, std::string& value) {
  Scalar(key, value);
}

void StrictYaml::TextList(std::string_view key,
                          std::vector<std::string>& value) {
  if (Find(key) == nullptr) return;
  const YAML::Node list = state_->found;
  if (!list.IsSequence()) return Problem(key, "must be a list");
  value.clear();
  for (const YAML::Node& element : list) {
    if (!element.IsScalar()) return Problem(key, "must be a list of texts");
    value.push_back(element.Scalar());
  }
}

void StrictYaml::Bool(std::string_view key, bool& value) {
  std::string text;
  if (!Scalar(key, text)) return;
  if (text != "true" && text != "false") {
    return Problem(key, "must be true or false");
  }
  value = text == "true";
}

void StrictYaml::Uint(std::string_view key, uint64_t& value, uint64_t least,
                      uint64_t most) {
  std::string text;
  if (!Scalar(key, text)) return;
  const std::optional<uint64_t> number = base::ParseUint64(text);
  if (!number || *number < least || *number > most) {
    return Problem(key,
                   StrCat("must be a whole number from ", least, " to ", most));
  }
  value = *number;
}

void StrictYaml::Duration(std::string_view key, absl::Duration& value,
                          absl::Duration least, absl::Duration most) {
  std::string text;
  if (!Scalar(key, text)) return;
  absl::Duration parsed;
  if (!absl::ParseDuration(text, &parsed)) {
    return Problem(key, "must be a duration such as 90s, 15m or 4h");
  }
  if (parsed < least || parsed > most) {
    return Problem(key, StrCat("must be from ", absl::FormatDuration(least),
                               " to ", absl::FormatDuration(most)));
  }
  value = parsed;
}

void StrictYaml::Size(std::string_view key, uint64_t& value) {
  std::string text;
  if (!Scalar(key, text)) return;
  const std::optional<uint64_t> size = ParseSize(text);
  if (!size) return Problem(key, "must be a size such as 4096, 64KiB or 8GiB");
  value = *size;
}

void StrictYaml::Object(std::string_view key, Reader reader) {
  if (Find(key) == nullptr) return;
  if (!state_->found.IsMap()) return Problem(key, "must be a mapping");
  auto state = std::make_unique<State>();
  state->node.reset(state_->found);
  state->path = StrCat(state_->path, key, ".");
  state->source = state_->source;
  state->problems = state_->problems;
  StrictYaml child(std::move(state));
  reader(child);
  child.Finish();
}

void StrictYaml::Objects(std::string_view key, Reader reader) {
  if (Find(key) == nullptr) return;
  const YAML::Node list = state_->found;
  if (!list.IsSequence()) return Problem(key, "must be a list");
  size_t index = 0;
  for (const YAML::Node& element : list) {
    if (!element.IsMap()) return Problem(key, "must be a list of mappings");
    auto state = std::make_unique<State>();
    state->node.reset(element);
    state->path = StrCat(state_->path, key, "[", index++, "].");
    state->source = state_->source;
    state->problems = state_->problems;
    StrictYaml child(std::move(state));
    reader(child);
    child.Finish();
  }
}

void StrictYaml::Finish() {
  std::set<std::string> seen;
  for (const auto& entry : state_->node) {
    if (!entry.first.IsScalar()) {
      state_->Add(entry.first.Mark(), "a key must be a text");
      continue;
    }
    const std::string& key = entry.first.Scalar();
    if (!seen.insert(key).second) {
      state_->Add(entry.first.Mark(),
                  StrCat(state_->path, key, ": is there twice"));
    }
    if (state_->known.contains(key)) continue;
    const std::string nearest = Nearest(key, state_->known);
    state_->Add(entry.first.Mark(),
                StrCat(state_->path, key, ": is not a key",
                       nearest.empty() ? "" : "; did you mean ",
                       nearest.empty() ? "" : state_->path, nearest,
                       nearest.empty() ? "" : "?"));
  }
}

absl::Status ReadYaml(const std::string& text, std::string_view source,
                      StrictYaml::Reader reader) {
  std::vector<std::string> problems;
  try {
    auto state = std::make_unique<StrictYaml::State>();
    state->source = std::string(source);
    state->problems = &problems;
    const YAML::Node document = YAML::Load(text);
    if (document.IsMap()) {
      state->node.reset(document);
    } else if (document.IsNull() || !document.IsDefined()) {
      state->node.reset(YAML::Node(YAML::NodeType::Map));
    } else {
      return absl::InvalidArgumentError(StrCat(source, ": must be a mapping"));
    }
    StrictYaml yaml(std::move(state));
    reader(yaml);
    yaml.Finish();
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        StrCat(source, ":", error.mark.line + 1, ": is not YAML: ", error.msg));
  }
  if (problems.empty()) return absl::OkStatus();
  std::string message;
  for (const std::string& problem : problems) {
    base::StrAppend(&message, message.empty() ? "" : "\n", problem);
  }
  return absl::InvalidArgumentError(message);
}

absl::Status ReadYamlFile(const std::string& path, StrictYaml::Reader reader) {
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(StrCat("cannot open ", path));
  }
  std::string text(kMaxFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxFile) {
    return absl::InvalidArgumentError(StrCat(path, ": is over 1 MiB"));
  }
  return ReadYaml(text, path, reader);
}

}  // namespace landwaiter::config
