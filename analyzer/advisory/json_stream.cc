#include "analyzer/advisory/json_stream.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDepth = 64;  // of a value, and of where it is
// A value in memory takes many times its bytes if these are many pieces.
constexpr size_t kMaxPieces = 1'000'000;

// A file's bytes one by one, ended early by an error or a text too long.
class Bytes {
 public:
  explicit Bytes(FeedFile& file) : file_(file), buffer_(size_t{64} << 10) {
    Fill();
  }

  bool AtEnd() const { return size_ == 0; }
  char Get() const { return buffer_[at_]; }
  void Next() {
    ++position_;
    if (++at_ == size_) Fill();
  }

  uint64_t position() const { return position_; }
  // The parser has understood all until here.
  void Understood() { understood_ = position_; }
  const absl::Status& status() const { return status_; }

 private:
  void Fill() {
    at_ = size_ = 0;
    if (position_ - understood_ > kMaxRecord) {
      status_ = absl::InvalidArgumentError(
          base::StrCat("a text of more than ", kMaxRecord, " bytes"));
    }
    if (!status_.ok()) return;
    const auto got = file_.Read(buffer_.data(), buffer_.size());
    if (got.ok()) {
      size_ = *got;
    } else {
      status_ = got.status();
    }
  }

  FeedFile& file_;
  std::vector<char> buffer_;
  size_t at_ = 0, size_ = 0;
  uint64_t position_ = 0, understood_ = 0;
  absl::Status status_;
};

// Bytes as the parser takes them.
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit Iterator(Bytes* bytes) : bytes_(bytes) {}
  char operator*() const { return bytes_->Get(); }
  Iterator& operator++() {
    bytes_->Next();
    return *this;
  }
  Iterator operator++(int) {
    bytes_->Next();
    return *this;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) {
    return a.AtEnd() == b.AtEnd();
  }
  friend bool operator!=(const Iterator& a, const Iterator& b) {
    return !(a == b);
  }

 private:
  bool AtEnd() const { return bytes_ == nullptr || bytes_->AtEnd(); }
  Bytes* bytes_;  // null: the end
};

// The parser's events. Outside of wanted values only the path is kept; inside,
// the value is built up.
class Events : public nlohmann::json_sax<Json> {
 public:
  Events(Bytes& bytes, const std::vector<JsonPath>& wanted,
         absl::FunctionRef<absl::Status(const JsonItem&)> visit)
      : bytes_(bytes), wanted_(wanted), visit_(visit) {}

  const absl::Status& status() const { return status_; }

  bool null() override { return Scalar(nullptr); }
  bool boolean(bool value) override { return Scalar(value); }
  bool number_integer(number_integer_t value) override { return Scalar(value); }
  bool number_unsigned(number_unsigned_t value) override {
    return Scalar(value);
  }
  bool number_float(number_float_t value, const string_t&) override {
    return Scalar(value);
  }
  bool string(string_t& value) override { return Scalar(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return Start(Json::object()); }
  bool start_array(size_t) override { return Start(Json::array()); }
  bool end_object() override { return End(); }
  bool end_array() override { return End(); }
  bool key(string_t& key) override {
    bytes_.Understood();
    key_ = std::move(key);
    return true;
  }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Stop(
        absl::InvalidArgumentError(base::StrCat("no JSON at byte ", position)));
  }

 private:
  bool Stop(absl::Status status) {
    if (status_.ok()) status_ = std::move(status);
    return false;
  }

  // The path of the value that begins, and whether it is wanted.
  bool Wanted() {
    item_.keys = path_;
    if (!in_list_.empty()) item_.keys.push_back(in_list_.back() ? "*" : key_);
    for (item_.wanted = 0; item_.wanted < wanted_.size(); ++item_.wanted) {
      if (Matches(wanted_[item_.wanted])) return true;
    }
    return false;
  }

