#include "operator/kube/store.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

ObjectPtr Object(std::string ns, std::string name, std::string owner = "") {
  return std::make_shared<const Json>(Json{
      {"metadata",
       {{"namespace", ns}, {"name", name}, {"labels", {{"owner", owner}}}}}});
}

std::vector<std::string> Names(const std::vector<ObjectPtr>& objects) {
  std::vector<std::string> names;
  for (const ObjectPtr& object : objects) {
    names.push_back(KeyOf(*object).ToString());
  }
  return names;
}

TEST(StoreTest, ListIsOrderedAndRespectsTheNamespace) {
  Store store;
  store.Put(Object("b", "1"));
  store.Put(Object("a", "2"));
  store.Put(Object("a", "1"));
  store.Put(Object("aa", "1"));
  EXPECT_THAT(Names(store.List()),
              testing::ElementsAre("a/1", "a/2", "aa/1", "b/1"));
  EXPECT_THAT(Names(store.List("a")), testing::ElementsAre("a/1", "a/2"));
  EXPECT_THAT(store.List("c"), testing::IsEmpty());
}

TEST(StoreTest, IndexFollowsChangesAndRemovals) {
  Store store;
  store.AddIndex("owner", [](const Json& object) {
    return std::vector<std::string>{LabelOf(object, "owner")};
  });
  store.Put(Object("n", "1", "x"));
  store.Put(Object("n", "2", "x"));
  EXPECT_THAT(Names(store.ByIndex("owner", "x")),
              testing::ElementsAre("n/1", "n/2"));
  store.Put(Object("n", "2", "y"));
  EXPECT_THAT(Names(store.ByIndex("owner", "x")), testing::ElementsAre("n/1"));
  EXPECT_THAT(Names(store.ByIndex("owner", "y")), testing::ElementsAre("n/2"));
  store.Remove({"n", "1"});
  EXPECT_THAT(store.ByIndex("owner", "x"), testing::IsEmpty());
  EXPECT_THAT(store.ByIndex("other", "x"), testing::IsEmpty());
}

TEST(StoreTest, PutAndRemoveReturnWhatWasThere) {
  Store store;
  ObjectPtr first = Object("n", "1");
  EXPECT_EQ(store.Put(first), nullptr);
  ObjectPtr second = Object("n", "1");
  EXPECT_EQ(store.Put(second), first);
  EXPECT_EQ(store.Remove({"n", "1"}), second);
  EXPECT_EQ(store.Remove({"n", "1"}), nullptr);
  EXPECT_EQ(store.size(), 0u);
}

}  // namespace
}  // namespace landwaiter::kube
