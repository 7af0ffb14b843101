#include "agent/extract/package_list.h"

#include <algorithm>
#include <string>
#include <utility>

#include "agent/extract/ownership.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/layer_report_check.h"

namespace landwaiter::agent::extract {
namespace {

using model::Package;

// Cut at a character's start, so that what was valid UTF-8 stays so.
void Cut(std::string& text) {
  if (text.size() <= PackageList::kMaxText) return;
  size_t end = PackageList::kMaxText;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  text.resize(end);
}

void Clean(Package& package) {
  for (std::string* text :
       {&package.name, &package.version, &package.architecture,
        &package.source_name, &package.source_version, &package.module,
        &package.vendor, &package.location}) {
    *text = base::ToValidUtf8(*text);
  }
  Cut(package.vendor);
  Cut(package.location);
  for (std::string& license : package.licenses) {
    license = base::ToValidUtf8(license);
    Cut(license);
  }
}

// What is wrong with the package's identity; empty if nothing is.
std::string_view Fault(const Package& package) {
  if (package.name.empty()) return "a package without a name";
  if (package.version.empty()) return "a package without a version";
  for (const std::string* text :
       {&package.name, &package.version, &package.architecture,
        &package.source_name, &package.source_version, &package.module}) {
    if (text->size() > PackageList::kMaxIdentity) {
      return "a package with an overlong field";
    }
  }
  return {};
}

uint64_t Size(const Package& package) {
  uint64_t size = package.name.size() + package.version.size() +
                  package.architecture.size() + package.source_name.size() +
                  package.source_version.size() + package.module.size() +
                  package.vendor.size() + package.location.size();
  for (const std::string& license : package.licenses) size += license.size();
  return size;
}

}  // namespace

absl::Status PackageList::Add(Package package, std::string_view where) {
  if (const std::string_view fault = Fault(package); !fault.empty()) {
    problems_.Add(base::StrCat(where, ": ", fault, " (",
                               base::Printable(package.name, 64), ")"));
    return absl::OkStatus();
  }
  Clean(package);
  bytes_ += Size(package);
  if (packages_.size() >= limits_.packages || bytes_ > limits_.bytes) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat("the package database has more than ", limits_.packages,
                     " packages or ", limits_.bytes, " bytes of text"),
        "packages");
  }
  packages_.push_back(package);
  return absl::OkStatus();
}

void PackageList::AddOwned(std::string_view path) {
  while (path.starts_with("/") || path.starts_with("./")) {
    path.remove_prefix(path.starts_with("/") ? 1 : 2);
  }
  if (!MayTellOfSoftware(path) || !model::IsCleanPath(path)) return;
  if (owned_.size() >= kMaxOwned || bytes_ + path.size() > limits_.bytes) {
    problems_.Add("the packages own more files than are kept");
    return;
  }
  bytes_ += path.size();
  owned_.emplace_back(path);
}

model::FileExtract PackageList::Finish() && {
  packages_.SortUnique();
  model::FileExtract extract;
  extract.packages = std::move(packages_);
  std::sort(owned_.begin(), owned_.end());
  owned_.erase(std::unique(owned_.begin(), owned_.end()), owned_.end());
  extract.owned_files = std::move(owned_);
  extract.problem = problems_.Text();
  return extract;
}

}  // namespace landwaiter::agent::extract
