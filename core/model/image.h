#ifndef LANDWAITER_CORE_MODEL_IMAGE_H_
#define LANDWAITER_CORE_MODEL_IMAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/model/digest.h"
#include "core/model/file.h"
#include "core/model/package.h"
#include "core/model/platform.h"

namespace landwaiter::model {

// A reference to content (OCI image-spec, descriptor.md).
struct Descriptor {
  std::string media_type;
  Digest digest;
  uint64_t size = 0;          // bytes; checked against what arrives
  Platform platform;          // in an index only
  std::string artifact_type;  // of a manifest that is no image
  bool attestation = false;   // buildkit's attestation manifests
  bool foreign = false;       // non-distributable layer: not pulled

  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

// A layer of a platform image, lowest first.
struct LayerRef {
  Descriptor blob;
  Digest diff_id;  // what the config says; empty for schema 1 manifests

  friend bool operator==(const LayerRef&, const LayerRef&) = default;
};

// A step of how an image was made.
struct HistoryEntry {
  std::string created;     // RFC 3339 as given
  std::string created_by;  // the instruction, or the command
  std::string comment;
  bool empty_layer = false;  // it made no layer

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

// What of an image's config the scan keeps; redacted by the agent (a build
// instruction's secret never leaves the pod), valid UTF-8.
struct ImageConfig {
  Platform platform;
  std::string created;  // RFC 3339 as given; informative, never decides
  std::string user;
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<std::string> entrypoint;
  std::vector<std::string> command;
  std::vector<std::string> ports;    // "80/tcp"
  std::vector<std::string> volumes;  // paths
  std::map<std::string, std::string> labels;
  std::string working_directory;
  std::string stop_signal;
  std::vector<HistoryEntry> history;  // oldest first
  bool truncated = false;  // the limits left out, or cut, some of the above

  friend bool operator==(const ImageConfig&, const ImageConfig&) = default;
};

// A package of the merged image, with where it came from.
struct InstalledPackage {
  Package package;
  std::string path;  // of the file that tells of it
  Digest layer;      // blob digest of the layer that brought this version in
                     // (the lowest from which on it is listed unchanged)
  // The system's package manager owns that file: the system's advisories
  // speak for it, not the language's.
  bool owned = false;

  friend bool operator==(const InstalledPackage&,
                         const InstalledPackage&) = default;
};

// The software of one platform image: what merging its layers gives, and what
// detection reads. Packages are sorted by (type, name, version, architecture,
// path).
struct Inventory {
  std::string reference;  // as asked for, may be empty
  Digest manifest;        // the platform manifest's
  ImageConfig config;
  std::vector<LayerRef> layers;
  OsRelease os;  // empty if the image names none (FROM scratch)
  std::vector<InstalledPackage> packages;
  std::vector<std::string> problems;  // databases that could not be read whole
  std::vector<File> files;            // by path; only where they were asked for

  friend bool operator==(const Inventory&, const Inventory&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_IMAGE_H_
