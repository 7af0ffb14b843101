#include "core/model/image_reference.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/base/strings.h"

namespace landwaiter::model {
namespace {

constexpr size_t kMaxRepository = 255;
constexpr size_t kMaxTag = 128;
constexpr size_t kMaxReference = 1024;

bool IsNameChar(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c);
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool IsValidComponent(std::string_view component) {
  if (component.empty() || !IsNameChar(component.front()) ||
      !IsNameChar(component.back())) {
    return false;
  }
  size_t i = 0;
  while (i < component.size()) {
    if (IsNameChar(component[i])) {
      ++i;
      continue;
    }
    const size_t start = i;
    while (i < component.size() && component[i] == component[start]) ++i;
    const size_t run = i - start;
    const char c = component[start];
    const bool separator =
        (c == '-') || (c == '.' && run == 1) || (c == '_' && run <= 2);
    if (!separator || !IsNameChar(component[i])) return false;
  }
  return true;
}

// Docker's rule for telling a host from the first part of a name.
bool LooksLikeHost(std::string_view first) {
  return base::Contains(first, ".") || base::Contains(first, ":") ||
         first == "localhost" ||
         std::any_of(first.begin(), first.end(),
                     [](char c) { return absl::ascii_isupper(c); });
}

bool IsValidHost(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  });
}

absl::Status Invalid(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(base::StrCat(
      "\"", base::Printable(text), "\" is not an image reference: ", why));
}

}  // namespace

bool IsValidRepository(std::string_view text) {
  if (text.empty() || text.size() > kMaxRepository) return false;
  for (std::string_view component : base::Split(text, '/')) {
    if (!IsValidComponent(component)) return false;
  }
  return true;
}

bool IsValidTag(std::string_view text) {
  if (text.empty() || text.size() > kMaxTag) return false;
  if (text.front() == '.' || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '-';
  });
}

absl::StatusOr<ImageReference> ImageReference::Parse(std::string_view text) {
  if (text.size() > kMaxReference) return Invalid(text, "too long");
  ImageReference reference;
  std::string_view rest = text;
  if (const size_t at = rest.find('@'); at != std::string_view::npos) {
    auto digest = Digest::Parse(rest.substr(at + 1));
    if (!digest.ok())
      return Invalid(text, base::ToStd(digest.status().message()));
    reference.digest = *std::move(digest);
    rest = rest.substr(0, at);
  }
  if (const size_t colon = rest.rfind(':');
      colon != std::string_view::npos &&
      !base::Contains(rest.substr(colon), "/")) {
    reference.tag = rest.substr(colon + 1);
    if (!IsValidTag(reference.tag)) return Invalid(text, "the tag is invalid");
    rest = rest.substr(0, colon);
  }
  const size_t slash = rest.find('/');
  if (slash != std::string_view::npos && LooksLikeHost(rest.substr(0, slash))) {
    reference.host = rest.substr(0, slash);
    reference.repository = rest.substr(slash + 1);
  } else {
    reference.host = "docker.io";
    reference.repository = rest;
  }
  if (!IsValidHost(reference.host)) return Invalid(text, "the host is invalid");
  if (reference.host == "docker.io" &&
      !base::Contains(reference.repository, "/")) {
    reference.repository = base::StrCat("library/", reference.repository);
  }
  if (!IsValidRepository(reference.repository)) {
    return Invalid(text, "the repository name is invalid");
  }
  if (reference.tag.empty() && reference.digest.empty()) {
    reference.tag = "latest";
  }
  return reference;
}

const std::string& ImageReference::TagOrDigest() const {
  return digest.empty() ? tag : digest.text();
}

std::string ImageReference::ToString() const {
  return base::StrCat(host, "/", repository, tag.empty() ? "" : ":", tag,
                      digest.empty() ? "" : "@", digest.text());
}

}  // namespace landwaiter::model
