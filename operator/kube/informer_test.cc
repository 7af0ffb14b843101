#include "operator/kube/informer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/fake/stepped_informer.h"

namespace landwaiter::kube {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InformerTest : public testing::Test {
 protected:
  InformerTest() {
    informer_.AddHandler(
        {.on_add = [&](const ObjectPtr& o) { Note("+", *o); },
         .on_update = [&](const ObjectPtr&,
                          const ObjectPtr& o) { Note("~", *o); },
         .on_delete = [&](const ObjectPtr& o) { Note("-", *o); }});
  }

  void Note(std::string sign, const Json& object) {
    notes_.push_back(sign + NameOf(object));
  }
  std::vector<std::string> Notes() { return std::exchange(notes_, {}); }

  Json Map(std::string name, int value = 0) {
    return {{"metadata", {{"name", name}, {"namespace", "n"}}},
            {"data", {{"value", absl::StrCat(value)}}}};
  }
  void Create(std::string name) {
    ASSERT_TRUE(server_.Create(kConfigMaps, Map(name)).ok());
  }
  void Change(std::string name, int value) {
    ASSERT_TRUE(server_.Update(kConfigMaps, Map(name, value)).ok());
  }
  void Delete(std::string name) {
    ASSERT_TRUE(server_.Delete(kConfigMaps, {"n", name}, {}).ok());
  }

