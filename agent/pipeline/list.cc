#include <utility>
#include <vector>

#include "agent/pipeline/stages.h"
#include "agent/source/manifest.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::pipeline {
namespace {

using base::FailureCode;

constexpr int kMaxNesting = 5;
constexpr size_t kManifestsPerPage = 100;

model::LeaseRef LeaseOf(const model::WorkItem& item) {
  return {item.id, item.fence};
}

absl::Status CheckLease(const Stages& stages, const model::WorkItem& item) {
  if (stages.leases.Holds(item.id)) return absl::OkStatus();
  return absl::AbortedError("the lease is lost");
}

bool Has(const absl::Status& status, FailureCode code) {
  return !status.ok() && base::FailureCodeOf(status) == code;
}

// Reads the manifests that the analyzer asked for, and the indexes in them.
class ManifestReader {
 public:
  ManifestReader(const Stages& stages, const model::WorkItem& item)
      : stages_(stages), item_(item) {}

  absl::Status Read(const model::Digest& digest, int nesting = 0);
  // Hands over what was read if it is enough for a page, or all of it.
  absl::Status Send(bool all);

 private:
  const Stages& stages_;
  const model::WorkItem& item_;
  std::vector<model::ManifestEntry> entries_;
};

absl::Status ManifestReader::Read(const model::Digest& digest, int nesting) {
  LANDWAITER_RETURN_IF_ERROR(CheckLease(stages_, item_));
  model::ManifestEntry entry;
  entry.digest = digest;
  const auto raw = stages_.registry.GetManifest(item_.repository, digest.text(),
                                                source::kMaxManifestBytes);
  // It was deleted while we listed, or an index names what is not there.
  if (Has(raw.status(), FailureCode::kNotFound)) return absl::OkStatus();
  if (!raw.ok() && base::IsRetryable(base::FailureCodeOf(raw.status()))) {
    return raw.status();
  }
  auto manifest = raw.ok() ? source::ReadManifest(*raw)
                           : absl::StatusOr<source::Manifest>(raw.status());
  if (!manifest.ok()) {
    entry.unsupported = std::string(manifest.status().message());
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }
  entry.media_type = manifest->media_type;
  entry.unsupported = manifest->unsupported;
  entry.size = manifest->TotalSize();
  entry.children = manifest->entries;
  entries_.push_back(std::move(entry));
  for (const model::Descriptor& child : manifest->entries) {
    const bool index = base::Contains(child.media_type, "index") ||
                       base::Contains(child.media_type, "manifest.list");
    if (index && nesting < kMaxNesting) {
      LANDWAITER_RETURN_IF_ERROR(Read(child.digest, nesting + 1));
    }
  }
  return Send(false);
}

absl::Status ManifestReader::Send(bool all) {
  if (entries_.empty() || (!all && entries_.size() < kManifestsPerPage)) {
    return absl::OkStatus();
  }
  model::ListingPage page;
  page.manifests = std::move(entries_);
  page.next_cursor = item_.cursor;
  entries_.clear();
  return stages_.analyzer.SubmitListing(LeaseOf(item_), page).status();
}

// One page of tags: their digests, then the manifests that are new, and only
// then the cursor behind the page.
absl::Status SendTags(const Stages& stages, const model::WorkItem& item,
                      const registry::TagPage& tags) {
  model::ListingPage page;
  page.next_cursor = item.cursor;
  for (const std::string& tag : tags.tags) {
    LANDWAITER_RETURN_IF_ERROR(CheckLease(stages, item));
    auto digest = stages.registry.ResolveTag(item.repository, tag);
    if (Has(digest.status(), FailureCode::kNotFound)) continue;
    if (!digest.ok()) return digest.status();
    page.tags.push_back({tag, *std::move(digest)});
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const model::ListingReply reply,
      stages.analyzer.SubmitListing(LeaseOf(item), page));
  ManifestReader reader(stages, item);
  for (const model::Digest& digest : reply.unknown) {
    LANDWAITER_RETURN_IF_ERROR(reader.Read(digest));
  }
  LANDWAITER_RETURN_IF_ERROR(reader.Send(true));
  model::ListingPage end;
  end.next_cursor = tags.next_cursor;
  end.complete = tags.complete;
  return stages.analyzer.SubmitListing(LeaseOf(item), end).status();
}

}  // namespace

absl::Status ListRepositories(const Stages& stages,
                              const model::WorkItem& item) {
  std::string cursor = item.cursor;
  while (true) {
    LANDWAITER_RETURN_IF_ERROR(CheckLease(stages, item));
    LANDWAITER_ASSIGN_OR_RETURN(registry::RepositoryPage found,
                                stages.registry.ListRepositories(cursor));
    model::ListingPage page;
    page.repositories = std::move(found.repositories);
    page.next_cursor = found.next_cursor;
    page.complete = found.complete;
    LANDWAITER_RETURN_IF_ERROR(stages.failpoints.Hit(base::kAgentPageListed));
    LANDWAITER_RETURN_IF_ERROR(
        stages.analyzer.SubmitListing(LeaseOf(item), page).status());
    if (found.complete) return absl::OkStatus();
    cursor = found.next_cursor;
  }
}

absl::Status ListTags(const Stages& stages, const model::WorkItem& item) {
  model::WorkItem at = item;
  while (true) {
    LANDWAITER_RETURN_IF_ERROR(CheckLease(stages, at));
    auto tags = stages.registry.ListTags(at.repository, at.cursor);
    if (Has(tags.status(), FailureCode::kNotFound)) {
      // A catalog goes on naming a repository whose last tag is gone.
      tags = registry::TagPage{.complete = true};
    }
    if (!tags.ok()) return tags.status();
    LANDWAITER_RETURN_IF_ERROR(stages.failpoints.Hit(base::kAgentPageListed));
    LANDWAITER_RETURN_IF_ERROR(SendTags(stages, at, *tags));
    if (tags->complete) return absl::OkStatus();
    at.cursor = tags->next_cursor;
  }
}

}  // namespace landwaiter::agent::pipeline
