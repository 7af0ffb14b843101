#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JAVA_MANIFEST_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JAVA_MANIFEST_H_

#include <map>
#include <string>
#include <string_view>

namespace landwaiter::agent::extract::lang {

// The main section of a META-INF/MANIFEST.MF (JAR File Specification): those
// of its attributes that identity.h asks for, the first of a name counts. Lines
// that are none are skipped, as java does not insist either.
class Manifest {
 public:
  Manifest() = default;
  explicit Manifest(std::string_view text);

  // The attribute's value, empty if there is none. `name` in lower case.
  std::string_view Get(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> attributes_;
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JAVA_MANIFEST_H_
