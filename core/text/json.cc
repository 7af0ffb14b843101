#include "core/text/json.h"

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/strings.h"
#include "core/text/byte_reader.h"

namespace landwaiter::text {
namespace {

using Json = nlohmann::json;

bool IsSpace(int byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

// The bytes for the parser: without commas that only a relaxed dialect knows,
// and ended early by a token that is too long.
class Input {
 public:
  Input(ByteReader& reader, bool relaxed)
      : reader_(reader), relaxed_(relaxed) {}

  // The next byte, or kEnd.
  int Peek() {
    if (held_ != kNone) return held_;
    if (used_ >= kMaxJsonToken) too_long_ = true;
    if (too_long_) return ByteReader::kEnd;
    ++used_;
    return held_ = relaxed_ ? NextRelaxed() : reader_.Next();
  }
  void Advance() { held_ = kNone; }
  // An event came: the next token may be long again.
  void Refill() { used_ = 0; }
  // Once it is, it stays so.
  bool TooLong() const { return too_long_; }

 private:
  static constexpr int kNone = -2;

  int NextRelaxed() {
    const int byte = reader_.Next();
    if (in_text_) {
      if (escaped_) {
        escaped_ = false;
      } else if (byte == '\\') {
        escaped_ = true;
      } else if (byte == '"') {
        in_text_ = false;
      }
      return byte;
    }
    if (byte == '"') in_text_ = true;
    if (byte != ',') return byte;
    while (IsSpace(reader_.Peek()) && ++used_ < kMaxJsonToken) reader_.Next();
    const int next = reader_.Peek();
    return next == '}' || next == ']' ? reader_.Next() : byte;
  }

  ByteReader& reader_;
  const bool relaxed_;
  size_t used_ = 0;
  int held_ = kNone;
  bool too_long_ = false;
  bool in_text_ = false;
  bool escaped_ = false;
};

// Input in the form that the parser takes; null is the end.
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit Iterator(Input* input) : input_(input) {}
  char operator*() const { return static_cast<char>(input_->Peek()); }
  Iterator& operator++() {
    input_->Advance();
    return *this;
  }
  bool operator==(const Iterator& other) const {
    return AtEnd() == other.AtEnd();
  }
  bool operator!=(const Iterator& other) const { return !(*this == other); }

 private:
  bool AtEnd() const {
    return input_ == nullptr || input_->Peek() == ByteReader::kEnd;
  }

  Input* input_;
};

// The parser's events, as the tree has them.
class Sax : public nlohmann::json_sax<Json> {
 public:
  Sax(Input& input, TreeWriter& writer) : input_(input), writer_(writer) {}

  bool null() override { return Scalar(""); }
  bool boolean(bool value) override { return Scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return Scalar(base::StrCat(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Scalar(base::StrCat(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return Scalar(text);
  }
  bool string(string_t& value) override { return Scalar(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    input_.Refill();
    return writer_.BeginMap();
  }
  bool key(string_t& value) override {
    input_.Refill();
    return writer_.Key(value);
  }
  bool end_object() override { return End(); }
  bool start_array(std::size_t) override {
    input_.Refill();
    return writer_.BeginList();
  }
  bool end_array() override { return End(); }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool Scalar(std::string_view text) {
    input_.Refill();
    return writer_.Scalar(text);
  }
  bool End() {
    input_.Refill();
    return writer_.End();
  }

  Input& input_;
  TreeWriter& writer_;
};

}  // namespace

absl::StatusOr<Outcome> ReadJson(base::File& file, TreeHandler& handler,
                                 JsonDialect dialect) {
  const bool relaxed = dialect == JsonDialect::kRelaxed;
  ByteReader reader(file);
  Input input(reader, relaxed);
  TreeWriter writer(handler);
  Sax sax(input, writer);
  const bool whole = Json::sax_parse(Iterator(&input), Iterator(nullptr), &sax,
                                     Json::input_format_t::json,
                                     /*strict=*/true, relaxed);
  std::string fault;
  if (!whole) fault = input.TooLong() ? "a text too long" : "not JSON";
  return Finish(reader, writer, std::move(fault), reader.line());
}

}  // namespace landwaiter::text
