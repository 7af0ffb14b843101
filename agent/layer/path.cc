#include "agent/layer/path.h"

namespace landwaiter::agent::layer {
namespace {

// Appends the parts of `raw` to `path`, resolving "." and "..". Returns false
// at the first ".." that would climb above the root, unless `clamp`.
bool AppendParts(std::string_view raw, bool clamp, std::string& path) {
  while (!raw.empty()) {
    const size_t slash = raw.find('/');
    const std::string_view part = raw.substr(0, slash);
    raw.remove_prefix(slash == raw.npos ? raw.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (path.empty() && !clamp) return false;
      const size_t last = path.rfind('/');
      path.resize(last == path.npos ? 0 : last);
      continue;
    }
    if (!path.empty()) path += '/';
    path += part;
  }
  return true;
}

// Whether no part of `path` is empty, "." or "..". (Parts that begin with a
// dot are left to AppendParts.)
bool IsPlain(std::string_view path) {
  bool start = true;
  for (const char c : path) {
    if (start && (c == '.' || c == '/')) return false;
    start = c == '/';
  }
  return !start;
}

}  // namespace

std::optional<std::string_view> CleanPath(std::string_view raw,
                                          std::string& scratch) {
  if (raw.starts_with("./")) raw.remove_prefix(2);
  if (raw.ends_with('/')) raw.remove_suffix(1);
  if (IsPlain(raw)) return raw;
  scratch.clear();
  if (!AppendParts(raw, /*clamp=*/false, scratch)) return std::nullopt;
  return scratch;
}

std::string LinkTarget(std::string_view path, std::string_view target) {
  std::string result;
  const size_t slash = path.rfind('/');
  if (!target.starts_with('/') && slash != path.npos) {
    result = path.substr(0, slash);
  }
  AppendParts(target, /*clamp=*/true, result);
  return result;
}

}  // namespace landwaiter::agent::layer
