#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAR_NAME_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAR_NAME_H_

#include <string_view>

namespace landwaiter::agent::extract::lang {

// Whether the name ends like a Java archive's: jar, war, ear, par, hpi, jpi.
bool IsJavaArchive(std::string_view path);

// What the file's name says, "log4j-1.2-api-2.14.1.jar" being artifact
// "log4j-1.2-api" and version "2.14.1". Both point into the path.
struct JarName {
  std::string_view stem;      // the name without its ending
  std::string_view artifact;  // the stem, if there is no version
  std::string_view version;   // or empty
};
JarName ParseJarName(std::string_view path);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAR_NAME_H_