  base::FakeClock clock_;
  FakeKubeClient server_{&clock_};
  Informer informer_{{.type = kConfigMaps, .page_size = 2}, 1};
  SteppedInformer stepper_{&server_, &clock_, &informer_};
  std::vector<std::string> notes_;
};

TEST_F(InformerTest, ListIsAddedAndThenChangesFollow) {
  Create("a");
  Create("b");
  Create("c");
  EXPECT_FALSE(informer_.HasSynced());
  stepper_.Settle();
  EXPECT_TRUE(informer_.HasSynced());
  EXPECT_THAT(Notes(), ElementsAre("+a", "+b", "+c"));

  Change("a", 1);
  Delete("b");
  Create("d");
  stepper_.Settle();
  EXPECT_THAT(Notes(), ElementsAre("~a", "-b", "+d"));
  EXPECT_EQ(StringAt(*informer_.store().Get({"n", "a"}), {"data", "value"}),
            "1");
  EXPECT_EQ(informer_.store().Get({"n", "b"}), nullptr);
}

TEST_F(InformerTest, DroppedWatchMissesNothingAndDoublesNothing) {
  Create("a");
  stepper_.Settle();
  Notes();
  server_.DropWatches();
  Change("a", 1);
  Create("b");
  stepper_.Settle();
  EXPECT_THAT(Notes(), IsEmpty());
  clock_.Advance(absl::Seconds(2));
  server_.ClearRequests();
  stepper_.Settle();
  EXPECT_THAT(Notes(), ElementsAre("~a", "+b"));
  EXPECT_THAT(server_.requests(), ElementsAre("watch configmaps "));
}

TEST_F(InformerTest, CompactionRelistsAndDeletionsAreNoticed) {
  Create("a");
  Create("b");
  Create("c");
  stepper_.Settle();
  Notes();
  Delete("b");
  Change("c", 1);
  Create("d");
  server_.Compact();
  stepper_.Settle();
  EXPECT_THAT(Notes(), ElementsAre("-b", "~c", "+d"));
}

TEST_F(InformerTest, NameOfAnotherObjectIsADeletionAndAnAddition) {
  Create("a");
  stepper_.Settle();
  Notes();
  Delete("a");
  Create("a");
  server_.Compact();
  stepper_.Settle();
  EXPECT_THAT(Notes(), ElementsAre("-a", "+a"));
}

TEST_F(InformerTest, UnchangedObjectsOfARelistAreNoUpdate) {
  Create("a");
  Create("b");
  stepper_.Settle();
  Notes();
  server_.Compact();
  stepper_.Settle();
  EXPECT_THAT(Notes(), IsEmpty());
}

TEST_F(InformerTest, SelectorSeesObjectsComeAndGo) {
  Informer labelled({.type = kConfigMaps, .label_selector = "app=x"}, 1);
  std::vector<std::string> notes;
  labelled.AddHandler(
      {.on_add = [&](const ObjectPtr&) { notes.push_back("+"); },
       .on_update = {},
       .on_delete = [&](const ObjectPtr&) { notes.push_back("-"); }});
  SteppedInformer stepper(&server_, &clock_, &labelled);
  Create("a");
  stepper.Settle();
  EXPECT_THAT(notes, IsEmpty());
  Json object = Map("a");
  object["metadata"]["labels"] = {{"app", "x"}};
  ASSERT_TRUE(server_.Update(kConfigMaps, object).ok());
  stepper.Settle();
  object["metadata"]["labels"] = {{"app", "y"}};
  ASSERT_TRUE(server_.Update(kConfigMaps, object).ok());
  stepper.Settle();
  EXPECT_THAT(notes, ElementsAre("+", "-"));
}

TEST_F(InformerTest, ServerThatFailsIsAskedAgainWithoutHurry) {
  Create("a");
  server_.FailBefore([](const FakeRequest&) {
    return absl::UnavailableError("the server is down");
  });
  for (int i = 0; i < 120; ++i) {
    stepper_.Settle();
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_FALSE(informer_.HasSynced());
  EXPECT_LE(server_.requests().size(), 9u);
  EXPECT_FALSE(informer_.reflector().last_error().ok());
  server_.FailBefore({});
  clock_.Advance(absl::Minutes(1));
  stepper_.Settle();
  EXPECT_THAT(Notes(), ElementsAre("+a"));
  EXPECT_TRUE(informer_.reflector().last_error().ok());
}

// Random writes, cuts, compactions and failures: whatever happens, the store
// ends equal to the server, and the handlers' account of it adds up.
TEST_F(InformerTest, StoreConvergesUnderRandomFaultsForManySeeds) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    FakeKubeClient server(&clock_);
    Informer informer({.type = kConfigMaps, .page_size = 3}, seed);
    SteppedInformer stepper(&server, &clock_, &informer);
    std::map<std::string, std::string> told;  // name -> resourceVersion
    bool consistent = true;
    informer.AddHandler(
        {.on_add =
             [&](const ObjectPtr& o) {
               consistent &=
                   told.emplace(NameOf(*o), ResourceVersionOf(*o)).second;
             },
         .on_update =
             [&](const ObjectPtr& before, const ObjectPtr& after) {
               consistent &=
                   told[NameOf(*after)] == ResourceVersionOf(*before) &&
                   ResourceVersionOf(*before) != ResourceVersionOf(*after);
               told[NameOf(*after)] = ResourceVersionOf(*after);
             },
         .on_delete =
             [&](const ObjectPtr& o) {
               consistent &= told.erase(NameOf(*o));
             }});
    for (int step = 0; step < 300; ++step) {
      const std::string name = absl::StrCat("m", random() % 8);
      switch (random() % 10) {
        case 0:
        case 1:
          server.Create(kConfigMaps, Map(name)).status().IgnoreError();
          break;
        case 2:
        case 3:
          server.Update(kConfigMaps, Map(name, step)).status().IgnoreError();
          break;
        case 4:
          server.Delete(kConfigMaps, {"n", name}, {}).IgnoreError();
          break;
        case 5:
          server.DropWatches();
          break;
        case 6:
          if (random() % 4 == 0) server.Compact();
          break;
        default:
          clock_.Advance(absl::Milliseconds(random() % 3000));
          stepper.Step();
      }
    }
    // A cut may be noticed only now, and waits its back-off.
    for (int i = 0; i < 2; ++i) {
      clock_.Advance(absl::Minutes(1));
      stepper.Settle();
    }
    ASSERT_TRUE(consistent) << "seed " << seed;
    auto page = server.List(kConfigMaps, "", {});
    ASSERT_TRUE(page.ok());
    std::map<std::string, std::string> actual;
    for (const Json& item : page->items) {
      actual[NameOf(item)] = ResourceVersionOf(item);
    }
    ASSERT_EQ(told, actual) << "seed " << seed;
    ASSERT_EQ(informer.store().size(), actual.size()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace landwaiter::kube
