#ifndef LANDWAITER_CORE_MODEL_LAYER_REPORT_H_
#define LANDWAITER_CORE_MODEL_LAYER_REPORT_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/digest.h"
#include "core/model/package.h"
#include "core/model/packages.h"

namespace landwaiter::model {

// Paths in a report are relative to the image's root, without a leading
// slash, cleaned ("./a//b" is "a/b"), bytes as in the archive, at most
// 4,096 long; an entry that would climb above the root is not an entry.

// What one extractor read out of one file of a layer.
struct FileExtract {
  std::string path;
  std::string extractor;           // "os/dpkg"
  uint32_t extractor_version = 0;  // of that extractor's own rules
  Packages packages;               // sorted
  std::optional<OsRelease> os_release;
  // Files that the database's packages own and that may themselves tell of
  // software (extract::MayTellOfSoftware), so that a merge can say which
  // packages the system's package manager answers for. Clean, sorted, each
  // once.
  std::vector<std::string> owned_files;
  // Set when the file is there and could not be (wholly) read: then the
  // packages are those that could be, and the image's result says so.
  std::string problem;

  friend auto operator<=>(const FileExtract&, const FileExtract&) = default;
};

// A removal that the layer records (OCI image-spec, layer.md, Whiteouts).
struct Whiteout {
  std::string path;  // what is removed
  bool opaque =
      false;  // path stays, everything below it from lower layers goes

  friend auto operator<=>(const Whiteout&, const Whiteout&) = default;
};

// What a layer holds, read on its own: it depends on the blob's bytes and the
// extractors' versions and on nothing else, so it is cached under (trust
// domain, blob digest, kLayerReportVersion) and two reports under one key must
// be equal byte for byte. Lists are sorted; there are no timestamps.
struct LayerReport {
  Digest blob_digest;  // of the bytes as pulled; checked by who fetched them
  Digest diff_id;      // of the inflated tar; must equal the image config's
  uint64_t compressed_size = 0;       // bytes
  uint64_t uncompressed_size = 0;     // bytes
  uint64_t entries = 0;               // tar entries
  std::vector<FileExtract> extracts;  // by (path, extractor)
  std::vector<Whiteout> whiteouts;    // by path
  // Paths of entries that are not directories yet stand where a well-known
  // path has a directory ("var/lib" as a symbolic link, say), and of entries
  // that replace a well-known file by something that is not a regular file:
  // they hide what lower layers had there.
  std::vector<std::string> obstructions;  // sorted
  // Links at well-known paths, so that a merge can follow them:
  // "etc/os-release" -> "usr/lib/os-release" (target cleaned, relative to the
  // root). Also in `obstructions`.
  struct Link {
    std::string path;
    std::string target;
    friend auto operator<=>(const Link&, const Link&) = default;
  };
  std::vector<Link> links;  // by path
  // All of the layer's entries but its whiteouts and those above the root, in
  // the archive's order: where a path occurs twice the later one counts.
  struct Files {
    std::string zstd;    // in the form of core/file_list/writer.h
    std::string sha256;  // of the list before compression, hexadecimal
    uint64_t size = 0;   // bytes before compression
    uint64_t count = 0;  // entries in the list
    // There were more, which the limit kept out: what they are, and what of
    // lower layers they hide, is not known.
    bool cut = false;
    friend auto operator<=>(const Files&, const Files&) = default;
  };
  Files files;

  friend auto operator<=>(const LayerReport&, const LayerReport&) = default;
};

// The version of the report's rules as a whole; it grows with any extractor's.
inline constexpr uint32_t kLayerReportVersion = 4;

// LayerReport::Files::size is at most this.
inline constexpr uint64_t kMaxFileListBytes = uint64_t{32} << 20;

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_LAYER_REPORT_H_
