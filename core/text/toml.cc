#include "core/text/toml.h"

#include <string>
#include <utility>
#include <vector>

#include "core/text/byte_reader.h"
#include "core/text/utf8.h"

namespace landwaiter::text {
namespace {

bool IsBlank(int byte) { return byte == ' ' || byte == '\t'; }

bool IsBareKey(int byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

// A recursive parser; TreeWriter bounds the depth. Each method is false when
// the reading must end.
class Parser {
 public:
  Parser(ByteReader& reader, TreeWriter& writer)
      : reader_(reader), writer_(writer) {}

  bool Document() {
    if (reader_.Peek() == ByteReader::kEnd) return true;
    bool begun = false;
    while (SkipSpace(), reader_.Peek() != ByteReader::kEnd) {
      if (!begun && !writer_.BeginMap()) return false;
      begun = true;
      if (!(reader_.Peek() == '[' ? Header() : KeyValue()) || !EndOfLine()) {
        return false;
      }
    }
    return !begun || (CloseTo(0) && writer_.End());
  }

  const std::string& fault() const { return fault_; }

 private:
  // A table that is open below the root.
  struct Table {
    std::string key;
    bool item = false;  // of a list of tables
  };

  // "[a.b]" or "[[a.b]]".
  bool Header() {
    reader_.Next();
    const bool item = Take('[');
    std::vector<std::string> keys;
    if (!Keys(keys) || !Expect(']') || (item && !Expect(']'))) return false;
    const std::string last = std::move(keys.back());
    keys.pop_back();
    size_t same = 0;
    while (same < keys.size() && same < tables_.size() &&
           tables_[same].key == keys[same]) {
      ++same;
    }
    const bool next_item = item && same == keys.size() &&
                           same < tables_.size() && tables_[same].item &&
                           tables_[same].key == last;
    if (next_item) {
      return CloseTo(same + 1) && writer_.End() && writer_.BeginMap();
    }
    if (!CloseTo(same)) return false;
    for (size_t i = same; i < keys.size(); ++i) {
      if (!Open(keys[i], /*item=*/false)) return false;
    }
    return Open(last, item);
  }

  bool Open(const std::string& key, bool item) {
    if (!writer_.Key(key) || (item && !writer_.BeginList()) ||
        !writer_.BeginMap()) {
      return false;
    }
    tables_.push_back({key, item});
    return true;
  }

  bool CloseTo(size_t count) {
    while (tables_.size() > count) {
      const bool item = tables_.back().item;
      tables_.pop_back();
      if (!writer_.End() || (item && !writer_.End())) return false;
    }
    return true;
  }

  // "a.b = value"
  bool KeyValue() {
    std::vector<std::string> keys;
    if (!Keys(keys) || !Expect('=')) return false;
    for (size_t i = 0; i + 1 < keys.size(); ++i) {
      if (!writer_.Key(keys[i]) || !writer_.BeginMap()) return false;
    }
    if (!writer_.Key(keys.back()) || !Value()) return false;
    for (size_t i = 0; i + 1 < keys.size(); ++i) {
      if (!writer_.End()) return false;
    }
    return true;
  }

  bool Keys(std::vector<std::string>& keys) {
    do {
      SkipBlanks();
      std::string key;
      const int first = reader_.Peek();
      if (first == '"' || first == '\'') {
        reader_.Next();
        if (!Quoted(first, key)) return false;
      } else {
        while (IsBareKey(reader_.Peek())) {
          if (!Append(key, reader_.Next())) return false;
        }
        if (key.empty()) return Fail("no key");
      }
      keys.push_back(std::move(key));
      if (keys.size() > TreeWriter::kMaxDepth) return Fail("a key too deep");
      SkipBlanks();
    } while (Take('.'));
    return true;
  }

  bool Value() {
    SkipBlanks();
    const int first = reader_.Peek();
    if (first == '[') return Array();
    if (first == '{') return InlineTable();
    std::string text;
    if (first == '"' || first == '\'') {
      reader_.Next();
      if (!Text(first, text)) return false;
      return writer_.Scalar(text);
    }
    // A number, a boolean or a date.
    while (IsBareKey(reader_.Peek()) || reader_.Peek() == '+' ||
           reader_.Peek() == '.' || reader_.Peek() == ':') {
      if (!Append(text, reader_.Next())) return false;
    }
    if (text.empty()) return Fail("no value");
    return writer_.Scalar(text);
  }

  bool Array() {
    reader_.Next();
    if (!writer_.BeginList()) return false;
    while (SkipSpace(), !Take(']')) {
      if (!Value()) return false;
      SkipSpace();
      if (!Take(',') && reader_.Peek() != ']') return Fail("no comma");
    }
    return writer_.End();
  }

  bool InlineTable() {
    reader_.Next();
    if (!writer_.BeginMap()) return false;
    while (SkipSpace(), !Take('}')) {
      if (!KeyValue()) return false;
      SkipSpace();
      if (!Take(',') && reader_.Peek() != '}') return Fail("no comma");
    }
    return writer_.End();
  }

  // A text of one line, or of several between three quotes.
  bool Text(int quote, std::string& text) {
    if (reader_.Peek() != quote) return Quoted(quote, text);
    reader_.Next();
    if (!Take(quote)) return true;  // empty
    if (Take('\r') || reader_.Peek() == '\n') Take('\n');
    for (int run = 0; run < 3;) {
      const int byte = reader_.Next();
      if (byte == ByteReader::kEnd) return Fail("a text without an end");
      if (byte == '\\' && quote == '"') {
        run = 0;
        if (!Escape(text)) return false;
        continue;
      }
      run = byte == quote ? run + 1 : 0;
      if (!Append(text, byte)) return false;
    }
    text.resize(text.size() - 3);
    // One or two quotes may stand right before the three that end the text.
    while (reader_.Peek() == quote) text.push_back(char(reader_.Next()));
    return true;
  }

  bool Quoted(int quote, std::string& text) {
    while (true) {
      const int byte = reader_.Next();
      if (byte == quote) return true;
      if (byte == ByteReader::kEnd || byte == '\n') {
        return Fail("a text without an end");
      }
      if (byte == '\\' && quote == '"') {
        if (!Escape(text)) return false;
      } else if (!Append(text, byte)) {
        return false;
      }
    }
  }

  bool Escape(std::string& text) {
    const int byte = reader_.Next();
    switch (byte) {
      case 'b':
        return Append(text, '\b');
      case 't':
        return Append(text, '\t');
      case 'n':
        return Append(text, '\n');
      case 'f':
        return Append(text, '\f');
      case 'r':
        return Append(text, '\r');
      case '"':
      case '\\':
        return Append(text, byte);
      case 'u':
        return CodePoint(4, text);
      case 'U':
        return CodePoint(8, text);
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        SkipSpaceOnly();
        return true;
      default:
        return Fail("an unknown escape");
    }
  }

  bool CodePoint(int digits, std::string& text) {
    uint32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = HexDigit(reader_.Next());
      if (digit < 0) return Fail("an unknown escape");
      code = code << 4 | static_cast<uint32_t>(digit);
    }
    AppendUtf8(code, text);
    return text.size() <= kMaxTomlText || Fail("a text too long");
  }

  bool Append(std::string& text, int byte) {
    if (text.size() >= kMaxTomlText) return Fail("a text too long");
    text.push_back(static_cast<char>(byte));
    return true;
  }

  void SkipBlanks() {
    while (IsBlank(reader_.Peek())) reader_.Next();
  }
  void SkipSpaceOnly() {
    while (IsBlank(reader_.Peek()) || reader_.Peek() == '\r' ||
           reader_.Peek() == '\n') {
      reader_.Next();
    }
  }
  // White space, line ends and comments.
  void SkipSpace() {
    while (SkipSpaceOnly(), reader_.Peek() == '#') SkipComment();
  }
  void SkipComment() {
    while (reader_.Peek() != '\n' && reader_.Peek() != ByteReader::kEnd) {
      reader_.Next();
    }
  }
  bool EndOfLine() {
    SkipBlanks();
    if (reader_.Peek() == '#') SkipComment();
    Take('\r');
    return reader_.Peek() == ByteReader::kEnd || Take('\n') ||
           Fail("more than one value in a line");
  }

  bool Take(int byte) {
    if (reader_.Peek() != byte) return false;
    reader_.Next();
    return true;
  }
  bool Expect(int byte) {
    SkipBlanks();
    if (Take(byte)) return true;
    return Fail(std::string("no '") + char(byte) + "'");
  }
  bool Fail(std::string what) {
    fault_ = std::move(what);
    return false;
  }

  ByteReader& reader_;
  TreeWriter& writer_;
  std::vector<Table> tables_;
  std::string fault_;
};

}  // namespace

absl::StatusOr<Outcome> ReadToml(base::File& file, TreeHandler& handler) {
  ByteReader reader(file);
  TreeWriter writer(handler);
  Parser parser(reader, writer);
  parser.Document();
  return Finish(reader, writer, parser.fault(), reader.line());
}

}  // namespace landwaiter::text
