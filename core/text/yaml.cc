#include "core/text/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <exception>
#include <istream>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include "core/text/byte_reader.h"

namespace landwaiter::text {
namespace {

// The reader as the stream that the parser takes, ended early by a token that
// is too long. It goes by small blocks, so that what the parser has not asked
// for yet counts little.
class Buffer : public std::streambuf {
 public:
  explicit Buffer(ByteReader& reader) : reader_(reader) {}
  void Refill() { used_ = 0; }
  // Once it is, it stays so.
  bool TooLong() const { return too_long_; }

 protected:
  int_type underflow() override {
    if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
    size_t count = 0;
    if (used_ >= kMaxYamlToken) too_long_ = true;
    while (count < block_.size() && !TooLong() &&
           reader_.Peek() != ByteReader::kEnd) {
      block_[count++] = static_cast<char>(reader_.Next());
      ++used_;
    }
    setg(block_.data(), block_.data(), block_.data() + count);
    return count == 0 ? traits_type::eof()
                      : traits_type::to_int_type(block_[0]);
  }

 private:
  ByteReader& reader_;
  std::array<char, 1024> block_;
  size_t used_ = 0;
  bool too_long_ = false;
};

// Ends the parser; caught below.
struct Stop {};

// The parser's events, as the tree has them. yaml-cpp gives a map's keys and
// values alike, so this counts which is which.
class Events : public YAML::EventHandler {
 public:
  Events(const ByteReader& reader, Buffer& buffer, TreeWriter& writer)
      : reader_(reader), buffer_(buffer), writer_(writer) {}

  const std::string& fault() const { return fault_; }
  // Of the last event.
  uint64_t line() const { return line_; }

  void OnDocumentStart(const YAML::Mark& mark) override { At(mark); }
  void OnDocumentEnd() override { buffer_.Refill(); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    At(mark);
    Scalar("");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    At(mark);
    Fail("an alias");
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    At(mark);
    Scalar(value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&,
                       YAML::anchor_t, YAML::EmitterStyle::value) override {
    At(mark);
    BeforeContainer();
    Check(writer_.BeginList());
  }
  void OnSequenceEnd() override { End(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    At(mark);
    BeforeContainer();
    key_next_.push_back(true);
    Check(writer_.BeginMap());
  }
  void OnMapEnd() override {
    key_next_.pop_back();
    End();
  }

 private:
  void At(const YAML::Mark& mark) {
    line_ = static_cast<uint64_t>(mark.line) + 1;
    buffer_.Refill();
    if (buffer_.TooLong()) Fail("a text too long");
    // The parser may give empty documents without end, at a "," that it does
    // not take (yaml-cpp 0.7). No byte stands for more events than this.
    if (writer_.events() > 64 + 4 * reader_.offset()) Fail("not YAML");
  }

  void Scalar(std::string_view text) {
    if (!writer_.InMap()) return Check(writer_.Scalar(text));
    const bool is_key = key_next_.back();
    key_next_.back() = !is_key;
    Check(is_key ? writer_.Key(text) : writer_.Scalar(text));
  }

  void BeforeContainer() {
    if (!writer_.InMap()) return;
    if (key_next_.back()) Fail("a key that is a map or a list");
    key_next_.back() = true;
  }

  void End() {
    buffer_.Refill();
    Check(writer_.End());
  }

  void Check(bool more) {
    if (!more) throw Stop();
  }

  void Fail(std::string_view what) {
    fault_ = what;
    throw Stop();
  }

  const ByteReader& reader_;
  Buffer& buffer_;
  TreeWriter& writer_;
  std::vector<bool> key_next_;  // of each map that is open
  uint64_t line_ = 1;
  std::string fault_;
};

}  // namespace

absl::StatusOr<Outcome> ReadYaml(base::File& file, TreeHandler& handler) {
  ByteReader reader(file);
  Buffer buffer(reader);
  std::istream stream(&buffer);
  TreeWriter writer(handler);
  Events events(reader, buffer, writer);
  std::string fault;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const Stop&) {
    fault = events.fault();
  } catch (const std::exception&) {
    fault = "not YAML";
  }
  if (fault.empty() && buffer.TooLong()) fault = "a text too long";
  return Finish(reader, writer, std::move(fault), events.line());
}

}  // namespace landwaiter::text
