#ifndef LANDWAITER_ANALYZER_ADVISORY_ADVISORY_DB_H_
#define LANDWAITER_ANALYZER_ADVISORY_ADVISORY_DB_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_store.h"

namespace landwaiter::analyzer::advisory {

// The advisories in an LMDB file: mapped, so that opening costs nothing and
// its memory is the page cache's. The file is never changed once it has its
// name, so any number of threads and processes read it without a lock.
class AdvisoryDb : public AdvisoryStore {
 public:
  // NOT_FOUND if there is no such file; FAILED_PRECONDITION if it is of
  // another format (build it again).
  static absl::StatusOr<std::unique_ptr<AdvisoryDb>> Open(
      const std::string& path);
  ~AdvisoryDb() override;

  const std::string& version() const override;
  absl::StatusOr<bool> Covers(std::string_view ecosystem) const override;
  absl::Status ForEach(std::string_view ecosystem, std::string_view package,
                       Visit visit) const override;
  absl::StatusOr<Details> Find(uint32_t advisory) const override;
  absl::StatusOr<std::optional<Enrichment>> Enrich(
      std::string_view cve) const override;

  // An entry as the file has it; the texts live as long as this object.
  struct RawEntry {
    std::string_view ecosystem, package;
    uint32_t advisory;          // for Find and ForEachDetails
    uint32_t number;            // of the entry: grows with the advisory's
    std::string_view affected;  // EncodeAffected without the advisory
  };
  // Every entry of every package, those of one package together; stops at an
  // error of `visit`.
  using VisitEntry = absl::FunctionRef<absl::Status(const RawEntry&)>;
  absl::Status ForEachEntry(VisitEntry visit) const;
  // Every advisory (EncodeDetails) in the order of the numbers, and everything
  // that is known of a CVE (EncodeEnrichment) in the order of those.
  using VisitDetails =
      absl::FunctionRef<absl::Status(uint32_t, std::string_view)>;
  absl::Status ForEachDetails(VisitDetails visit) const;
  using VisitEnrichment =
      absl::FunctionRef<absl::Status(std::string_view, std::string_view)>;
  absl::Status ForEachEnrichment(VisitEnrichment visit) const;

  // Copies the file, without what is unused in it.
  absl::Status CopyTo(const std::string& path) const;

  // What the builder wrote about the feeds (feed_cache.h).
  const std::string& report() const;

 private:
  struct Impl;
  explicit AdvisoryDb(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Writes a new file. Not thread-safe. A writer that is destroyed before
// Finish leaves an incomplete file, which Open refuses.
class AdvisoryDbWriter {
 public:
  static absl::StatusOr<std::unique_ptr<AdvisoryDbWriter>> Create(
      const std::string& path);
  ~AdvisoryDbWriter();

  absl::Status Add(const Advisory& advisory);
  // Adds to what is known of the CVE. One whose name no CVE has is left out.
  absl::Status Add(const Enrichment& enrichment);
  // Makes the file complete and durable; the writer is spent.
  absl::Status Finish(std::string_view version, std::string_view report);

 private:
  struct Impl;
  explicit AdvisoryDbWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ADVISORY_DB_H_
