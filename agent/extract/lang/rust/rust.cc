#include "agent/extract/lang/rust/rust.h"

#include <optional>
#include <string>
#include <utility>

#include "agent/extract/archive/zlib.h"
#include "agent/extract/elf/program.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr std::string_view kSection = ".dep-v0";
constexpr uint64_t kMaxCompressed = 1u << 20;
constexpr size_t kMaxInflated = 8u << 20;  // as cargo-auditable's reader has it
constexpr uint64_t kSmallest = 64u << 10;

// {"packages": [{"name": ..., "version": ..., "source": ..., "kind": ...}]}
class Crates : public text::TreeHandler {
 public:
  explicit Crates(PackageList& list) : list_(list) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"packages", "*", "name"})) crate_.name = text;
    if (path.Is({"packages", "*", "version"})) crate_.version = text;
    if (path.Is({"packages", "*", "kind"})) build_only_ = text == "build";
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "*"})) return absl::OkStatus();
    crate_.type = "cargo";
    const std::string where = base::StrCat("crate ", path.back());
    model::Package crate = std::exchange(crate_, {});
    if (std::exchange(build_only_, false)) return absl::OkStatus();
    return list_.Add(std::move(crate), where);
  }

 private:
  PackageList& list_;
  model::Package crate_;
  bool build_only_ = false;
};

absl::Status ReadCrates(const std::string& json, PackageList& list) {
  MemoryFile file(json);
  Crates crates(list);
  LANDWAITER_ASSIGN_OR_RETURN(const text::Outcome outcome,
                              text::ReadJson(file, crates));
  if (!outcome.fault.empty()) list.problems().Add(outcome.fault);
  return absl::OkStatus();
}

// The section's content; nullopt if there is none.
absl::StatusOr<std::optional<std::string>> ReadSection(File& file,
                                                       Problems& problems) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<elf::Program> program,
                              elf::OpenProgram(file));
  if (!program.has_value()) return std::nullopt;
  const elf::Section* section = program->FindSection(kSection);
  if (section == nullptr) return std::nullopt;
  if (section->range.size > kMaxCompressed) {
    problems.Add(base::StrCat("its list of crates has ", section->range.size,
                              " bytes, the limit is ", kMaxCompressed));
    return std::nullopt;
  }
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there,
      ReadExactly(file, section->range.offset, section->range.size, &bytes));
  if (!there) return std::nullopt;
  return bytes;
}

}  // namespace

bool Rust::WantsContent(const Candidate& file) const {
  return file.size >= kSmallest && elf::MayBeProgram(file.head);
}

absl::StatusOr<model::FileExtract> Rust::Extract(std::string_view /*path*/,
                                                 File& file) const {
  PackageList list;
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<std::string> section,
                              ReadSection(file, list.problems()));
  if (!section.has_value()) return std::move(list).Finish();
  const std::optional<std::string> json =
      archive::InflateZlib(*section, kMaxInflated);
  if (!json.has_value()) {
    list.problems().Add(
        "its list of crates is damaged, or inflates to too many bytes");
    return std::move(list).Finish();
  }
  LANDWAITER_RETURN_IF_ERROR(ReadCrates(*json, list));
  return std::move(list).Finish();
}

}  // namespace landwaiter::agent::extract::lang
