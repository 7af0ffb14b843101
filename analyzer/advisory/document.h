#ifndef LANDWAITER_ANALYZER_ADVISORY_DOCUMENT_H_
#define LANDWAITER_ANALYZER_ADVISORY_DOCUMENT_H_

#include <string>
#include <string_view>
#include <vector>

// Small documents in YAML, TOML or JSON as a tree, for formats that have one
// in each file. Depth is bounded and there are no aliases, so a tree takes a
// few times the bytes that it is made of. Numbers, booleans and dates are
// texts, as they are written; null is an empty one.
namespace landwaiter::analyzer::advisory {

struct Node {
  std::string key;    // in its map; of a list's item its number
  std::string text;   // of a leaf
  bool leaf = false;  // else a map or a list
  std::vector<Node> items;

  // The item of that key; null if there is none.
  const Node* Find(std::string_view name) const;
  // The text of the item of that key; empty if there is none. Throws
  // BrokenRecord (json_fields.h) if it is a map or a list.
  const std::string& TextOf(std::string_view name) const;
  // The texts of this list; a text that is not empty counts as a list of one.
  // `what` is for the message of a BrokenRecord.
  std::vector<std::string> Texts(std::string_view what) const;
  // Those of the item of that key; none if there is none.
  std::vector<std::string> TextsOf(std::string_view name) const;
};

// Throw BrokenRecord for text that is none, or too large to be one of a feed.
Node ParseYaml(std::string_view text);
Node ParseToml(std::string_view text);
// JSON if it begins with "{", else YAML.
Node ParseJsonOrYaml(std::string_view text);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DOCUMENT_H_
