#ifndef LANDWAITER_ANALYZER_QUEUE_SCOPE_H_
#define LANDWAITER_ANALYZER_QUEUE_SCOPE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "analyzer/store/rows.h"
#include "core/model/task.h"

// Which images of a listed repository a task is for: pure decisions.
namespace landwaiter::analyzer::queue {

struct SelectedImage {
  model::Digest digest;  // of the platform manifest
  std::string tag;       // one that names it, or empty
  // Why it is listed and not scanned.
  std::optional<model::FailureInfo> unsupported;
};

// The repository's images in the scope, each digest once. Indexes are resolved
// to their platform images; attestations are no images. An image of another
// system than Linux is unsupported, unless the scope names platforms (then it
// is just not in it), and so is what is no image at all.
std::vector<SelectedImage> SelectImages(const store::RepositoryView& view,
                                        const model::Scope& scope,
                                        absl::Time now);

// The images behind one tag, or one digest (of an image or an index); empty if
// the listing has no such thing.
std::vector<SelectedImage> SelectTag(const store::RepositoryView& view,
                                     const std::string& tag);
std::vector<SelectedImage> SelectDigest(const store::RepositoryView& view,
                                        const model::Digest& digest);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_SCOPE_H_
