#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JAVA_PUBLISHED_GROUPS_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JAVA_PUBLISHED_GROUPS_H_

#include <string_view>

namespace landwaiter::agent::extract::lang {

// The group that Maven Central has a well-known artifact under, for those whose
// jars do not say it (they are not built by Maven). Empty if it is not in the
// list.
std::string_view PublishedGroup(std::string_view artifact,
                                std::string_view version);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JAVA_PUBLISHED_GROUPS_H_
