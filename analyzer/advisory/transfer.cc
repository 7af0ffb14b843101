#include "analyzer/advisory/transfer.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/db_stream.h"
#include "analyzer/advisory/feed_state_json.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The report without what is another on each machine and at each time.
std::string CanonicalReport(const std::string& report) {
  std::vector<FeedState> feeds = DecodeFeedStates(report);
  for (FeedState& feed : feeds) {
    feed.location.clear();
    feed.error.clear();
    feed.changed = feed.checked = absl::InfinitePast();
  }
  return EncodeFeedStates(feeds);
}

absl::Status ExportAdvisories(const AdvisoryDb& db, StreamWriter& out) {
  std::vector<AdvisoryDb::RawEntry> entries;
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachEntry([&](const AdvisoryDb::RawEntry& entry) {
        entries.push_back(entry);
        return absl::OkStatus();
      }));
  std::ranges::sort(entries, {}, &AdvisoryDb::RawEntry::number);
  auto next = entries.begin();
  return db.ForEachDetails(
      [&](uint32_t number, std::string_view details) -> absl::Status {
        std::vector<EncodedEntry> own;
        for (; next != entries.end() && next->advisory == number; ++next) {
          own.push_back({next->ecosystem, next->package, next->affected});
        }
        return out.Add(FrameKind::kAdvisory, JoinAdvisory(details, own));
      });
}

absl::Status ImportFrame(const Frame& frame, AdvisoryDbWriter& writer,
                         std::string& report) {
  const absl::Status broken =
      absl::DataLossError("the advisory stream has a broken record");
  if (frame.kind == FrameKind::kHeader) {
    report = frame.bytes;
    return absl::OkStatus();
  }
  if (frame.kind == FrameKind::kAdvisory) {
    const auto advisory = DecodeAdvisory(frame.bytes);
    return advisory ? writer.Add(*advisory) : broken;
  }
  const auto enrichment = DecodeEnrichmentFrame(frame.bytes);
  return enrichment ? writer.Add(*enrichment) : broken;
}

absl::StatusOr<std::string> ImportTo(const std::string& stream,
                                     const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto reader, StreamReader::Open(stream));
  LANDWAITER_ASSIGN_OR_RETURN(const auto writer,
                              AdvisoryDbWriter::Create(path));
  std::string report;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const Frame frame, reader->Next());
    if (frame.kind == FrameKind::kEnd) break;
    LANDWAITER_RETURN_IF_ERROR(ImportFrame(frame, *writer, report));
  }
  LANDWAITER_RETURN_IF_ERROR(
      writer->Finish(reader->digest(), CanonicalReport(report)));
  return reader->digest();
}

}  // namespace

absl::StatusOr<std::string> ExportDatabase(const AdvisoryDb& db,
                                           const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto out, StreamWriter::Create(path));
  LANDWAITER_RETURN_IF_ERROR(
      out->Add(FrameKind::kHeader, CanonicalReport(db.report())));
  LANDWAITER_RETURN_IF_ERROR(ExportAdvisories(db, *out));
  LANDWAITER_RETURN_IF_ERROR(db.ForEachEnrichment(
      [&](std::string_view cve, std::string_view bytes) -> absl::Status {
        const auto known = DecodeEnrichment(cve, bytes);
        if (!known) return absl::DataLossError("advisory database: damaged");
        return out->Add(FrameKind::kEnrichment, EncodeEnrichmentFrame(*known));
      }));
  LANDWAITER_ASSIGN_OR_RETURN(std::string digest, out->Finish());
  if (digest == db.version()) return digest;
  return absl::DataLossError(
      base::StrCat("the database is damaged: its content is not its version ",
                   db.version()));
}

absl::StatusOr<std::string> ImportDatabase(const std::string& stream,
                                           const std::string& path) {
  namespace fs = std::filesystem;
  const std::string temporary = base::StrCat(path, ".", getpid(), ".tmp");
  std::error_code error;
  fs::remove(temporary, error);
  absl::StatusOr<std::string> version = ImportTo(stream, temporary);
  if (version.ok()) fs::rename(temporary, path, error);
  if (version.ok() && !error) return version;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  if (!version.ok()) return version;
  return absl::FailedPreconditionError(
      base::StrCat("cannot write ", path, ": ", error.message()));
}

}  // namespace landwaiter::analyzer::advisory
