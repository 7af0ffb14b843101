#ifndef LANDWAITER_TESTS_CONTRACT_PROTO_BREAKING_CHANGE_H_
#define LANDWAITER_TESTS_CONTRACT_PROTO_BREAKING_CHANGE_H_

#include <google/protobuf/descriptor.pb.h>

#include <string>
#include <vector>

namespace landwaiter::contract {

// What a program built from `before` would misread of one built from `now`,
// or the other way round, a sentence each; empty: the two understand each
// other. Things may be added. What must stay: every message, field (number,
// name, type, label, presence, oneof), enum value (number and name), service
// and rpc (request, response, streaming). Source of the rules: "Updating a
// Message Type" in the Protocol Buffers language guide, and names beside it,
// since our own source and JSON go by names.
std::vector<std::string> BreakingChanges(
    const google::protobuf::FileDescriptorSet& before,
    const google::protobuf::FileDescriptorSet& now);

}  // namespace landwaiter::contract

#endif  // LANDWAITER_TESTS_CONTRACT_PROTO_BREAKING_CHANGE_H_
