#include "analyzer/service/metrics.h"

#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::service {
namespace {

void AddHeader(std::string& text, std::string_view name, std::string_view type,
               std::string_view help) {
  base::StrAppend(&text, "# HELP ", name, " ", help, "\n# TYPE ", name, " ",
                  type, "\n");
}

}  // namespace

absl::StatusOr<std::string> RenderMetrics(queue::TaskControl& control,
                                          const queue::WorkQueue& queue,
                                          CallLog& calls) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<model::RegistryWork> work,
                              control.ListWork());
  uint64_t ready = 0;
  uint64_t leased = 0;
  for (const model::RegistryWork& registry : work) {
    ready += registry.ready;
    leased += registry.leased;
  }
  std::string text;
  AddHeader(text, "landwaiter_queue_items", "gauge",
            "Work items by state, of all registries.");
  base::StrAppend(&text, "landwaiter_queue_items{state=\"ready\"} ", ready,
                  "\nlandwaiter_queue_items{state=\"leased\"} ", leased, "\n");
  AddHeader(text, "landwaiter_queue_registries", "gauge",
            "Registries with open work.");
  base::StrAppend(&text, "landwaiter_queue_registries ", work.size(), "\n");
  AddHeader(text, "landwaiter_layer_conflicts_total", "counter",
            "Layers whose two reports differed and were set aside.");
  base::StrAppend(&text, "landwaiter_layer_conflicts_total ",
                  queue.layer_conflicts(), "\n");
  AddHeader(text, "landwaiter_analyzer_calls_total", "counter",
            "gRPC calls by method and code.");
  for (const auto& [key, count] : calls.Counts()) {
    base::StrAppend(&text, "landwaiter_analyzer_calls_total{method=\"",
                    key.first, "\",code=\"", key.second, "\"} ", count, "\n");
  }
  return text;
}

}  // namespace landwaiter::analyzer::service
