#ifndef LANDWAITER_AGENT_REGISTRY_QUAY_TESTING_H_
#define LANDWAITER_AGENT_REGISTRY_QUAY_TESTING_H_

#include <memory>
#include <string>
#include <vector>

#include "agent/registry/quay/quay_registry.h"
#include "agent/registry/testing.h"
#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/registries/quay/simulator.h"

namespace landwaiter::agent::registry::quay {

// A client and a simulated Quay. Changes of the members hold from the next
// Make() on.
class QuayTest : public testing::Test {
 protected:
  // With a token for each of the three organizations, and no account.
  QuayTest() {
    for (const char* name : {"library", "team-a", "team-b"}) {
      connection_.tokens.push_back({name, "alice-token"});
    }
    connection_.http.base = quay_.server.url();
    connection_.http.user_agent = "landwaiter-agent";
  }

  void UseAccount(const std::string& name, const std::string& password) {
    connection_.tokens.clear();
    connection_.credentials = {name, password};
  }
  std::unique_ptr<Registry> Make() {
    auto registry = NewQuayRegistry(connection_, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify() { return CodeOf(Make()->Verify().status()); }

  std::vector<std::string> Repositories(std::string cursor = "") {
    return RepositoryNames([this] { return Make(); }, std::move(cursor));
  }
  size_t Requests(const std::string& part) const {
    size_t count = 0;
    for (const auto& request : quay_.server.Seen()) {
      count += base::Contains(request.target, part) ? 1 : 0;
    }
    return count;
  }

  base::FakeClock clock_;
  test::QuaySimulator quay_;
  Connection connection_;
};

}  // namespace landwaiter::agent::registry::quay

#endif  // LANDWAITER_AGENT_REGISTRY_QUAY_TESTING_H_