  bool Matches(const JsonPath& wanted) const {
    if (wanted.size() != item_.keys.size()) return false;
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] != "*" && wanted[i] != item_.keys[i]) return false;
    }
    return true;
  }

  bool Scalar(Json value) {
    bytes_.Understood();
    if (depth_ > 0) return Put(std::move(value));
    if (in_list_.empty()) return NoObject();
    if (!Wanted()) return true;
    value_ = std::move(value);
    return Deliver();
  }

  bool ListWanted() const {
    return std::any_of(wanted_.begin(), wanted_.end(), [](const auto& path) {
      return !path.empty() && path[0] == "*";
    });
  }

  bool NoObject() {
    return Stop(absl::InvalidArgumentError("the whole is no JSON object"));
  }

  bool Start(Json container) {
    bytes_.Understood();
    if (depth_ > 0) return StartInside(std::move(container));
    if (in_list_.empty() && !container.is_object() && !ListWanted()) {
      return NoObject();
    }
    if (!in_list_.empty() && Wanted()) {
      value_ = std::move(container);
      open_ = {&value_};
      depth_ = 1;
      pieces_ = 0;
      begin_ = bytes_.position();
      item_.problem = RecordProblem::kNone;
      return true;
    }
    if (in_list_.size() >= kMaxDepth) {
      return Stop(absl::InvalidArgumentError("JSON nested too deep"));
    }
    if (!in_list_.empty()) path_.push_back(in_list_.back() ? "*" : key_);
    in_list_.push_back(container.is_array());
    return true;
  }

  bool StartInside(Json container) {
    if (++depth_ > kMaxDepth) Drop(RecordProblem::kTooDeep);
    if (item_.problem != RecordProblem::kNone) return true;
    Put(std::move(container));
    if (item_.problem != RecordProblem::kNone) return true;
    Json& parent = *open_.back();
    open_.push_back(parent.is_array() ? &parent.back() : &parent[last_key_]);
    return true;
  }

  // Into the innermost container of the wanted value.
  bool Put(Json value) {
    if (++pieces_ > kMaxPieces || bytes_.position() - begin_ > kMaxRecord) {
      Drop(RecordProblem::kTooLarge);
    }
    if (item_.problem != RecordProblem::kNone) return true;
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
    } else {
      last_key_ = key_;
      parent[key_] = std::move(value);
    }
    return true;
  }

  void Drop(RecordProblem problem) {
    if (item_.problem == RecordProblem::kNone) item_.problem = problem;
    value_ = nullptr;
    open_.clear();
  }

  bool End() {
    bytes_.Understood();
    if (depth_ == 0) {
      in_list_.pop_back();
      if (!path_.empty()) path_.pop_back();
      return true;
    }
    if (!open_.empty()) open_.pop_back();
    return --depth_ > 0 || Deliver();
  }

  bool Deliver() {
    item_.value = item_.problem == RecordProblem::kNone ? &value_ : nullptr;
    absl::Status status = visit_(item_);
    value_ = nullptr;
    item_.problem = RecordProblem::kNone;
    return status.ok() || Stop(std::move(status));
  }

  Bytes& bytes_;
  const std::vector<JsonPath>& wanted_;
  absl::FunctionRef<absl::Status(const JsonItem&)> visit_;
  absl::Status status_;

  std::vector<bool> in_list_;      // of each container that is open, or a map
  std::vector<std::string> path_;  // keys of those, without the root's
  std::string key_, last_key_;

  JsonItem item_;
  Json value_;
  std::vector<Json*> open_;  // containers in value_
  size_t depth_ = 0;         // of those; 0 outside of wanted values
  size_t pieces_ = 0;        // of the value
  uint64_t begin_ = 0;       // of it, in the file
};

}  // namespace

std::string JsonItem::Where(const FeedFile& file) const {
  std::string where = base::StrCat(file.name(), ": ");
  for (size_t i = 0; i < keys.size(); ++i) {
    base::StrAppend(&where, i == 0 ? "" : "/", keys[i]);
  }
  return where;
}

absl::Status ReadJsonItems(
    FeedFile& file, const std::vector<JsonPath>& wanted,
    absl::FunctionRef<absl::Status(const JsonItem&)> visit) {
  Bytes bytes(file);
  Events events(bytes, wanted, visit);
  const bool whole =
      Json::sax_parse(Iterator(&bytes), Iterator(nullptr), &events);
  LANDWAITER_RETURN_IF_ERROR(bytes.status());
  if (whole) return absl::OkStatus();
  return base::WithContext(events.status(), base::Printable(file.name()));
}

}  // namespace landwaiter::analyzer::advisory
