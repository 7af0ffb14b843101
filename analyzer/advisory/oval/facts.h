#ifndef LANDWAITER_ANALYZER_ADVISORY_OVAL_FACTS_H_
#define LANDWAITER_ANALYZER_ADVISORY_OVAL_FACTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace landwaiter::analyzer::advisory {

// The names of OVAL ("oval:com.redhat.rhsa:tst:20200134001") are kept as
// numbers: a feed has millions.
uint64_t OvalName(std::string_view name);

// What a test is of.
struct OvalFact {
  enum class Kind : uint8_t {
    kNone,       // nothing that is known
    kCondition,  // something else than a package's version: its signature,
                 // the release, the architecture, a module, ...
    kBefore,     // a package of a version before `version`
    kUpTo,       // ... of `version` or before it
    kAfter,      // ... after it
    kInstalled,  // a package of any version
    kAbsent,     // that a package is not installed
  };
  Kind kind = Kind::kNone;
  std::string_view package, version, architecture;
};

// Tests, objects and states, joined. Only what the definitions, which come
// first, ask for is kept.
class OvalFacts {
 public:
  void Want(uint64_t test) { wanted_.insert(test); }

  struct Test {
    uint64_t object = 0, state = 0;
    bool of_packages = false;   // an rpminfo_test
    bool none_exist = false;    // check_existence="none_exist"
    bool none_satisfy = false;  // check="none satisfy"
  };
  void AddTest(std::string_view id, const Test& test);
  void AddObject(std::string_view id, std::string_view package);
  // `operation` of `evr`: "less than", "greater than", ... A state without an
  // evr is a condition.
  void AddState(std::string_view id, std::string_view evr,
                std::string_view operation, std::string_view architecture);

  // Texts live as long as this.
  OvalFact Find(uint64_t test) const;
  // How much is kept, in things.
  size_t size() const {
    return wanted_.size() + tests_.size() + objects_.size() + states_.size();
  }

 private:
  struct State {
    std::string evr, architecture;
    OvalFact::Kind kind = OvalFact::Kind::kCondition;
  };
  absl::flat_hash_set<uint64_t> wanted_, wanted_objects_, wanted_states_;
  absl::flat_hash_map<uint64_t, Test> tests_;
  absl::flat_hash_map<uint64_t, std::string> objects_;
  absl::flat_hash_map<uint64_t, State> states_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OVAL_FACTS_H_
