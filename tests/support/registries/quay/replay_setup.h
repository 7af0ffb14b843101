#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_REPLAY_SETUP_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_REPLAY_SETUP_H_

#include <string>
#include <vector>

#include "tests/support/registries/quay/simulator.h"
#include "tests/support/registries/recorded_exchange.h"

// The people and things of the recorded exchanges, in a simulator.
namespace landwaiter::test::quay {

// As they were at the beginning, put together from what the server answered.
void SetUp(const std::vector<RecordedExchange>& exchanges, QuaySimulator& quay);

// What happened just before the exchange of this number.
void HappensBefore(int number, QuaySimulator& quay);

// The header Authorization that a recorded line "credentials: ..." stands for;
// empty for none. A token is taken up by the simulator.
std::string AuthorizationOf(const std::string& credentials,
                            QuaySimulator& quay);

int NumberOf(const RecordedExchange& exchange);

}  // namespace landwaiter::test::quay

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_REPLAY_SETUP_H_
