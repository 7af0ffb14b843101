#include "core/text/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/text/testing/recorder.h"

namespace landwaiter::text {
namespace {

using ::testing::ElementsAre;
using testing::Recorder;

Outcome Read(std::string_view text, Recorder& recorder) {
  base::MemoryFile file(text);
  const auto outcome = ReadXml(file, recorder);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.value_or(Outcome{});
}

TEST(XmlTest, ElementsAttributesAndTextHaveTheirPaths) {
  Recorder recorder;
  EXPECT_EQ(Read("<?xml version='1.0'?>\n<!-- a -- b -->\n"
                 "<!DOCTYPE p [<!ENTITY x 'y'>]>\n"
                 "<p a = \"1 &lt; 2\"><q/> <r>t&#x41;<![CDATA[<&>]]> </r></p>",
                 recorder)
                .fault,
            "");
  EXPECT_THAT(recorder.lines,
              ElementsAre("{", "{p", "p/@a=1 < 2", "{p/q", "}p/q", "{p/r",
                          "p/r/#=tA<&>", "}p/r", "}p", "}"));
}

TEST(XmlTest, EntitiesOfADocumentTypeStandForNothing) {
  Recorder recorder;
  EXPECT_EQ(Read("<p>&lol9;</p>", recorder).fault, "");
  EXPECT_THAT(recorder.Values(), ElementsAre("p/#=?"));
}

TEST(XmlTest, AFaultTellsItsLine) {
  Recorder recorder;
  EXPECT_EQ(Read("<p>\n<q></p>", recorder).fault,
            "line 2: an end without its element");
  EXPECT_EQ(Read("<p>", recorder).fault, "line 1: an element without an end");
  EXPECT_EQ(Read("<p/><q/>", recorder).fault,
            "line 1: more than one root element");
  EXPECT_EQ(Read("text", recorder).fault, "line 1: text outside of an element");
}

TEST(XmlTest, DepthAndTextHaveALimit) {
  Recorder recorder;
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_EQ(Read(deep, recorder).fault, "line 1: nests deeper than 128 levels");
  EXPECT_EQ(
      Read("<a>" + std::string(kMaxXmlText + 1, 'x') + "</a>", recorder).fault,
      "line 1: a text too long");
}

}  // namespace
}  // namespace landwaiter::text
