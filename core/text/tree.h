#ifndef LANDWAITER_CORE_TEXT_TREE_H_
#define LANDWAITER_CORE_TEXT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

// JSON, YAML, TOML and XML all tell a tree. Their readers report it piece by
// piece, in the order of the file, and never hold more of it than the path to
// where they are: memory does not grow with the file.
namespace landwaiter::text {

// Where in a document something is: the keys from the root down to it. An item
// of a list has its number as key ("0", "1").
class Path {
 public:
  size_t size() const { return size_; }
  std::string_view operator[](size_t i) const { return keys_[i]; }
  std::string_view back() const {
    return size_ == 0 ? std::string_view() : keys_[size_ - 1];
  }
  // Whether the path has these keys; "*" stands for any one.
  bool Is(std::initializer_list<std::string_view> pattern) const;
  // Whether it begins with these keys.
  bool StartsWith(std::initializer_list<std::string_view> pattern) const;

 private:
  friend class TreeWriter;
  void Push(std::string_view key);
  void Pop() { --size_; }

  std::vector<std::string> keys_;  // beyond size_: kept for their memory
  size_t size_ = 0;
};

// Takes the events of a document. A status that is not OK ends the reading and
// is what the reader returns. What the views point to is valid during the
// call.
class TreeHandler {
 public:
  virtual ~TreeHandler() = default;
  // A map or a list begins at `path`. A YAML file of several documents has
  // the root (an empty path) several times.
  virtual absl::Status Enter(const Path& /*path*/) { return absl::OkStatus(); }
  // A string, without its quotes; a number or a boolean as text ("1.5",
  // "true"); null as an empty text.
  virtual absl::Status Value(const Path& path, std::string_view text) = 0;
  // The map or list at `path` is over.
  virtual absl::Status Leave(const Path& /*path*/) { return absl::OkStatus(); }
};

// What the readers of formats write into. Each call is false when the reading
// must end, for a reason that status() or fault() tells.
class TreeWriter {
 public:
  // Levels of maps and lists within each other; more are a fault.
  static constexpr size_t kMaxDepth = 128;

  // `handler` must outlive the writer.
  explicit TreeWriter(TreeHandler& handler) : handler_(handler) {}

  bool BeginMap() { return Begin(/*list=*/false); }
  bool BeginList() { return Begin(/*list=*/true); }
  bool End();
  // In a map, before each value.
  bool Key(std::string_view key);
  bool Scalar(std::string_view text);

  bool InMap() const { return !levels_.empty() && !levels_.back().list; }
  // Of maps and lists that are open.
  size_t depth() const { return levels_.size(); }
  // Of calls so far.
  uint64_t events() const { return events_; }
  // The handler's, if it ended the reading.
  const absl::Status& status() const { return status_; }
  // What is wrong with the document; empty if nothing.
  const std::string& fault() const { return fault_; }

 private:
  struct Level {
    bool list = false;
    uint64_t next = 0;  // number of the next item
  };

  bool Begin(bool list);
  void EnterItem();
  void LeaveItem();
  bool Keep(absl::Status status);

  TreeHandler& handler_;
  Path path_;
  std::vector<Level> levels_;
  uint64_t events_ = 0;
  absl::Status status_;
  std::string fault_;
};

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_TREE_H_
