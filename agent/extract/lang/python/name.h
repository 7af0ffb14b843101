#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_NAME_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_NAME_H_

#include <string>
#include <string_view>

namespace landwaiter::agent::extract::lang {

// A project's name as PEP 503 normalises it: lower case, "-" for runs of
// "-_.".
std::string NormalizedPythonName(std::string_view name);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_NAME_H_
