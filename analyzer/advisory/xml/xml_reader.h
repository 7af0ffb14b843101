#ifndef LANDWAITER_ANALYZER_ADVISORY_XML_XML_READER_H_
#define LANDWAITER_ANALYZER_ADVISORY_XML_XML_READER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/advisory/feed_format.h"

// XML as feeds have it, in a stream: the document is never held. Names are
// those without a prefix; namespaces are not told apart.
namespace landwaiter::analyzer::advisory {

// The start of an element. Its texts live as long as the call.
class XmlTag {
 public:
  using Attribute = std::pair<std::string_view, std::string_view>;
  XmlTag(std::string_view name, const std::vector<Attribute>& attributes)
      : name_(name), attributes_(attributes) {}
  std::string_view name() const { return name_; }
  // Empty if the element has no such attribute.
  std::string_view Get(std::string_view attribute) const;

 private:
  std::string_view name_;
  const std::vector<Attribute>& attributes_;
};

// What is called back; an error ends the reading and is its result.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual absl::Status Open(const XmlTag& tag) = 0;
  // `text` is what stood directly in the element, without white space at its
  // ends; what is beyond kMaxXmlText is cut off.
  virtual absl::Status Close(std::string_view name, std::string_view text) = 0;
};

inline constexpr size_t kMaxXmlText = size_t{64} << 10;
inline constexpr size_t kMaxXmlDepth = 64;
inline constexpr size_t kMaxXmlAttributes = 64;

// Reads the whole file, whose root must be an element `root`. InvalidArgument:
// it is no such document: not well-formed, cut short, nested deeper than
// kMaxXmlDepth, or with a document type, which no feed has and through which
// entities and files of the machine would come in.
absl::Status ReadXml(FeedFile& file, std::string_view root,
                     XmlHandler& handler);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_XML_XML_READER_H_
