#include "analyzer/advisory/xml/xml_reader.h"

#include <libxml/parser.h>

#include <algorithm>
#include <memory>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

std::string_view ToText(const xmlChar* text) {
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

class Parse {
 public:
  Parse(FeedFile& file, std::string_view root, XmlHandler& handler)
      : file_(file), root_(root), handler_(handler) {}

  absl::Status Run() {
    xmlInitParser();
    xmlSAXHandler sax = Callbacks();
    context_.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
    if (context_ == nullptr) return absl::InternalError("out of memory");
    // With NOENT &amp; is itself inside of attributes too; other entities there
    // are none, as a document type is refused.
    xmlCtxtUseOptions(context_.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
    LANDWAITER_RETURN_IF_ERROR(Feed());
    xmlParseChunk(context_.get(), nullptr, 0, 1);
    return status_;
  }

 private:
  struct Free {
    void operator()(xmlParserCtxt* context) const {
      if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
      xmlFreeParserCtxt(context);
    }
  };

  absl::Status Feed() {
    constexpr size_t kPiece = size_t{64} << 10;
    std::string piece(kPiece, '\0');
    while (status_.ok()) {
      LANDWAITER_ASSIGN_OR_RETURN(const size_t got,
                                  file_.Read(piece.data(), kPiece));
      if (got == 0) return absl::OkStatus();
      xmlParseChunk(context_.get(), piece.data(), static_cast<int>(got), 0);
    }
    return status_;
  }

  static Parse& Self(void* self) { return *static_cast<Parse*>(self); }

  static xmlSAXHandler Callbacks() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = [](void* self, const xmlChar* name, const xmlChar*,
                            const xmlChar*, int, const xmlChar**, int count,
                            int, const xmlChar** attributes) {
      Self(self).Open(ToText(name), count, attributes);
    };
    sax.endElementNs = [](void* self, const xmlChar* name, const xmlChar*,
                          const xmlChar*) { Self(self).Close(ToText(name)); };
    sax.characters = [](void* self, const xmlChar* text, int size) {
      Self(self).AddText(
          {reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
    };
    sax.cdataBlock = sax.characters;
    sax.internalSubset = [](void* self, const xmlChar*, const xmlChar*,
                            const xmlChar*) {
      Self(self).Fail("has a document type");
    };
    sax.serror = [](void* self, xmlErrorPtr error) {
      if (error->level != XML_ERR_FATAL) return;
      Self(self).Fail(base::StrCat(
          "line ", error->line, ": ",
          base::Printable(
              base::Strip(error->message == nullptr ? "" : error->message))));
    };
    return sax;
  }

  void Fail(std::string_view what) {
    Stop(absl::InvalidArgumentError(
        base::StrCat(base::Printable(file_.name()), ": ", what)));
  }

  void Stop(absl::Status status) {
    if (status.ok() || !status_.ok()) return;
    status_ = std::move(status);
    xmlStopParser(context_.get());
  }

  void Open(std::string_view name, int count, const xmlChar** attributes) {
    if (!status_.ok()) return;
    if (texts_.empty() && name != root_) {
      return Fail(base::StrCat("its root is <", base::Printable(name, 40),
                               ">, not <", root_, ">"));
    }
    if (texts_.size() >= kMaxXmlDepth) {
      return Fail(base::StrCat("is nested deeper than ", kMaxXmlDepth));
    }
    texts_.emplace_back();
    attributes_.clear();
    const size_t kept = std::min(static_cast<size_t>(count), kMaxXmlAttributes);
    // Five pointers each: name, prefix, URI, and the value's two ends.
    for (size_t i = 0; i < kept; ++i) {
      const xmlChar** a = attributes + 5 * i;
      attributes_.emplace_back(
          ToText(a[0]), std::string_view(reinterpret_cast<const char*>(a[3]),
                                         static_cast<size_t>(a[4] - a[3])));
    }
    Stop(handler_.Open(XmlTag(name, attributes_)));
  }

  void AddText(std::string_view text) {
    if (texts_.empty()) return;
    std::string& kept = texts_.back();
    kept += text.substr(0, kMaxXmlText - kept.size());
  }

  void Close(std::string_view name) {
    if (!status_.ok() || texts_.empty()) return;
    const std::string text = std::move(texts_.back());
    texts_.pop_back();
    Stop(handler_.Close(name, base::Strip(text)));
  }

  FeedFile& file_;
  const std::string_view root_;
  XmlHandler& handler_;
  std::unique_ptr<xmlParserCtxt, Free> context_;
  std::vector<std::string> texts_;  // of the open elements
  std::vector<XmlTag::Attribute> attributes_;
  absl::Status status_;
};

}  // namespace

std::string_view XmlTag::Get(std::string_view attribute) const {
  for (const auto& [name, value] : attributes_) {
    if (name == attribute) return value;
  }
  return {};
}

absl::Status ReadXml(FeedFile& file, std::string_view root,
                     XmlHandler& handler) {
  return Parse(file, root, handler).Run();
}

}  // namespace landwaiter::analyzer::advisory
