#ifndef LANDWAITER_TESTS_CONTRACT_CHART_CHART_H_
#define LANDWAITER_TESTS_CONTRACT_CHART_CHART_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

// The Helm chart, rendered by helm as an installation would.
namespace landwaiter::chart {

std::string Directory();  // charts/landwaiter

// Whether helm is there; ./dev setup builds it.
bool HaveHelm();

struct Result {
  int exit_status = 0;
  std::string output;
  std::string errors;
};
Result Helm(const std::string& arguments);

// What these values (YAML) give, in the namespace "scanner".
Result RenderText(const std::string& values);
// The objects; a failure fails the test.
std::vector<YAML::Node> Render(const std::string& values);

// Those of one kind.
std::vector<YAML::Node> OfKind(const std::vector<YAML::Node>& objects,
                               const std::string& kind);
// "kind/name".
std::string NameOf(const YAML::Node& object);

// Values that turn on what the chart has, each set in another way.
const std::vector<std::string>& ManyValues();

}  // namespace landwaiter::chart

#endif  // LANDWAITER_TESTS_CONTRACT_CHART_CHART_H_
