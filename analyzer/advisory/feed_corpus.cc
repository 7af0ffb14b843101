#include "analyzer/advisory/feed_corpus.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> FilesBelow(const std::string& root) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void ReadFiles(const FeedFormat& format, const std::string& root,
               KeptRecords& kept) {
  const auto reader = format.NewReader();
  for (const std::string& path : FilesBelow(root)) {
    const std::string name = fs::path(path).lexically_relative(root).string();
    if (!format.Reads(name)) continue;
    TextFile file(name, testing::ReadFile(path), size_t{1} << 16);
    const absl::Status status = reader->Read(file, kept);
    EXPECT_TRUE(status.ok()) << name << ": " << status;
  }
  const absl::Status status = reader->Finish(kept);
  EXPECT_TRUE(status.ok()) << status;
}

std::string_view ToString(Standing standing) {
  switch (standing) {
    case Standing::kAffected:
      return "affected";
    case Standing::kNotAffected:
      return "not affected";
    case Standing::kUnderInvestigation:
      return "under investigation";
    case Standing::kFixDeferred:
      return "deferred";
    case Standing::kWillNotFix:
      return "will not fix";
    case Standing::kEndOfLife:
      return "end of life";
  }
  return "";
}

}  // namespace

absl::Status StatusOfText(const FeedFormat& format, std::string text,
                          std::string name) {
  KeptRecords kept;
  TextFile file(std::move(name), std::move(text));
  const auto reader = format.NewReader();
  absl::Status status = reader->Read(file, kept);
  if (status.ok()) status = reader->Finish(kept);
  return status;
}

KeptRecords ReadText(const FeedFormat& format, std::string text,
                     std::string name) {
  KeptRecords kept;
  TextFile file(std::move(name), std::move(text));
  const auto reader = format.NewReader();
  absl::Status status = reader->Read(file, kept);
  if (status.ok()) status = reader->Finish(kept);
  EXPECT_TRUE(status.ok()) << status;
  return kept;
}

KeptRecords ReadCorpus(const FeedFormat& format, const std::string& path) {
  KeptRecords kept;
  const std::string whole = base::StrCat(*testing::Corpus(), "/", path);
  if (path.ends_with(".zip")) {
    const testing::TempDir unpacked;
    testing::RunCommand(
        base::StrCat("unzip -q -d '", unpacked.path(), "' '", whole, "'"));
    ReadFiles(format, unpacked.path(), kept);
  } else if (fs::is_directory(whole)) {
    ReadFiles(format, whole, kept);
  } else {
    return ReadText(format, testing::ReadFile(whole),
                    fs::path(path).filename().string());
  }
  return kept;
}

std::string FirstSkipped(const KeptRecords& kept) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(kept.skipped.size(), 10); ++i) {
    const auto& skipped = kept.skipped[i];
    base::StrAppend(&text, skipped.where, ": ",
                    advisory::ToString(skipped.problem), " ", skipped.message,
                    "\n");
  }
  return text;
}

const Advisory& WithId(const KeptRecords& kept, std::string_view id) {
  static const Advisory kNone;
  for (const Advisory& advisory : kept.advisories) {
    if (advisory.details.id == id) return advisory;
  }
  ADD_FAILURE() << "no advisory " << id;
  return kNone;
}

std::string Told(const Affected& affected) {
  std::string text = base::StrCat(affected.ecosystem, " ", affected.package);
  for (const auto& range : affected.ranges) {
    base::StrAppend(&text, " [");
    for (const auto& event : range) {
      const std::string_view sign = event.kind == EventKind::kIntroduced ? ">="
                                    : event.kind == EventKind::kFixed    ? "<"
                                                                         : "<=";
      base::StrAppend(&text, text.ends_with('[') ? "" : " ", sign,
                      event.version);
    }
    base::StrAppend(&text, "]");
  }
  for (const std::string& version : affected.versions) {
    base::StrAppend(&text, " =", version);
  }
  for (const std::string& module : affected.modules) {
    base::StrAppend(&text, " module ", module);
  }
  if (affected.standing != Standing::kAffected) {
    base::StrAppend(&text, " ", ToString(affected.standing));
  }
  if (affected.severity != model::Severity::kUnknown) {
    base::StrAppend(&text, " ", model::ToString(affected.severity));
  }
  if (!affected.statement.empty()) {
    base::StrAppend(&text, " (", affected.statement, ")");
  }
  return text;
}

std::string Told(const Advisory& advisory) {
  std::string text;
  for (const Affected& affected : advisory.affected) {
    base::StrAppend(&text, text.empty() ? "" : "\n", Told(affected));
  }
  return text;
}

std::string DisputedVersion(const Affected& a, const Affected& b,
                            std::weak_ordering (*compare)(std::string_view,
                                                          std::string_view)) {
  // Events of a range are in order here, an introduction and its end.
  const auto covers = [&](const Affected& affected, std::string_view version) {
    for (const auto& range : affected.ranges) {
      bool inside = false;
      for (const auto& event : range) {
        const auto order = compare(version, event.version);
        if (event.kind == EventKind::kIntroduced) {
          inside = inside || event.version == "0" || order >= 0;
        } else if (event.kind == EventKind::kFixed ? order >= 0 : order > 0) {
          inside = false;
        }
      }
      if (inside) return true;
    }
    return false;
  };
  std::vector<std::string> versions = {"0.0.0", "99999.0.0"};
  for (const Affected* affected : {&a, &b}) {
    for (const auto& range : affected->ranges) {
      for (const auto& event : range) {
        if (!event.version.ends_with("-0") && !event.version.ends_with(".a")) {
          versions.push_back(event.version);
        }
      }
    }
  }
  for (const std::string& version : versions) {
    if (covers(a, version) != covers(b, version)) return version;
  }
  return "";
}

}  // namespace landwaiter::analyzer::advisory
