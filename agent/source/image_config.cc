#include "agent/source/image_config.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agent/source/json.h"
#include "agent/source/redact.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using Json = nlohmann::json;

const Json& At(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

std::vector<std::string> Texts(const Json& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const Json& item : list) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<std::string> Keys(const Json& object) {
  std::vector<std::string> keys;
  if (!object.is_object()) return keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

std::pair<std::string_view, std::string_view> SplitVariable(
    std::string_view variable) {
  return base::SplitOnce(variable, '=')
      .value_or(std::pair(variable, std::string_view()));
}

// Reads a config file under the limits; what is a secret anywhere in it is
// learnt first.
class Reader {
 public:
  explicit Reader(const Json& file) : file_(file), run_(At(file, "config")) {
    for (const std::string& variable : Texts(At(run_, "Env"))) {
      const auto [name, value] = SplitVariable(variable);
      redactor_.LearnValue(name, value);
    }
    if (const Json& labels = At(run_, "Labels"); labels.is_object()) {
      for (const auto& [name, value] : labels.items()) {
        if (!value.is_string()) continue;
        redactor_.LearnValue(name, value.get_ref<const std::string&>());
      }
    }
    if (const Json& history = At(file, "history"); history.is_array()) {
      for (const Json& step : history) {
        if (step.is_object()) redactor_.Learn(TextAt(step, "created_by"));
      }
    }
  }

  model::ImageConfig Read() {
    config_.created = Keep(TextAt(file_, "created"));
    if (!run_.is_object()) return ReadHistory();
    config_.user = Keep(redactor_.Text(TextAt(run_, "User")));
    config_.working_directory =
        Keep(redactor_.Text(TextAt(run_, "WorkingDir")));
    config_.stop_signal = Keep(redactor_.Text(TextAt(run_, "StopSignal")));
    config_.entrypoint =
        KeepAll(redactor_.Arguments(Texts(At(run_, "Entrypoint"))));
    config_.command = KeepAll(redactor_.Arguments(Texts(At(run_, "Cmd"))));
    config_.ports = KeepAll(Redacted(Keys(At(run_, "ExposedPorts"))));
    config_.volumes = KeepAll(Redacted(Keys(At(run_, "Volumes"))));
    ReadEnvironment();
    ReadLabels();
    return ReadHistory();
  }

 private:
  void ReadEnvironment() {
    std::vector<std::string> variables = Texts(At(run_, "Env"));
    for (std::string& variable : variables) {
      const auto [name, value] = SplitVariable(variable);
      if (name.size() == variable.size()) continue;  // has no value
      variable =
          base::StrCat(redactor_.Text(name), "=", redactor_.Value(name, value));
    }
    config_.environment = KeepAll(std::move(variables));
  }

  void ReadLabels() {
    const Json& labels = At(run_, "Labels");
    if (!labels.is_object()) return;
    for (const auto& [name, value] : labels.items()) {
      if (!value.is_string()) continue;
      if (config_.labels.size() >= kMaxConfigItems) {
        config_.truncated = true;
        return;
      }
      const std::string& text = value.get_ref<const std::string&>();
      config_.labels[Keep(redactor_.Text(name))] =
          Keep(redactor_.Value(name, text));
    }
  }

  model::ImageConfig ReadHistory() {
    const Json& history = At(file_, "history");
    if (!history.is_array()) return std::move(config_);
    for (const Json& step : history) {
      if (!step.is_object()) continue;
      if (config_.history.size() >= kMaxConfigItems) {
        config_.truncated = true;
        break;
      }
      const Json& empty = At(step, "empty_layer");
      config_.history.push_back(
          {Keep(TextAt(step, "created")),
           Keep(redactor_.Text(TextAt(step, "created_by"))),
           Keep(redactor_.Text(TextAt(step, "comment"))),
           empty.is_boolean() && empty.get<bool>()});
    }
    return std::move(config_);
  }

  std::vector<std::string> Redacted(std::vector<std::string> texts) const {
    for (std::string& text : texts) text = redactor_.Text(text);
    return texts;
  }

  std::vector<std::string> KeepAll(std::vector<std::string> texts) {
    if (texts.size() > kMaxConfigItems) {
      texts.resize(kMaxConfigItems);
      config_.truncated = true;
    }
    for (std::string& text : texts) text = Keep(text);
    return texts;
  }

  // As much of the (redacted) text as the limits let through.
  std::string Keep(std::string_view text) {
    const size_t most = std::min(kMaxConfigText, kMaxConfigTotal - total_);
    if (text.size() > most) {
      text = text.substr(0, most);
      config_.truncated = true;
    }
    total_ += text.size();
    return base::ToValidUtf8(text);
  }

  const Json& file_;
  const Json& run_;  // what a runtime reads
  Redactor redactor_;
  model::ImageConfig config_;
  size_t total_ = 0;
};

}  // namespace

model::ImageConfig ReadImageConfig(const Json& file) {
  return Reader(file).Read();
}

}  // namespace landwaiter::agent::source
