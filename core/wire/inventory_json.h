#ifndef LANDWAITER_CORE_WIRE_INVENTORY_JSON_H_
#define LANDWAITER_CORE_WIRE_INVENTORY_JSON_H_

#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "core/model/each_package.h"
#include "core/model/image.h"

// An inventory as JSON: what `landwaiter-agent inspect --format json` prints
// and `landwaiter-analyzer match` reads.
//
//   {"image": {"reference", "digest", "platform", "created", "user"},
//    "os": {"id", "idLike", "versionId", "codename", "prettyName", "cpeName"},
//    "layers": [{"digest", "diffId", "size", "mediaType"}],   lowest first
//    "packages": [{"type", "name", "version", "arch", "sourceName",
//                  "sourceVersion", "module", "vendor", "licenses",
//                  "path", "layer"}],
//    "problems": ["..."]}
//
// Empty texts and lists of a package or of "image" are left out; the four
// other keys of the top are always there ("os" may be {}).
namespace landwaiter::wire {

// Writes `inventory`, whose packages are those of `packages`, piece by piece:
// the whole text is never in memory. UTF-8, no newline at the end. Bytes that
// are not UTF-8 become U+FFFD.
using JsonSink = absl::FunctionRef<void(std::string_view)>;
void WriteInventoryJson(const model::Inventory& inventory,
                        model::EachPackage packages, JsonSink write);

// The inverse. Unknown keys are ignored, missing ones are empty; but a package
// has a type, a name and a version. INVALID_ARGUMENT names the field that is
// wrong ("packages[3].layer"). Text of more than 256 MiB, or nested deeper than
// 16, is refused (LimitExceeded).
absl::StatusOr<model::Inventory> InventoryFromJson(std::string_view text);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_INVENTORY_JSON_H_
