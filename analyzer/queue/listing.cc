#include <utility>

#include "analyzer/queue/discovery.h"
#include "analyzer/queue/lease_check.h"
#include "analyzer/queue/progress.h"
#include "analyzer/queue/sweep.h"
#include "analyzer/queue/work_queue.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

// WorkQueue: pages of listings.
namespace landwaiter::analyzer::queue {
namespace {

using model::WorkKind;
using store::ItemRow;

constexpr size_t kMaxRepositories = 5000;
constexpr size_t kMaxTags = 1000;
constexpr size_t kMaxManifests = 1000;
constexpr size_t kMaxChildren = 1000;
constexpr size_t kMaxCursor = 4096;

absl::Status CheckPage(const model::ListingPage& page) {
  if (page.repositories.size() > kMaxRepositories ||
      page.tags.size() > kMaxTags || page.manifests.size() > kMaxManifests) {
    return absl::InvalidArgumentError("the page has too many entries");
  }
  for (const auto& [name, state] : page.repository_states) {
    if (state.size() > model::kMaxRepositoryState) {
      return absl::InvalidArgumentError("repository_states: one is too long");
    }
  }
  if (page.next_cursor.size() > kMaxCursor) {
    return absl::InvalidArgumentError("next_cursor: too long");
  }
  for (const model::ManifestEntry& manifest : page.manifests) {
    if (manifest.digest.empty() || manifest.children.size() > kMaxChildren) {
      return absl::InvalidArgumentError(
          "manifests: one without a digest, or with too many children");
    }
  }
  return absl::OkStatus();
}

absl::Status PutRepositories(Step& step, const store::TaskRow& task,
                             ItemRow& item, const model::ListingPage& page) {
  LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                              step.txn.registries().Get(item.registry));
  LANDWAITER_ASSIGN_OR_RETURN(const uint64_t seq, step.txn.Sequence());
  for (const std::string& name : page.repositories) {
    if (!model::IsValidRepository(name)) {
      // One odd name does not keep the others from being scanned.
      LANDWAITER_RETURN_IF_ERROR(
          Log(step, task,
              base::StrCat("ignored repository with an invalid name: ",
                           base::Printable(name))));
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(
        step.txn.catalog()
            .PutRepository(registry.id, name, seq, step.now)
            .status());
    const auto state = page.repository_states.find(name);
    LANDWAITER_RETURN_IF_ERROR(AddRepository(
        step, task, registry, name,
        state == page.repository_states.end() ? std::string() : state->second));
  }
  if (!page.complete) return absl::OkStatus();
  item.listing_complete = true;
  return step.txn.catalog().ForgetRepositories(registry.id, item.listing_since);
}

absl::Status PutTags(Step& step, const store::TaskRow& task, ItemRow& item,
                     const model::ListingPage& page,
                     model::ListingReply& reply) {
  store::CatalogTable& catalog = step.txn.catalog();
  LANDWAITER_ASSIGN_OR_RETURN(const uint64_t seq, step.txn.Sequence());
  LANDWAITER_ASSIGN_OR_RETURN(
      const store::RowId repository,
      catalog.PutRepository(item.registry, item.repository, seq, step.now));
  for (const model::ManifestEntry& manifest : page.manifests) {
    LANDWAITER_RETURN_IF_ERROR(
        catalog.PutManifest(repository, manifest, seq, step.now));
  }
  for (const model::TagEntry& tag : page.tags) {
    if (!model::IsValidTag(tag.tag) || tag.digest.empty()) {
      LANDWAITER_RETURN_IF_ERROR(
          Log(step, task,
              base::StrCat(item.reference, ": ignored invalid tag ",
                           base::Printable(tag.tag))));
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(catalog.PutTag(repository, tag, seq, step.now));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      reply.unknown,
      catalog.UnknownManifests(repository, item.listing_since, kMaxManifests));
  if (!page.complete || !reply.unknown.empty()) return absl::OkStatus();
  item.listing_complete = true;
  if (!item.repository_state.empty()) {
    LANDWAITER_RETURN_IF_ERROR(catalog.SetListed(
        repository, {.state = item.repository_state, .at = step.now}));
  }
  return catalog.ForgetUnseen(repository, item.listing_since);
}

absl::Status PutPage(Step& step, const model::AgentIdentity& identity,
                     const model::LeaseRef& lease,
                     const model::ListingPage& page,
                     model::ListingReply& reply) {
  LANDWAITER_RETURN_IF_ERROR(Sweep(step));
  LANDWAITER_ASSIGN_OR_RETURN(ItemRow item, CheckLease(step, identity, lease));
  LANDWAITER_ASSIGN_OR_RETURN(const store::TaskRow task,
                              step.txn.tasks().Get(item.task));
  switch (item.kind) {
    case WorkKind::kListRepositories:
      LANDWAITER_RETURN_IF_ERROR(PutRepositories(step, task, item, page));
      break;
    case WorkKind::kListTags:
      LANDWAITER_RETURN_IF_ERROR(PutTags(step, task, item, page, reply));
      break;
    default:
      return absl::InvalidArgumentError("the item is no listing");
  }
  item.cursor = page.next_cursor;
  return step.txn.items().Update(item);
}

}  // namespace

absl::StatusOr<model::ListingReply> WorkQueue::SubmitListing(
    const model::AgentIdentity& identity, const model::LeaseRef& lease,
    const model::ListingPage& page) {
  LANDWAITER_RETURN_IF_ERROR(CheckPage(page));
  model::ListingReply reply;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) { return PutPage(step, identity, lease, page, reply); }));
  return reply;
}

}  // namespace landwaiter::analyzer::queue
