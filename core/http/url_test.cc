#include "core/http/url.h"

#include "gtest/gtest.h"

namespace landwaiter::http {
namespace {

std::string Read(std::string_view text) {
  const auto url = Url::Parse(text);
  return url.ok() ? url->ToString() : "refused";
}

TEST(UrlTest, FillsInPortAndPath) {
  EXPECT_EQ(Read("HTTPS://Registry.Example"), "https://registry.example/");
  EXPECT_EQ(Read("http://h:80/a?b"), "http://h/a?b");
  EXPECT_EQ(Read("http://h?b"), "http://h/?b");
  EXPECT_EQ(Read("https://[2001:db8::1]:8443/"), "https://[2001:db8::1]:8443/");
  EXPECT_EQ(Url::Parse("https://h")->port, 443);
}

TEST(UrlTest, RefusesWhatWouldLeakOrSmuggle) {
  for (std::string_view bad :
       {"", "h/a", "ftp://h/", "http://", "http://u:p@h/", "http://h:0/",
        "http://h:65536/", "http://h:x/", "http://h/a b", "http://h/a\r\nX: y",
        "http://[127.0.0.1]/", "http://h/#f", "http://[::1/", "http://[::1]x/",
        "http://h\\@g/", "http:///a"}) {
    EXPECT_EQ(Read(bad), "refused") << bad;
  }
}

// The examples of RFC 3986 section 5.4, those that stay with http.
TEST(UrlTest, ResolvesReferencesAsTheStandardDoes) {
  const Url base = *Url::Parse("http://a/b/c/d;p?q");
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/../h", "http://a/b/c/h"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://h/x", "https://h/x"},
  };
  for (const auto& [reference, want] : kCases) {
    const auto url = base.Resolve(reference);
    ASSERT_TRUE(url.ok()) << reference << ": " << url.status();
    EXPECT_EQ(url->ToString(), want) << reference;
  }
}

TEST(UrlTest, AReferenceToAnotherSchemeIsRefused) {
  const Url base = *Url::Parse("https://a/");
  EXPECT_FALSE(base.Resolve("file:///etc/passwd").ok());
  EXPECT_FALSE(base.Resolve("javascript:x").ok());
  EXPECT_FALSE(base.Resolve("a\nb").ok());
}

TEST(UrlTest, OriginsCompareByPort) {
  EXPECT_TRUE(
      Url::Parse("https://a/x")->SameOrigin(*Url::Parse("https://A:443/y")));
  EXPECT_FALSE(
      Url::Parse("https://a/")->SameOrigin(*Url::Parse("http://a:443/")));
}

}  // namespace
}  // namespace landwaiter::http
