// What Kubernetes promises, as far as we build on it. Made into two programs:
// one runs it against the API server in memory, one against a real one.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/client.h"
#include "operator/kube/contract_server.h"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class ContractTest : public testing::Test {
 protected:
  void SetUp() override {
    client_ = ContractServer();
    if (client_ == nullptr) {
      GTEST_SKIP() << "the cluster's programs are not built: ./dev setup";
    }
    ns_ = NewNamespace(*client_);
  }

  ObjectKey Key(std::string name) { return {ns_, std::move(name)}; }
  Json Widget(std::string name, Json spec = {{"size", 1}}) {
    return {{"apiVersion", kWidgets.ApiVersion()},
            {"kind", kWidgets.kind},
            {"metadata", {{"name", name}, {"namespace", ns_}}},
            {"spec", std::move(spec)}};
  }
  Json Create(std::string name, Json spec = {{"size", 1}}) {
    auto created = client_->Create(kWidgets, Widget(name, std::move(spec)));
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? *created : Json();
  }
  Json Get(std::string name) {
    auto object = client_->Get(kWidgets, Key(name));
    EXPECT_TRUE(object.ok()) << object.status();
    return object.ok() ? *object : Json();
  }
  absl::StatusOr<Json> Apply(const Json& object, std::string manager,
                             bool force = false, std::string sub = "") {
    return client_->Patch(kWidgets, KeyOf(object), object,
                          {.type = PatchType::kApply,
                           .subresource = std::move(sub),
                           .field_manager = std::move(manager),
                           .force = force});
  }
  std::vector<std::string> Names(ListOptions options) {
    auto page = ListAll(*client_, kWidgets, ns_, std::move(options));
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    if (page.ok()) {
      for (const Json& item : page->items) names.push_back(NameOf(item));
    }
    return names;
  }

  KubeClient* client_ = nullptr;
  std::string ns_;
};

TEST_F(ContractTest, CreatedObjectHasWhatTheServerGives) {
  const Json created = Create("a");
  EXPECT_FALSE(UidOf(created).empty());
  EXPECT_FALSE(ResourceVersionOf(created).empty());
  EXPECT_EQ(created["metadata"]["generation"], 1);
  EXPECT_TRUE(TimeFromText(StringAt(created, {"metadata", "creationTimestamp"}))
                  .has_value());
  EXPECT_EQ(Get("a"), created);
}

TEST_F(ContractTest, GenerateNameNamesTheObject) {
  Json widget = Widget("x");
  widget["metadata"].erase("name");
  widget["metadata"]["generateName"] = "w-";
  auto first = client_->Create(kWidgets, widget);
  auto second = client_->Create(kWidgets, widget);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(NameOf(*first).starts_with("w-"));
  EXPECT_NE(NameOf(*first), NameOf(*second));
}

TEST_F(ContractTest, ErrorsHaveTheirCodes) {
  EXPECT_TRUE(absl::IsNotFound(client_->Get(kWidgets, Key("none")).status()));
  EXPECT_TRUE(absl::IsNotFound(client_->Delete(kWidgets, Key("none"), {})));
  EXPECT_TRUE(
      absl::IsNotFound(client_->Update(kWidgets, Widget("none")).status()));
  Create("a");
  absl::Status twice = client_->Create(kWidgets, Widget("a")).status();
  EXPECT_TRUE(absl::IsAlreadyExists(twice)) << twice;
  EXPECT_EQ(ReasonOf(twice), "AlreadyExists");
  Json nameless = Widget("x");
  nameless["metadata"].erase("name");
  EXPECT_TRUE(
      absl::IsInvalidArgument(client_->Create(kWidgets, nameless).status()));
}

