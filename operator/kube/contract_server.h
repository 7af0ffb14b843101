#ifndef LANDWAITER_OPERATOR_KUBE_CONTRACT_SERVER_H_
#define LANDWAITER_OPERATOR_KUBE_CONTRACT_SERVER_H_

#include <string>

#include "operator/kube/client.h"

namespace landwaiter::kube {

// A custom type with a status subresource, and without a schema.
inline constexpr ResourceType kWidgets{"test.landwaiter.dev", "v1", "widgets",
                                       "Widget"};

// The server that contract_test.cc is run against: each program that is made
// of it has one of these. nullptr skips the tests.
KubeClient* ContractServer();

// A namespace that no other test uses, and that exists.
std::string NewNamespace(KubeClient& client);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONTRACT_SERVER_H_
