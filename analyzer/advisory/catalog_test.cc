#include "analyzer/advisory/catalog.h"

#include <set>
#include <string>

#include "analyzer/advisory/testing.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

TEST(CatalogTest, EveryFormatIsFoundByItsName) {
  std::set<std::string_view> names;
  for (const FeedFormat* format : AllFeedFormats()) {
    EXPECT_TRUE(names.insert(format->name()).second) << format->name();
    EXPECT_EQ(FindFeedFormat(format->name()), format);
    EXPECT_FALSE(format->description().empty()) << format->name();
    EXPECT_EQ(format->description().find('\n'), std::string_view::npos);
  }
  EXPECT_EQ(FindFeedFormat("none"), nullptr);
}

TEST(CatalogTest, NoFormatTakesAnythingOfRubbish) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) {
    bytes.push_back(static_cast<char>((i * 7919) >> 3));
  }
  const std::string rubbish[] = {"",
                                 "\n",
                                 "<html><body>502 Bad Gateway</body></html>\n",
                                 R"({"message": "API rate limit exceeded"})",
                                 bytes,
                                 std::string(100'000, '['),
                                 std::string(100'000, '{'),
                                 std::string(1000, '\0')};
  for (const FeedFormat* format : AllFeedFormats()) {
    for (const std::string& text : rubbish) {
      TextFile file("feed", text, 4096);
      KeptRecords kept;
      const auto reader = format->NewReader();
      const absl::Status status = reader->Read(file, kept);
      const absl::Status end =
          status.ok() ? reader->Finish(kept) : absl::OkStatus();
      EXPECT_TRUE(kept.advisories.empty() && kept.enrichments.empty())
          << format->name() << " took something of " << text.substr(0, 40);
      EXPECT_TRUE(!status.ok() || !end.ok() || !kept.skipped.empty())
          << format->name() << " said nothing of " << text.substr(0, 40);
    }
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