TEST_F(ContractTest, UpdateOfAnOldVersionIsAConflict) {
  const Json old = Create("a");
  Json first = old;
  first["spec"]["size"] = 2;
  auto updated = client_->Update(kWidgets, first);
  ASSERT_TRUE(updated.ok()) << updated.status();
  Json second = old;
  second["spec"]["size"] = 3;
  absl::Status status = client_->Update(kWidgets, second).status();
  EXPECT_TRUE(IsConflict(status)) << status;
  EXPECT_EQ(Get("a")["spec"]["size"], 2);
}

TEST_F(ContractTest, UpdateThatChangesNothingIsNoChange) {
  const Json created = Create("a");
  auto updated = client_->Update(kWidgets, created);
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(ResourceVersionOf(*updated), ResourceVersionOf(created));
}

TEST_F(ContractTest, StatusAndSpecAreWrittenApart) {
  Json object = Create("a");
  object["status"] = {{"phase", "Ready"}};
  object["spec"]["size"] = 2;
  auto by_update = client_->Update(kWidgets, object);
  ASSERT_TRUE(by_update.ok()) << by_update.status();
  EXPECT_FALSE(by_update->contains("status"));
  EXPECT_EQ((*by_update)["metadata"]["generation"], 2);

  object = *by_update;
  object["status"] = {{"phase", "Ready"}};
  object["spec"]["size"] = 3;
  auto by_status = client_->UpdateStatus(kWidgets, object);
  ASSERT_TRUE(by_status.ok()) << by_status.status();
  EXPECT_EQ((*by_status)["status"]["phase"], "Ready");
  EXPECT_EQ((*by_status)["spec"]["size"], 2);
  EXPECT_EQ((*by_status)["metadata"]["generation"], 2);
  EXPECT_NE(ResourceVersionOf(*by_status), ResourceVersionOf(*by_update));
}

TEST_F(ContractTest, MergePatchSetsAndRemoves) {
  Create("a", {{"size", 1}, {"color", "red"}, {"list", {1, 2}}});
  auto patched = client_->Patch(
      kWidgets, Key("a"),
      {{"spec", {{"size", 5}, {"color", nullptr}, {"list", {3}}}}}, {});
  ASSERT_TRUE(patched.ok()) << patched.status();
  EXPECT_EQ((*patched)["spec"], (Json{{"size", 5}, {"list", {3}}}));
  EXPECT_TRUE(absl::IsNotFound(
      client_->Patch(kWidgets, Key("none"), Json::object(), {}).status()));
}

TEST_F(ContractTest, MergePatchOfAnOldVersionIsAConflict) {
  const Json old = Create("a");
  auto patched =
      client_->Patch(kWidgets, Key("a"), {{"spec", {{"size", 5}}}}, {});
  ASSERT_TRUE(patched.ok());
  absl::Status status =
      client_
          ->Patch(kWidgets, Key("a"),
                  {{"metadata", {{"resourceVersion", ResourceVersionOf(old)}}},
                   {"spec", {{"size", 6}}}},
                  {})
          .status();
  EXPECT_TRUE(IsConflict(status)) << status;
}

TEST_F(ContractTest, MergePatchOfStatusLeavesTheSpec) {
  Create("a");
  auto patched = client_->Patch(
      kWidgets, Key("a"),
      {{"spec", {{"size", 9}}}, {"status", {{"phase", "Ready"}}}},
      {.subresource = "status"});
  ASSERT_TRUE(patched.ok()) << patched.status();
  EXPECT_EQ((*patched)["spec"]["size"], 1);
  EXPECT_EQ((*patched)["status"]["phase"], "Ready");
}

TEST_F(ContractTest, ApplyCreatesAndThenRemovesWhatItNoLongerNames) {
  auto created = Apply(Widget("a", {{"size", 1}, {"color", "red"}}), "one");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_FALSE(UidOf(*created).empty());
  auto other = Apply(Widget("a", {{"shape", "round"}}), "two");
  ASSERT_TRUE(other.ok()) << other.status();
  auto again = Apply(Widget("a", {{"size", 2}}), "one");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)["spec"], (Json{{"size", 2}, {"shape", "round"}}));
  auto same = Apply(Widget("a", {{"size", 2}}), "one");
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(ResourceVersionOf(*same), ResourceVersionOf(*again));
}

