#include "analyzer/advisory/document.h"

#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "core/base/file.h"
#include "core/base/strings.h"
#include "core/text/json.h"
#include "core/text/toml.h"
#include "core/text/tree.h"
#include "core/text/yaml.h"

namespace landwaiter::analyzer::advisory {
namespace {

// A tree of the reader's events; of several documents the last counts.
class Builder : public text::TreeHandler {
 public:
  Node Take() { return std::move(root_); }

  absl::Status Enter(const text::Path& path) override {
    if (path.size() == 0) {
      root_ = Node();
      open_ = {&root_};
      return absl::OkStatus();
    }
    Node& node = open_.back()->items.emplace_back();
    node.key = path.back();
    open_.push_back(&node);
    return absl::OkStatus();
  }
  absl::Status Value(const text::Path& path, std::string_view value) override {
    if (open_.empty()) {  // the whole document
      root_.leaf = true;
      root_.text = value;
      return absl::OkStatus();
    }
    Node& node = open_.back()->items.emplace_back();
    node.key = path.back();
    node.leaf = true;
    node.text = value;
    return absl::OkStatus();
  }
  absl::Status Leave(const text::Path&) override {
    open_.pop_back();
    return absl::OkStatus();
  }

 private:
  Node root_;
  // The innermost last: while it is open nothing is added beside it, so that
  // these stay where they are.
  std::vector<Node*> open_;
};

Node TreeOf(std::string_view bytes, std::string_view kind,
            absl::StatusOr<text::Outcome> (*read)(base::File&,
                                                  text::TreeHandler&)) {
  if (bytes.size() > kMaxRecord) {
    throw BrokenRecord{RecordProblem::kTooLarge,
                       base::StrCat("has more than ", kMaxRecord, " bytes")};
  }
  base::MemoryFile file(bytes);
  Builder builder;
  const auto outcome = read(file, builder);
  if (!outcome.ok()) {
    FailField("the whole", outcome.status().ToString());
  }
  if (!outcome->fault.empty()) {
    FailField("the whole", base::StrCat("is no ", kind, ", ",
                                        base::Printable(outcome->fault)));
  }
  return builder.Take();
}

}  // namespace

const Node* Node::Find(std::string_view name) const {
  for (const Node& item : items) {
    if (item.key == name) return &item;
  }
  return nullptr;
}

const std::string& Node::TextOf(std::string_view name) const {
  static const std::string kNone;
  const Node* item = Find(name);
  if (item == nullptr) return kNone;
  if (!item->leaf) FailField(name, "is no text");
  return item->text;
}

std::vector<std::string> Node::Texts(std::string_view what) const {
  std::vector<std::string> texts;
  if (leaf && !text.empty()) texts.push_back(text);
  for (const Node& member : items) {
    if (!member.leaf) FailField(what, "has a member that is no text");
    texts.push_back(member.text);
  }
  return texts;
}

std::vector<std::string> Node::TextsOf(std::string_view name) const {
  const Node* item = Find(name);
  return item == nullptr ? std::vector<std::string>() : item->Texts(name);
}

Node ParseYaml(std::string_view bytes) {
  return TreeOf(bytes, "YAML", &text::ReadYaml);
}

Node ParseToml(std::string_view bytes) {
  return TreeOf(bytes, "TOML", &text::ReadToml);
}

Node ParseJsonOrYaml(std::string_view bytes) {
  if (!base::Strip(bytes).starts_with('{')) return ParseYaml(bytes);
  return TreeOf(bytes, "JSON",
                [](base::File& file, text::TreeHandler& handler) {
                  return text::ReadJson(file, handler);
                });
}

}  // namespace landwaiter::analyzer::advisory
