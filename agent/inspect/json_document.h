#ifndef LANDWAITER_AGENT_INSPECT_JSON_DOCUMENT_H_
#define LANDWAITER_AGENT_INSPECT_JSON_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/inspect/print.h"

namespace landwaiter::agent::inspect {

// Prints one JSON object, indented as nlohmann's dump(2) does it, without ever
// having the whole of it in memory.
class JsonDocument {
 public:
  // The first members, at least one. REQUIRES: `head` is an object.
  JsonDocument(const nlohmann::ordered_json& head, TextSink write);

  // Further members, in order: an array, item by item, or a whole one.
  void BeginArray(std::string_view key);
  void Item(const nlohmann::ordered_json& item);
  void EndArray();
  void Member(std::string_view key, const nlohmann::ordered_json& value);
  void End();

 private:
  const TextSink write_;
  bool first_item_ = true;
};

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_JSON_DOCUMENT_H_
