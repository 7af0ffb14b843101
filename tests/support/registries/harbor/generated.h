#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_GENERATED_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_GENERATED_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "nlohmann/json.hpp"
#include "tests/support/http_server.h"

namespace landwaiter::test::harbor {

// The lists of a Harbor V2 as large as one likes, of which nothing is kept:
// each answer is made from the numbers in the request. To be asked by
// Simulator::intercept; who may ask is left to the simulator. There is nothing
// to pull.
class GeneratedLists {
 public:
  GeneratedLists(int64_t repositories, int64_t artifacts_each)
      : repositories_(repositories), artifacts_each_(artifacts_each) {}

  // Answers the lists of repositories and of their artifacts, no more.
  std::optional<Answer> Serve(const SeenRequest& request) const;

  // One more image in a repository, which shows in its update_time.
  void Push(int64_t repository) { ++pushed_[repository]; }

  int64_t artifacts() const;
  // "load-07/group-3/app-0007": 20 projects of nested names.
  static std::string NameOf(int64_t repository);

 private:
  int64_t ArtifactsOf(int64_t repository) const;
  nlohmann::json RepositoryAt(int64_t repository) const;
  static nlohmann::json ArtifactAt(int64_t repository, int64_t artifact);

  const int64_t repositories_;
  const int64_t artifacts_each_;
  std::map<int64_t, int64_t> pushed_;
};

}  // namespace landwaiter::test::harbor

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_GENERATED_H_
