#include "agent/extract/lang/python/name.h"

namespace landwaiter::agent::extract::lang {

std::string NormalizedPythonName(std::string_view name) {
  std::string normal;
  bool separated = false;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      separated = true;
      continue;
    }
    if (separated) normal.push_back('-');
    separated = false;
    normal.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a')
                                          : c);
  }
  return normal;
}

}  // namespace landwaiter::agent::extract::lang
