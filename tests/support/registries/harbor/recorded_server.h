#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_RECORDED_SERVER_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_RECORDED_SERVER_H_

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::test::harbor {

// A simulator with the people and things of the servers that the corpus'
// exchanges were recorded with, as far as a reader meets them.
struct RecordedServer {
  explicit RecordedServer(Simulator::Version version);

  base::FakeClock clock;
  Simulator simulator;
};

// The Authorization to send in place of a recorded one, whose Basic stands as
// "Basic <base64 of "admin:" + RIGHT password>" and the like; empty for none.
// nullopt for what cannot be made again.
std::optional<std::string> SentAuthorization(const std::string& recorded);

// The recorded request with that Authorization.
SeenRequest RequestWith(const SeenRequest& recorded,
                        const std::string& authorization);

}  // namespace landwaiter::test::harbor

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_RECORDED_SERVER_H_
