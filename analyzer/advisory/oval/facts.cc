#include "analyzer/advisory/oval/facts.h"

namespace landwaiter::analyzer::advisory {
namespace {

OvalFact::Kind KindOf(std::string_view evr, std::string_view operation) {
  if (evr.empty()) return OvalFact::Kind::kCondition;
  // Some files of SUSE have the operation's number.
  if (operation == "less than" || operation == "6") {
    return OvalFact::Kind::kBefore;
  }
  if (operation == "less than or equal") return OvalFact::Kind::kUpTo;
  if (operation == "greater than") return OvalFact::Kind::kAfter;
  return OvalFact::Kind::kCondition;
}

}  // namespace

// FNV-1a.
uint64_t OvalName(std::string_view name) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash;
}

void OvalFacts::AddTest(std::string_view id, const Test& test) {
  const uint64_t name = OvalName(id);
  if (!wanted_.contains(name)) return;
  tests_.try_emplace(name, test);
  wanted_objects_.insert(test.object);
  wanted_states_.insert(test.state);
}

void OvalFacts::AddObject(std::string_view id, std::string_view package) {
  const uint64_t name = OvalName(id);
  if (wanted_objects_.contains(name)) objects_.try_emplace(name, package);
}

void OvalFacts::AddState(std::string_view id, std::string_view evr,
                         std::string_view operation,
                         std::string_view architecture) {
  const uint64_t name = OvalName(id);
  if (!wanted_states_.contains(name)) return;
  states_.try_emplace(name, State{std::string(evr), std::string(architecture),
                                  KindOf(evr, operation)});
}

OvalFact OvalFacts::Find(uint64_t test_name) const {
  const auto test = tests_.find(test_name);
  if (test == tests_.end()) return {};
  OvalFact fact{OvalFact::Kind::kCondition};
  const auto object = objects_.find(test->second.object);
  if (!test->second.of_packages || object == objects_.end()) return fact;
  fact.package = object->second;
  if (test->second.none_exist || test->second.none_satisfy) {
    fact.kind = OvalFact::Kind::kAbsent;
    return fact;
  }
  if (test->second.state == 0) {
    fact.kind = OvalFact::Kind::kInstalled;
    return fact;
  }
  const auto state = states_.find(test->second.state);
  if (state == states_.end()) {
    fact.kind = OvalFact::Kind::kNone;
    return fact;
  }
  fact.architecture = state->second.architecture;
  fact.version = state->second.evr;
  fact.kind = state->second.kind;
  return fact;
}

}  // namespace landwaiter::analyzer::advisory
