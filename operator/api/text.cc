#include "operator/api/text.h"

#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Halves the list at `key`; false if there is nothing to take away.
bool HalveList(Json& status, const char* key, bool from_front) {
  const auto it = status.find(key);
  if (it == status.end() || !it->is_array() || it->empty()) return false;
  const size_t keep = it->size() / 2;
  const size_t drop = it->size() - keep;
  if (from_front) {
    it->erase(it->begin(), it->begin() + static_cast<std::ptrdiff_t>(drop));
  } else {
    it->erase(it->begin() + static_cast<std::ptrdiff_t>(keep), it->end());
  }
  if (std::string_view(key) == "failures") {
    status["failuresOmitted"] = status.value("failuresOmitted", 0ULL) + drop;
  }
  return true;
}

}  // namespace

std::string Text(std::string_view text, size_t max) {
  // Cut first, so that hostile lengths cost nothing; a character cut in two
  // is dropped.
  const bool too_long = text.size() > max;
  if (too_long) {
    size_t end = max > 3 ? max - 3 : 0;
    while (end > 0 && IsContinuation(text[end])) --end;
    text = text.substr(0, end);
  }
  std::string out = base::ToValidUtf8(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  // Replacement characters are longer than what they replace.
  if (out.size() > max) {
    size_t end = max;
    while (end > 0 && IsContinuation(out[end])) --end;
    out.resize(end);
  }
  return too_long && out.size() + 3 <= max ? out + "..." : out;
}

void BoundStatus(Json& status) {
  while (status.dump().size() > kMaxStatusBytes) {
    if (HalveList(status, "log", true)) continue;
    if (HalveList(status, "failures", false)) continue;
    if (HalveList(status, "top", false)) continue;
    return;  // nothing else grows
  }
}

}  // namespace landwaiter::api
