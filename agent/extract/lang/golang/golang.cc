#include "agent/extract/lang/golang/golang.h"

#include <optional>
#include <string>
#include <utility>

#include "agent/extract/elf/program.h"
#include "agent/extract/lang/golang/build_info.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The runtime alone is larger.
constexpr uint64_t kSmallest = 256u << 10;

absl::Status Add(PackageList& list, std::string_view path,
                 std::string_view version) {
  return list.Add({.type = "golang",
                   .name = std::string(path),
                   .version = std::string(version)},
                  "a module");
}

}  // namespace

bool Golang::WantsContent(const Candidate& file) const {
  return file.size >= kSmallest && elf::MayBeProgram(file.head);
}

absl::StatusOr<model::FileExtract> Golang::Extract(std::string_view /*path*/,
                                                   File& file) const {
  PackageList list;
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<RawBuildInfo> info,
                              ReadBuildInfo(file, list.problems()));
  if (!info.has_value()) return std::move(list).Finish();
  const std::string_view toolchain = ToolchainVersion(info->version);
  if (!toolchain.empty()) {
    LANDWAITER_RETURN_IF_ERROR(Add(list, "stdlib", toolchain));
  }
  absl::Status status;
  VisitModules(info->modules, [&](const Module& module) {
    if (status.ok()) status = Add(list, module.path, module.version);
  });
  LANDWAITER_RETURN_IF_ERROR(status);
  return std::move(list).Finish();
}

}  // namespace landwaiter::agent::extract::lang
