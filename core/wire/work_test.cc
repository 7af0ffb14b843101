#include "core/wire/work.h"

#include "core/wire/time.h"
#include "gtest/gtest.h"

namespace landwaiter::wire {
namespace {

TEST(WorkTest, LeaseReplyReadsBack) {
  model::LeaseReply reply;
  model::WorkItem item;
  item.id = "item";
  item.fence = {3, 7};
  item.kind = model::WorkKind::kScanImage;
  item.repository = "team/app";
  item.digest = model::Digest::Of("m");
  item.attempt = 2;
  item.deadline = absl::FromUnixSeconds(1'800'000'000);
  item.lease = absl::Seconds(60);
  reply.items = {item};
  v1::LeaseResponse proto;
  ToProto(reply, &proto);
  const auto back = FromProto(proto);
  ASSERT_TRUE(back.ok());
  ASSERT_EQ(back->items.size(), 1u);
  EXPECT_EQ(back->items[0].fence, item.fence);
  EXPECT_EQ(back->items[0].digest, item.digest);
  EXPECT_EQ(back->items[0].deadline, item.deadline);
  EXPECT_EQ(back->items[0].lease, item.lease);
  EXPECT_EQ(back->next_available, absl::InfiniteFuture());
}

TEST(WorkTest, AKindFromTheFutureIsUnknown) {
  v1::LeaseResponse proto;
  proto.add_items()->set_kind(static_cast<v1::WorkKind>(99));
  EXPECT_EQ(FromProto(proto)->items[0].kind, model::WorkKind::kUnknown);
  v1::PlanImageResponse plan;
  plan.add_layers(static_cast<v1::LayerAction>(99));
  EXPECT_EQ(FromProto(plan).layers[0], model::LayerAction::kUnknown);
}

TEST(WorkTest, AnInvalidDigestIsRefusedByField) {
  v1::PlanImageRequest proto;
  proto.set_manifest("sha256:../..");
  const auto facts = FromProto(proto);
  ASSERT_FALSE(facts.ok());
  EXPECT_EQ(facts.status().message().substr(0, 10), "manifest: ");
}

TEST(WorkTest, ListingPageReadsBack) {
  model::ListingPage page;
  page.repository_states = {{"team/app", "2026-11-21/3"}};
  page.tags = {{"v1", model::Digest::Of("i")}};
  model::ManifestEntry index;
  index.digest = model::Digest::Of("i");
  index.children = {model::Descriptor{.digest = model::Digest::Of("m"),
                                      .platform = {"linux", "arm64", "v8"}}};
  index.pushed = absl::FromUnixSeconds(1'600'000'000);
  page.manifests = {index};
  page.next_cursor = "v1";
  page.complete = true;
  v1::SubmitListingRequest proto;
  ToProto(page, &proto);
  const auto back = FromProto(proto);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->tags, page.tags);
  EXPECT_EQ(back->repository_states, page.repository_states);
  EXPECT_EQ(back->manifests[0].children, index.children);
  EXPECT_EQ(back->manifests[0].pushed, index.pushed);
  EXPECT_TRUE(back->complete);
}

TEST(TimeTest, HostileTimestampsAreClamped) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(INT64_MAX);
  timestamp.set_nanos(-5);
  EXPECT_EQ(absl::ToUnixSeconds(FromProto(timestamp)), 253'402'300'799);
  const absl::Time time = absl::FromUnixMicros(1'234'567'890'123'456);
  EXPECT_EQ(FromProto(ToProto(time)), time);
  EXPECT_EQ(FromProto(ToProto(-absl::Milliseconds(1500))),
            -absl::Milliseconds(1500));
}

}  // namespace
}  // namespace landwaiter::wire