TEST_F(ContractTest, ApplyOfAnothersFieldNeedsForce) {
  ASSERT_TRUE(Apply(Widget("a", {{"size", 1}}), "one").ok());
  absl::Status status = Apply(Widget("a", {{"size", 2}}), "two").status();
  EXPECT_TRUE(IsConflict(status)) << status;
  auto forced = Apply(Widget("a", {{"size", 2}}), "two", /*force=*/true);
  ASSERT_TRUE(forced.ok()) << forced.status();
  EXPECT_EQ((*forced)["spec"]["size"], 2);
  // The first has lost the field: not naming it does not remove it.
  auto first = Apply(Widget("a", Json::object()), "one");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)["spec"]["size"], 2);
}

TEST_F(ContractTest, ApplyOfStatusNeedsTheObject) {
  Json widget = Widget("a");
  widget["status"] = {{"phase", "Ready"}};
  EXPECT_TRUE(absl::IsNotFound(Apply(widget, "one", false, "status").status()));
  Create("a");
  auto applied = Apply(widget, "one", false, "status");
  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_EQ((*applied)["status"]["phase"], "Ready");
}

TEST_F(ContractTest, FinalizerKeepsAnObjectUntilItIsRemoved) {
  Json widget = Widget("a");
  widget["metadata"]["finalizers"] = {"landwaiter.dev/test"};
  ASSERT_TRUE(client_->Create(kWidgets, widget).ok());
  ASSERT_TRUE(client_->Delete(kWidgets, Key("a"), {}).ok());
  Json dying = Get("a");
  EXPECT_TRUE(IsBeingDeleted(dying));
  Json more = dying;
  more["metadata"]["finalizers"].push_back("landwaiter.dev/other");
  EXPECT_TRUE(
      absl::IsInvalidArgument(client_->Update(kWidgets, more).status()));
  dying["metadata"]["finalizers"] = Json::array();
  ASSERT_TRUE(client_->Update(kWidgets, dying).ok());
  EXPECT_TRUE(absl::IsNotFound(client_->Get(kWidgets, Key("a")).status()));
}

TEST_F(ContractTest, DeletePreconditionsProtectTheNextOfTheName) {
  const Json first = Create("a");
  ASSERT_TRUE(client_->Delete(kWidgets, Key("a"), {}).ok());
  Create("a");
  absl::Status status =
      client_->Delete(kWidgets, Key("a"), {.uid = UidOf(first)});
  EXPECT_TRUE(IsConflict(status)) << status;
  EXPECT_FALSE(UidOf(Get("a")).empty());
}

TEST_F(ContractTest, SelectorsChoose) {
  for (int i = 0; i < 4; ++i) {
    Json widget = Widget(absl::StrCat("w", i));
    widget["metadata"]["labels"] = {{"parity", i % 2 == 0 ? "even" : "odd"}};
    ASSERT_TRUE(client_->Create(kWidgets, widget).ok());
  }
  EXPECT_THAT(Names({.label_selector = "parity=odd"}),
              UnorderedElementsAre("w1", "w3"));
  EXPECT_THAT(Names({.label_selector = "parity in (even,none),parity"}),
              UnorderedElementsAre("w0", "w2"));
  EXPECT_THAT(Names({.field_selector = "metadata.name=w2"}), ElementsAre("w2"));
}

TEST_F(ContractTest, PagesAreOneMomentsList) {
  for (int i = 0; i < 5; ++i) Create(absl::StrCat("w", i));
  auto first = client_->List(kWidgets, ns_, {.limit = 2});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->items.size(), 2u);
  ASSERT_FALSE(first->continue_token.empty());
  ASSERT_TRUE(client_->Delete(kWidgets, Key("w4"), {}).ok());
  Create("w9");
  auto rest = client_->List(
      kWidgets, ns_, {.limit = 10, .continue_token = first->continue_token});
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->items.size(), 3u);
  EXPECT_EQ(NameOf(rest->items.back()), "w4");
  EXPECT_EQ(rest->resource_version, first->resource_version);
}

