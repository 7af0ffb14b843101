#ifndef LANDWAITER_ANALYZER_ADVISORY_OVAL_DEFINITION_H_
#define LANDWAITER_ANALYZER_ADVISORY_OVAL_DEFINITION_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advisory/advisory.h"

// The Open Vulnerability and Assessment Language, version 5, as the
// distributions with rpm packages use it: https://oval.mitre.org/language.
namespace landwaiter::analyzer::advisory {

// One line of a definition's conditions.
struct OvalCriterion {
  uint64_t test = 0;    // the name of the test that decides
  std::string comment;  // what it is for people: "bind is installed"
};

// Conditions of which all, or one, must hold.
struct OvalCriteria {
  bool all = true;
  std::vector<OvalCriterion> criterions;
  std::vector<OvalCriteria> inner;
};

// Red Hat's word on what it has not fixed: for which components.
struct OvalResolution {
  std::string state;  // "Will not fix"
  std::vector<std::string> components;
};

struct OvalReference {
  std::string source, id, url;
};

struct OvalDefinition {
  std::string id;    // "oval:com.redhat.rhsa:def:20200134"
  std::string kind;  // "patch", "vulnerability", "inventory"
  std::string title;
  std::string description;  // its first line
  std::string severity;
  std::string issued, updated;  // as given
  std::string advisory_id;      // Azure Linux has one
  std::vector<OvalReference> references;
  std::vector<std::string> cves, cwes, cpes;
  std::vector<CvssVector> cvss;
  std::vector<OvalResolution> resolutions;
  OvalCriteria criteria;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OVAL_DEFINITION_H_
