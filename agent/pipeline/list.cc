#include <map>
#include <set>
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

// What a listing told of a manifest that must still be read.
using Hints = std::map<model::Digest, model::ManifestEntry>;

// Reads the manifests that the analyzer asked for, and the indexes in them.
class ManifestReader {
 public:
  ManifestReader(const Stages& stages, const model::WorkItem& item,
                 const Hints& hints)
      : stages_(stages), item_(item), hints_(hints) {}

  absl::Status Read(const model::Digest& digest, int nesting = 0);
  // Hands over what was read if it is enough for a page, or all of it.
  absl::Status Send(bool all);

 private:
  const Stages& stages_;
  const model::WorkItem& item_;
  const Hints& hints_;
  std::vector<model::ManifestEntry> entries_;
};

absl::Status ManifestReader::Read(const model::Digest& digest, int nesting) {
  LANDWAITER_RETURN_IF_ERROR(CheckLease(stages_, item_));
  model::ManifestEntry entry;
  if (const auto hint = hints_.find(digest); hint != hints_.end()) {
    entry = hint->second;
  }
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
  if (manifest->TotalSize() > 0) entry.size = manifest->TotalSize();
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

// Sends tags and what is known of manifests, in pages that the analyzer takes,
// all with the cursor before the listing's page. `unknown` gets the digests
// whose manifests the analyzer lacks.
class PartSender {
 public:
  PartSender(const Stages& stages, const model::WorkItem& item)
      : stages_(stages), item_(item) {}

  absl::Status Add(model::TagEntry tag) {
    page_.tags.push_back(std::move(tag));
    return page_.tags.size() < kEntriesPerPage ? absl::OkStatus() : Send();
  }
  absl::Status Add(model::ManifestEntry manifest) {
    page_.manifests.push_back(std::move(manifest));
    return page_.manifests.size() < kEntriesPerPage ? absl::OkStatus() : Send();
  }
  absl::Status Send() {
    if (page_.tags.empty() && page_.manifests.empty()) return absl::OkStatus();
    page_.next_cursor = item_.cursor;
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::ListingReply reply,
        stages_.analyzer.SubmitListing(LeaseOf(item_), page_));
    unknown.insert(reply.unknown.begin(), reply.unknown.end());
    page_ = {};
    return absl::OkStatus();
  }

  std::set<model::Digest> unknown;

 private:
  static constexpr size_t kEntriesPerPage = 500;

  const Stages& stages_;
  const model::WorkItem& item_;
  model::ListingPage page_;
};

// One page of a listing: the manifests that it told all of and the digests of
// its tags, then the manifests that are new, and only then the cursor behind
// the page.
absl::Status SendArtifacts(const Stages& stages, const model::WorkItem& item,
                           registry::ArtifactPage artifacts) {
  PartSender sender(stages, item);
  Hints hints;
  for (model::ManifestEntry& manifest : artifacts.manifests) {
    if (manifest.media_type.empty()) {
      hints.emplace(manifest.digest, std::move(manifest));
    } else {
      LANDWAITER_RETURN_IF_ERROR(sender.Add(std::move(manifest)));
    }
  }
  for (registry::ListedTag& tag : artifacts.tags) {
    LANDWAITER_RETURN_IF_ERROR(CheckLease(stages, item));
    if (tag.digest.empty()) {
      auto digest = stages.registry.ResolveTag(item.repository, tag.name);
      if (Has(digest.status(), FailureCode::kNotFound)) continue;
      if (!digest.ok()) return digest.status();
      tag.digest = *std::move(digest);
    }
    LANDWAITER_RETURN_IF_ERROR(sender.Add(
        model::TagEntry{std::move(tag.name), std::move(tag.digest)}));
  }
  LANDWAITER_RETURN_IF_ERROR(sender.Send());
  ManifestReader reader(stages, item, hints);
  for (const model::Digest& digest : sender.unknown) {
    LANDWAITER_RETURN_IF_ERROR(reader.Read(digest));
  }
  LANDWAITER_RETURN_IF_ERROR(reader.Send(true));
  model::ListingPage end;
  end.next_cursor = artifacts.next_cursor;
  end.complete = artifacts.complete;
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
    for (registry::RepositoryEntry& entry : found.repositories) {
      if (!entry.state.empty() &&
          entry.state.size() <= model::kMaxRepositoryState) {
        page.repository_states.emplace(entry.name, std::move(entry.state));
      }
      page.repositories.push_back(std::move(entry.name));
    }
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
    auto page = stages.registry.ListArtifacts(at.repository, at.cursor);
    if (Has(page.status(), FailureCode::kNotFound)) {
      // A catalog goes on naming a repository whose last tag is gone.
      page = registry::ArtifactPage{.complete = true};
    }
    if (!page.ok()) return page.status();
    LANDWAITER_RETURN_IF_ERROR(stages.failpoints.Hit(base::kAgentPageListed));
    const bool complete = page->complete;
    const std::string next = page->next_cursor;
    LANDWAITER_RETURN_IF_ERROR(SendArtifacts(stages, at, *std::move(page)));
    if (complete) return absl::OkStatus();
    at.cursor = next;
  }
}

}  // namespace landwaiter::agent::pipeline
