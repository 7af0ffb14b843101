// The name of an image: what is read must be written to the same, and hold
// nothing that a URL would take for something else.
#include "core/model/image_reference.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace model = landwaiter::model;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto reference = model::ImageReference::Parse(text);
  if (!reference.ok()) return 0;
  if (!model::IsValidRepository(reference->repository)) std::abort();
  if (!reference->tag.empty() && !model::IsValidTag(reference->tag)) {
    std::abort();
  }
  if (reference->TagOrDigest().empty()) std::abort();
  if (reference->host.empty() ||
      reference->host.find_first_of("/@ ?#%\\\r\n") != std::string::npos) {
    std::abort();
  }
  const auto again = model::ImageReference::Parse(reference->ToString());
  if (!again.ok() || *again != *reference) std::abort();
  return 0;
}
