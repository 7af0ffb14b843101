#include "analyzer/advisory/xml/xml_reader.h"

#include <string>

#include "analyzer/advisory/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::HasSubstr;

// Writes down what it is told.
struct Transcript : XmlHandler {
  absl::Status Open(const XmlTag& tag) override {
    base::StrAppend(&text, "<", tag.name(), " ", tag.Get("k"), ">");
    return absl::OkStatus();
  }
  absl::Status Close(std::string_view name, std::string_view inside) override {
    base::StrAppend(&text, "[", inside, "]</", name, ">");
    longest = std::max(longest, inside.size());
    return name == "stop" ? absl::AbortedError("enough") : absl::OkStatus();
  }
  std::string text;
  size_t longest = 0;
};

absl::Status Read(const std::string& xml, Transcript& transcript) {
  TextFile file("f.xml", xml, 7);
  return ReadXml(file, "r", transcript);
}

std::string MessageOf(const std::string& xml) {
  Transcript transcript;
  const absl::Status status = Read(xml, transcript);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(XmlReaderTest, TellsElementsAttributesAndTexts) {
  Transcript transcript;
  ASSERT_TRUE(Read(R"(<?xml version="1.0"?><p:r xmlns:p="urn:x" k="1">
        a&lt;<c k="&amp;&#65;"/> b <![CDATA[<&]]></p:r>)",
                   transcript)
                  .ok());
  EXPECT_EQ(transcript.text, "<r 1><c &A>[]</c>[a< b <&]</r>");
}

TEST(XmlReaderTest, AnotherRootIsAnError) {
  EXPECT_THAT(MessageOf("<html><r/></html>"),
              HasSubstr("its root is <html>, not <r>"));
}

TEST(XmlReaderTest, CutShortIsAnError) {
  EXPECT_THAT(MessageOf("<r><a>text"), HasSubstr("f.xml: line 1"));
  MessageOf("<r><a></b></r>");
  MessageOf("");
  MessageOf("not xml");
}

TEST(XmlReaderTest, EntitiesAreRefusedBeforeTheyExpand) {
  std::string bomb = "<!DOCTYPE r [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    base::StrAppend(&bomb, "<!ENTITY a", i, " \"&a", i - 1, ";&a", i - 1,
                    ";\">");
  }
  EXPECT_THAT(MessageOf(bomb + "]><r k=\"&a29;\">&a29;</r>"),
              HasSubstr("document type"));
  EXPECT_THAT(
      MessageOf(R"(<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
                   <r>&x;</r>)"),
      HasSubstr("document type"));
  MessageOf("<r>&unknown;</r>");
}

TEST(XmlReaderTest, DepthIsLimited) {
  std::string deep = "<r>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_THAT(MessageOf(deep), HasSubstr("deeper than 64"));
}

TEST(XmlReaderTest, LongTextsAreCut) {
  Transcript transcript;
  ASSERT_TRUE(
      Read("<r>" + std::string(kMaxXmlText + 100, 'x') + "</r>", transcript)
          .ok());
  EXPECT_EQ(transcript.longest, kMaxXmlText);
}

TEST(XmlReaderTest, ALongDocumentIsReadToItsEnd) {
  std::string xml = "<r>";
  while (xml.size() < (size_t{24} << 20)) {
    xml += "<a k='" + std::string(1000, 'v') + "'/>";
  }
  Transcript transcript;
  TextFile file("f.xml", xml + "<z/></r>", size_t{1} << 16);
  ASSERT_TRUE(ReadXml(file, "r", transcript).ok());
  EXPECT_TRUE(transcript.text.ends_with("<z >[]</z>[]</r>"));
}

TEST(XmlReaderTest, AnErrorOfTheHandlerIsTheResult) {
  Transcript transcript;
  EXPECT_EQ(Read("<r><stop/><a/></r>", transcript).code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(transcript.text, "<r ><stop >[]</stop>");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
