#include "operator/kube/fake/selector.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

const Json& Pod() {
  static const Json* const kPod = new Json{
      {"metadata", {{"name", "p"}, {"labels", {{"app", "x"}, {"tier", "db"}}}}},
      {"status", {{"phase", "Running"}}}};
  return *kPod;
}

TEST(SelectorTest, LabelRequirementsAreJoinedByAnd) {
  for (const char* yes :
       {"", "app=x", "app==x", "app!=y", "other!=y", "app", "!other",
        "app in (x, y)", "app notin (y),tier=db", "other notin (x)"}) {
    auto result = MatchesLabels(yes, Pod());
    ASSERT_TRUE(result.ok()) << yes;
    EXPECT_TRUE(*result) << yes;
  }
  for (const char* no : {"app=y", "app=x,tier=web", "!app", "other",
                         "app notin (x)", "tier in (web)"}) {
    auto result = MatchesLabels(no, Pod());
    ASSERT_TRUE(result.ok()) << no;
    EXPECT_FALSE(*result) << no;
  }
}

TEST(SelectorTest, TextThatIsNoSelectorIsRefused) {
  for (const char* bad : {"app=x,", "app of (x)", "app in (x", "a b"}) {
    EXPECT_FALSE(MatchesLabels(bad, Pod()).ok()) << bad;
  }
}

TEST(SelectorTest, FieldsAreFoundByPath) {
  EXPECT_TRUE(*MatchesFields("metadata.name=p,status.phase!=Failed", Pod()));
  EXPECT_FALSE(*MatchesFields("metadata.name=q", Pod()));
  EXPECT_TRUE(*MatchesFields("spec.nodeName=", Pod()));
}

}  // namespace
}  // namespace landwaiter::kube