TEST_F(ContractTest, PageTokenThatIsNoneIsRefused) {
  absl::Status status =
      client_->List(kWidgets, ns_, {.limit = 1, .continue_token = "bogus"})
          .status();
  EXPECT_TRUE(absl::IsInvalidArgument(status) || IsExpired(status)) << status;
}

TEST_F(ContractTest, WatchTellsEachChangeInOrder) {
  Create("before");
  auto list = client_->List(kWidgets, ns_, {});
  ASSERT_TRUE(list.ok());
  Json object = Create("a");
  object["spec"]["size"] = 2;
  ASSERT_TRUE(client_->Update(kWidgets, object).ok());
  ASSERT_TRUE(client_->Delete(kWidgets, Key("a"), {}).ok());
  Create("b");
  std::vector<std::string> seen;
  std::vector<std::string> versions;
  absl::Status status = client_->Watch(
      kWidgets, ns_, {.resource_version = list->resource_version},
      [&](const WatchEvent& event) -> absl::Status {
        if (event.type == WatchEventType::kBookmark) return absl::OkStatus();
        seen.push_back(absl::StrCat(static_cast<int>(event.type), " ",
                                    NameOf(*event.object)));
        versions.push_back(ResourceVersionOf(*event.object));
        if (seen.size() == 4) return absl::OutOfRangeError("enough");
        return absl::OkStatus();
      },
      {});
  EXPECT_TRUE(absl::IsOutOfRange(status)) << status;
  EXPECT_THAT(seen, ElementsAre("0 a", "1 a", "2 a", "0 b"));
  // A deletion has a version of its own: watching from it is watching on.
  std::ranges::sort(versions);
  EXPECT_EQ(std::ranges::adjacent_find(versions), versions.end());
}

TEST_F(ContractTest, WatchWithASelectorSeesObjectsComeAndGo) {
  auto list = client_->List(kWidgets, ns_, {});
  ASSERT_TRUE(list.ok());
  Json object = Create("a");
  for (const char* label : {"yes", "no"}) {
    object["metadata"]["labels"] = {{"wanted", label}};
    auto updated = client_->Update(kWidgets, object);
    ASSERT_TRUE(updated.ok());
    object = *updated;
  }
  std::vector<WatchEventType> seen;
  client_
      ->Watch(kWidgets, ns_,
              {.label_selector = "wanted=yes",
               .resource_version = list->resource_version},
              [&](const WatchEvent& event) -> absl::Status {
                if (event.type == WatchEventType::kBookmark) {
                  return absl::OkStatus();
                }
                seen.push_back(event.type);
                if (seen.size() == 2) return absl::OutOfRangeError("enough");
                return absl::OkStatus();
              },
              {})
      .IgnoreError();
  EXPECT_THAT(seen,
              ElementsAre(WatchEventType::kAdded, WatchEventType::kDeleted));
}

TEST_F(ContractTest, AccessReviewAnswers) {
  auto allowed = MayI(*client_, "create", kWidgets, ns_);
  ASSERT_TRUE(allowed.ok()) << allowed.status();
  EXPECT_TRUE(*allowed);
}

TEST_F(ContractTest, RawPathsAnswer) {
  auto version = client_->GetRaw("/version");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_TRUE(Json::parse(*version)["gitVersion"].is_string());
  EXPECT_EQ(*client_->GetRaw("/healthz"), "ok");
  EXPECT_TRUE(absl::IsNotFound(client_->GetRaw("/nothing").status()));
}

}  // namespace
}  // namespace landwaiter::kube
