#ifndef LANDWAITER_AGENT_EXTRACT_EXTRACTOR_H_
#define LANDWAITER_AGENT_EXTRACT_EXTRACTOR_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::extract {

// A regular file of which no more than its beginning was seen.
struct Candidate {
  std::string_view path;  // clean, relative to the root
  uint64_t size = 0;      // bytes in all
  // The first kHeadBytes of the content, or all of it if there are fewer.
  std::string_view head;
};
inline constexpr size_t kHeadBytes = 512;

// Reads facts out of single files of a layer. A plug-in answers two questions:
// does it want this file (hot and cheap: asked for every entry of every
// layer), and what does the file say. It knows nothing of other files, other
// layers, the network or the disk.
//
// An extractor is immutable after construction and used by one thread at a
// time.
class Extractor {
 public:
  virtual ~Extractor() = default;

  // "os/dpkg": its folder below agent/extract.
  virtual std::string_view name() const = 0;
  // Grows whenever the same bytes may give a different result.
  virtual uint32_t version() const = 0;

  // Whether Extract should see the regular file at `path` (clean, relative to
  // the root: "var/lib/dpkg/status").
  virtual bool Wants(std::string_view path) const = 0;

  // Whether Extract should see a file that Wants did not ask for by name, now
  // that its first bytes are known: programs, whose names tell nothing. Larger
  // files than Limits::file_bytes are not asked about.
  virtual bool WantsContent(const Candidate& /*file*/) const { return false; }

  // What the file says. The caller fills in path, extractor and version. A
  // file that is not what its name promises gives an extract with `problem`
  // set and with whatever could be read before; an error status is for
  // limits and for what is not the file's fault.
  virtual absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                                     File& file) const = 0;

  // The files by name that this extractor is about ("lib/apk/db/installed"):
  // the framework watches them and their parent directories for links and
  // for entries of the wrong type. A directory is named with a slash behind.
  // None for files that may be anywhere.
  virtual std::vector<std::string_view> WellKnownPaths() const { return {}; }
};

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_EXTRACTOR_H_
