#include "agent/extract/lang/graph.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::extract::lang {
namespace {

constexpr auto Of = Graph::Of;

TEST(GraphTest, WhatDevelopmentAloneReachesIsItsOwn) {
  Graph graph;
  graph.AddRoot(Of("app"));
  graph.AddDevelopmentRoot(Of("test"));
  graph.AddEdge(Of("app"), Of("shared"));
  graph.AddEdge(Of("test"), Of("shared"));
  graph.AddEdge(Of("test"), Of("mock"));
  graph.AddEdge(Of("mock"), Of("test"));
  graph.Walk();
  EXPECT_TRUE(graph.IsDevelopment(Of("test")));
  EXPECT_TRUE(graph.IsDevelopment(Of("mock")));
  EXPECT_FALSE(graph.IsDevelopment(Of("app")));
  EXPECT_FALSE(graph.IsDevelopment(Of("shared")));
  EXPECT_FALSE(graph.IsDevelopment(Of("unknown")));
}

TEST(GraphTest, AGraphThatIsTooLargeTellsNothing) {
  Graph graph;
  graph.AddDevelopmentRoot(Of("test"));
  for (size_t i = 0; i <= Graph::kMaxEdges; ++i) graph.AddEdge(i, i + 1);
  graph.Walk();
  EXPECT_FALSE(graph.IsDevelopment(Of("test")));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
