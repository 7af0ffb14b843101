#include "agent/inspect/json_document.h"

#include <string>

namespace landwaiter::agent::inspect {
namespace {

constexpr int kIndent = 2;

// `value` as it stands `depth` levels deep. Line breaks are between the tokens
// alone: within texts they are escaped.
std::string Indented(const nlohmann::ordered_json& value, size_t depth) {
  const std::string text = value.dump(kIndent);
  const std::string indent(depth * kIndent, ' ');
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

}  // namespace

JsonDocument::JsonDocument(const nlohmann::ordered_json& head, TextSink write)
    : write_(write) {
  std::string text = head.dump(kIndent);
  text.resize(text.size() - std::string_view("\n}").size());
  write_(text);
}

void JsonDocument::BeginArray(std::string_view key) {
  write_(",\n  \"");
  write_(key);
  write_("\": [");
  first_item_ = true;
}

void JsonDocument::Item(const nlohmann::ordered_json& item) {
  write_(first_item_ ? "\n    " : ",\n    ");
  write_(Indented(item, 2));
  first_item_ = false;
}

void JsonDocument::EndArray() { write_(first_item_ ? "]" : "\n  ]"); }

void JsonDocument::Member(std::string_view key,
                          const nlohmann::ordered_json& value) {
  write_(",\n  \"");
  write_(key);
  write_("\": ");
  write_(Indented(value, 1));
}

void JsonDocument::End() { write_("\n}"); }

}  // namespace landwaiter::agent::inspect
