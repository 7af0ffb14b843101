#ifndef LANDWAITER_AGENT_EXTRACT_LANG_FORMATS_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_FORMATS_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/extract/extractor.h"
#include "agent/extract/package_list.h"
#include "core/text/outcome.h"

// What the extractors of language ecosystems share.
namespace landwaiter::agent::extract::lang {

// One kind of file of an ecosystem: which paths are, and how it is read.
// Errors are the file's and the list's; what is wrong with the text goes to
// the list's problems.
struct Format {
  bool (*wants)(std::string_view path);
  absl::Status (*read)(std::string_view path, File& file,
                       PackageList& packages);
};

// An extractor that is a list of formats; the first that wants a path reads
// it. `name` and `formats` must outlive it.
class Formats : public Extractor {
 public:
  std::string_view name() const override { return name_; }
  uint32_t version() const override { return version_; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;

 protected:
  Formats(std::string_view name, uint32_t version,
          std::span<const Format> formats)
      : name_(name), version_(version), formats_(formats) {}

 private:
  const Format* Find(std::string_view path) const;

  std::string_view name_;
  uint32_t version_;
  std::span<const Format> formats_;
};

// "a/b/c.lock": "c.lock".
std::string_view BaseName(std::string_view path);
// "a/b/c.lock": "a/b"; "" for a file in the root.
std::string_view DirectoryOf(std::string_view path);
// Whether the file at `path` is called `name`.
bool Named(std::string_view path, std::string_view name);
// Whether a directory above `path` is called `directory`.
bool Below(std::string_view path, std::string_view directory);

// Ends the reading of a tree: its error, or its fault as a problem. A file in
// which nothing of the format was seen is of another kind and no problem.
absl::Status Conclude(const absl::StatusOr<text::Outcome>& outcome,
                      PackageList& packages);

// Keeps a package that has a name and a version. One without is left out: lock
// files name what they do not lock.
absl::Status Keep(model::Package package, PackageList& packages);

// A package that is asked for, not installed.
model::Package Declared(std::string_view type);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_FORMATS_H_
