#include "core/text/xml.h"

#include <string>
#include <utility>
#include <vector>

#include "core/base/strings.h"
#include "core/text/byte_reader.h"
#include "core/text/utf8.h"

namespace landwaiter::text {
namespace {

bool IsSpace(int byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool IsName(int byte) {
  return byte > ' ' && byte != '<' && byte != '>' && byte != '/' &&
         byte != '=' && byte != '"' && byte != '\'' && byte != '&' &&
         byte != '?' && byte != '!';
}

// Each method is false when the reading must end.
class Parser {
 public:
  Parser(ByteReader& reader, TreeWriter& writer)
      : reader_(reader), writer_(writer) {}

  bool Document() {
    while (true) {
      const int byte = reader_.Next();
      if (byte == ByteReader::kEnd) break;
      if (byte == '<') {
        if (!Markup()) return false;
      } else if (!open_.empty()) {
        if (!Character(byte, open_.back().text)) return false;
      } else if (!IsSpace(byte)) {
        return Fail("text outside of an element");
      }
    }
    if (!open_.empty()) return Fail("an element without an end");
    return writer_.depth() == 0 || writer_.End();
  }

  const std::string& fault() const { return fault_; }

 private:
  struct Element {
    std::string name;
    std::string text;
  };

  // After "<".
  bool Markup() {
    switch (reader_.Peek()) {
      case '?':
        return SkipTo("?>");
      case '!':
        reader_.Next();
        return Declaration();
      case '/':
        reader_.Next();
        return EndTag();
      default:
        return StartTag();
    }
  }

  // After "<!": a comment, characters, or a document type.
  bool Declaration() {
    if (reader_.Peek() == '-') return SkipTo("-->");
    if (reader_.Peek() == '[') return CData();
    int depth = 1;
    while (depth > 0) {
      const int byte = reader_.Next();
      if (byte == ByteReader::kEnd) return Fail("a declaration without an end");
      if (byte == '<') ++depth;
      if (byte == '>') --depth;
    }
    return true;
  }

  bool CData() {
    for (const char expected : std::string_view("[CDATA[")) {
      if (reader_.Next() != expected) return Fail("an unknown declaration");
    }
    if (open_.empty()) return Fail("text outside of an element");
    std::string& text = open_.back().text;
    while (!text.ends_with("]]>")) {
      const int byte = reader_.Next();
      if (byte == ByteReader::kEnd) return Fail("characters without an end");
      if (!Append(text, byte)) return false;
    }
    text.resize(text.size() - 3);
    return true;
  }

  bool StartTag() {
    Element element;
    if (!Name(element.name)) return false;
    if (open_.empty() && !BeginRoot()) return false;
    if (!writer_.Key(element.name) || !writer_.BeginMap()) return false;
    open_.push_back(std::move(element));
    while (true) {
      SkipSpace();
      const int byte = reader_.Peek();
      if (byte == '>') {
        reader_.Next();
        return true;
      }
      if (byte == '/') {
        reader_.Next();
        if (reader_.Next() != '>') return Fail("no '>' after '/'");
        return Close();
      }
      if (!Attribute()) return false;
    }
  }

  bool BeginRoot() {
    if (writer_.depth() > 0) return Fail("more than one root element");
    return writer_.BeginMap();
  }

  bool Attribute() {
    std::string name = "@";
    if (!Name(name)) return false;
    SkipSpace();
    if (reader_.Next() != '=') return Fail("an attribute without a value");
    SkipSpace();
    const int quote = reader_.Next();
    if (quote != '"' && quote != '\'') {
      return Fail("an attribute without quotes");
    }
    std::string value;
    for (int byte; (byte = reader_.Next()) != quote;) {
      if (byte == ByteReader::kEnd || byte == '<') {
        return Fail("an attribute without an end");
      }
      if (!Character(byte, value)) return false;
    }
    return writer_.Key(name) && writer_.Scalar(value);
  }

  bool EndTag() {
    std::string name;
    if (!Name(name)) return false;
    SkipSpace();
    if (reader_.Next() != '>') return Fail("no '>' at the end of a tag");
    if (open_.empty() || open_.back().name != name) {
      return Fail("an end without its element");
    }
    return Close();
  }

  bool Close() {
    const std::string_view text = base::Strip(open_.back().text);
    if (!text.empty() && (!writer_.Key("#") || !writer_.Scalar(text))) {
      return false;
    }
    open_.pop_back();
    return writer_.End();
  }

  // A byte of text, or what an entity that begins with it stands for.
  bool Character(int byte, std::string& text) {
    if (byte != '&') return Append(text, byte);
    std::string name;
    for (int next; (next = reader_.Next()) != ';';) {
      if (next == ByteReader::kEnd || name.size() > 10) {
        return Fail("an entity without an end");
      }
      name.push_back(static_cast<char>(next));
    }
    if (name == "lt") return Append(text, '<');
    if (name == "gt") return Append(text, '>');
    if (name == "amp") return Append(text, '&');
    if (name == "quot") return Append(text, '"');
    if (name == "apos") return Append(text, '\'');
    if (name.starts_with('#')) return Number(name, text);
    // One that a document type declares, or HTML: a name has none of these.
    return Append(text, '?');
  }

  bool Number(std::string_view name, std::string& text) {
    const bool hex = name.starts_with("#x");
    uint32_t code = 0;
    for (const char c : name.substr(hex ? 2 : 1)) {
      const int digit = HexDigit(static_cast<unsigned char>(c));
      if (digit < 0 || (!hex && digit > 9)) return Fail("an unknown entity");
      code = code > 0x10FFFF ? code : code * (hex ? 16 : 10) + uint32_t(digit);
    }
    AppendUtf8(code, text);
    return text.size() <= kMaxXmlText || Fail("a text too long");
  }

  bool Name(std::string& name) {
    const size_t before = name.size();
    while (IsName(reader_.Peek())) {
      if (!Append(name, reader_.Next())) return false;
    }
    return name.size() > before || Fail("no name");
  }

  bool SkipTo(std::string_view end) {
    std::string last;
    while (last != end) {
      const int byte = reader_.Next();
      if (byte == ByteReader::kEnd) return Fail("markup without an end");
      last.push_back(static_cast<char>(byte));
      if (last.size() > end.size()) last.erase(0, 1);
    }
    return true;
  }

  void SkipSpace() {
    while (IsSpace(reader_.Peek())) reader_.Next();
  }
  bool Append(std::string& text, int byte) {
    if (text.size() >= kMaxXmlText) return Fail("a text too long");
    text.push_back(static_cast<char>(byte));
    return true;
  }
  bool Fail(std::string what) {
    fault_ = std::move(what);
    return false;
  }

  ByteReader& reader_;
  TreeWriter& writer_;
  std::vector<Element> open_;
  std::string fault_;
};

}  // namespace

absl::StatusOr<Outcome> ReadXml(base::File& file, TreeHandler& handler) {
  ByteReader reader(file);
  TreeWriter writer(handler);
  Parser parser(reader, writer);
  parser.Document();
  return Finish(reader, writer, parser.fault(), reader.line());
}

}  // namespace landwaiter::text
