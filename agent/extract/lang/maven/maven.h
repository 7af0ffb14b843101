#ifndef LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_MAVEN_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_MAVEN_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Java: what a build asks for. pom.xml: dependencies whose version the file
// itself tells, by ${properties} and dependencyManagement too (parents are
// elsewhere); scope "test" is development, a range of versions is no version.
// gradle.lockfile and buildscript-gradle.lockfile: what only test
// configurations have is development.
class Maven : public Formats {
 public:
  Maven();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_MAVEN_H_
