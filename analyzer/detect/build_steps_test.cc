#include "analyzer/detect/build_steps.h"

#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

model::Inventory Image(std::vector<std::string> layers,
                       std::vector<std::string> steps) {
  model::Inventory inventory;
  for (const std::string& layer : layers) {
    inventory.layers.push_back({.blob = {.digest = model::Digest::Of(layer)}});
  }
  for (const std::string& step : steps) {
    inventory.config.history.push_back({.created_by = step});
  }
  return inventory;
}

TEST(BuildStepsTest, StepsThatMadeNoLayerAreLeftOut) {
  model::Inventory image = Image({"a", "b"}, {"ADD rootfs /", "ENV A=b", "x"});
  image.config.history[1].empty_layer = true;
  const auto steps = BuildSteps(image);
  EXPECT_EQ(steps.at(model::Digest::Of("a")), "ADD rootfs /");
  EXPECT_EQ(steps.at(model::Digest::Of("b")), "x");
}

TEST(BuildStepsTest, WhatBuildersWriteAroundAnInstructionIsTakenAway) {
  const auto steps = BuildSteps(
      Image({"a", "b", "c", "d"},
            {"/bin/sh -c #(nop) ADD file:1 in / ", "/bin/sh -c apt-get update",
             "COPY a b # buildkit", "|1 A=b /bin/sh -c make # buildkit"}));
  EXPECT_EQ(steps.at(model::Digest::Of("a")), "ADD file:1 in /");
  EXPECT_EQ(steps.at(model::Digest::Of("b")), "RUN apt-get update");
  EXPECT_EQ(steps.at(model::Digest::Of("c")), "COPY a b");
  EXPECT_EQ(steps.at(model::Digest::Of("d")), "RUN make");
}

TEST(BuildStepsTest, WhereTheNumbersDifferNothingIsSaid) {
  EXPECT_TRUE(BuildSteps(Image({"a", "b"}, {"x"})).empty());
  EXPECT_TRUE(BuildSteps(Image({"a"}, {})).empty());
}

TEST(BuildStepsTest, AStepIsOneShortLine) {
  const auto steps =
      BuildSteps(Image({"a"}, {"RUN a\n\x1b[2J" + std::string(999, 'x')}));
  const std::string& text = steps.at(model::Digest::Of("a"));
  EXPECT_LT(text.size(), 250u);
  EXPECT_EQ(text.find_first_of("\n\x1b"), text.npos);
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
