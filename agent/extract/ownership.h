#ifndef LANDWAITER_AGENT_EXTRACT_OWNERSHIP_H_
#define LANDWAITER_AGENT_EXTRACT_OWNERSHIP_H_

#include <string_view>

namespace landwaiter::agent::extract {

// Whether the file at `path` (clean) may itself tell of software, by an
// extractor that is not the system's package manager's: programs, archives of
// Java, shared libraries whose version is read from them, metadata and lock
// files of languages. Of these a package database reports who owns them, so
// that one piece of software is not told twice; of all the others it does not,
// since they are a hundred times as many.
bool MayTellOfSoftware(std::string_view path);

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_OWNERSHIP_H_
