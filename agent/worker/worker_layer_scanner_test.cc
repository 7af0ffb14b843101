#include "agent/worker/worker_layer_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <thread>

#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "agent/worker/sandbox.h"
#include "agent/worker/testing/misbehaving_extractor.h"
#include "agent/worker/worker.h"
#include "core/base/failure.h"
#include "core/file_list/reader.h"

namespace landwaiter::agent::worker {
namespace {

using base::FailureCode;
using layer::testing::ArchiveBuilder;
using layer::testing::Gzip;

absl::StatusOr<model::LayerReport> ScanWith(const WorkerOptions& options,
                                            std::string_view bytes) {
  model::LayerRef layer;
  layer.blob.digest = model::Digest::Of(bytes);
  WorkerLayerScanner scanner(options);
  return scanner.Scan(layer, [bytes](source::BlobSink sink) {
    constexpr size_t kPiece = 30'000;
    for (size_t at = 0; at < bytes.size(); at += kPiece) {
      LANDWAITER_RETURN_IF_ERROR(sink(bytes.substr(at, kPiece)));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<model::LayerReport> ScanBytes(std::string_view bytes,
                                             const layer::Limits& limits = {}) {
  WorkerOptions options;
  options.limits = limits;
  return ScanWith(options, bytes);
}

absl::Status Misbehave(std::string_view how, const layer::Limits& limits = {}) {
  ArchiveBuilder tar;
  tar.File("evil/" + std::string(how), "x");
  // More than pipes hold, so that the agent still writes when the worker ends.
  tar.File("rest", std::string(3'000'000, 'x'));
  return ScanBytes(tar.Finish(), limits).status();
}

void ExpectCrash(std::string_view how, std::string_view cause) {
  const absl::Status status = Misbehave(how);
  EXPECT_EQ(base::FailureCodeOf(status), FailureCode::kParserCrashed)
      << how << ": " << status;
  EXPECT_EQ(base::FailureCauseOf(status), cause) << status;
}

TEST(WorkerLayerScanner, ReportsWhatTheLayerHolds) {
  const std::string tar = ArchiveBuilder()
                              .File("db/list", "b\na\n")
                              .File("large", std::string(8'000'000, 'x'))
                              .File("db/.wh.gone", "")
                              .Finish();
  const std::string bytes = Gzip(tar);
  const auto report = ScanBytes(bytes);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->blob_digest, model::Digest::Of(bytes));
  EXPECT_EQ(report->diff_id, model::Digest::Of(tar));
  EXPECT_EQ(report->compressed_size, bytes.size());
  EXPECT_EQ(report->extracts.size(), 1u);
  EXPECT_EQ(report->extracts[0].packages.size(), 2u);
  EXPECT_EQ(report->whiteouts.size(), 1u);
  std::vector<std::string> paths;
  EXPECT_TRUE(file_list::Read(report->files.zstd, report->files.sha256,
                              model::kMaxFileListBytes,
                              [&](const file_list::Entry& entry) {
                                paths.emplace_back(entry.path);
                                return absl::OkStatus();
                              })
                  .ok());
  EXPECT_THAT(paths, ::testing::ElementsAre("db/list", "large"));
}

TEST(WorkerLayerScanner, SpillsToAFileThatIsGoneAfterwards) {
  const std::string directory = ::testing::TempDir() + "/spill";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  WorkerOptions options;
  options.spill_directory = directory;
  options.limits.file_memory_bytes = 1000;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + "\n";
  const auto report =
      ScanWith(options, ArchiveBuilder().File("db/list", text).Finish());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->extracts[0].packages.size(), 5000u);
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

TEST(WorkerLayerScanner, ScansSeveralLayersAtATime) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      const std::string name = "p" + std::to_string(i);
      for (int round = 0; round < 3; ++round) {
        const auto report =
            ScanBytes(Gzip(ArchiveBuilder()
                               .File("db/list", name)
                               .File("x", std::string(2'000'000, 'x'))
                               .Finish()));
        ASSERT_TRUE(report.ok()) << report.status();
        EXPECT_EQ(report->extracts[0].packages[0].name, name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(WorkerLayerScanner, FailuresOfTheLayerKeepTheirCode) {
  const std::string tar = ArchiveBuilder().File("a", "x").Finish();
  EXPECT_EQ(base::FailureCodeOf(ScanBytes(Gzip(tar) + "x").status()),
            FailureCode::kCorruptLayer);
  layer::Limits limits;
  limits.ratio_free_bytes = 1'000'000;
  const auto bomb = ScanBytes(
      Gzip(ArchiveBuilder().File("a", std::string(8'000'000, 'x')).Finish()),
      limits);
  EXPECT_EQ(base::FailureCodeOf(bomb.status()), FailureCode::kLimitExceeded);
  EXPECT_EQ(base::FailureCauseOf(bomb.status()), "ratio");
}

TEST(WorkerLayerScanner, AFailedFetchIsReturnedAsItIs) {
  WorkerLayerScanner scanner({});
  model::LayerRef layer;
  layer.blob.digest = model::Digest::Of("x");
  const auto report = scanner.Scan(layer, [](source::BlobSink sink) {
    LANDWAITER_RETURN_IF_ERROR(sink("\x1f\x8b"));
    return base::Failure(FailureCode::kDigestMismatch, "other bytes");
  });
  EXPECT_EQ(base::FailureCodeOf(report.status()), FailureCode::kDigestMismatch);
}

TEST(WorkerLayerScanner, ACrashIsTypedWithItsSignal) {
  ExpectCrash("crash", "SIGABRT");
  ExpectCrash("exit", "");
}

TEST(WorkerLayerScanner, AForbiddenCallEndsTheWorker) {
  ExpectCrash("socket", "SIGSYS");
  ExpectCrash("unlink", "SIGSYS");
  ExpectCrash("execute", "SIGSYS");
  if (!kWholeSandbox) GTEST_SKIP() << "sanitizers need the other calls";
  ExpectCrash("fork", "SIGSYS");
  ExpectCrash("executable", "SIGSYS");
}

TEST(WorkerLayerScanner, FilesCannotBeOpened) {
  const auto report =
      ScanBytes(ArchiveBuilder().File("evil/open", "").Finish());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->extracts[0].problem,
            "Permission denied;Permission denied;Permission denied;");
}

TEST(WorkerLayerScanner, RepliesThatMakeNoSenseAreRefused) {
  for (const char* how : {"silence", "garbage", "lie"}) ExpectCrash(how, "");
  const absl::Status status =
      ScanBytes(ArchiveBuilder().File("evil/flood", "x").Finish()).status();
  EXPECT_EQ(base::FailureCodeOf(status), FailureCode::kLimitExceeded);
  EXPECT_EQ(base::FailureCauseOf(status), "reportSize");
}

TEST(WorkerLayerScanner, AWorkerThatHangsIsEnded) {
  layer::Limits limits;
  limits.idle_deadline = absl::Milliseconds(300);
  EXPECT_EQ(base::FailureCodeOf(Misbehave("hang", limits)),
            FailureCode::kDeadlineExceeded);
  limits = {};
  limits.deadline = absl::Milliseconds(300);
  EXPECT_EQ(base::FailureCodeOf(Misbehave("hang", limits)),
            FailureCode::kDeadlineExceeded);
}

TEST(WorkerLayerScanner, MemoryIsLimited) {
  if (!kWholeSandbox) GTEST_SKIP() << "sanitizers need memory of their own";
  const absl::Status status = Misbehave("memory");
  EXPECT_EQ(base::FailureCodeOf(status), FailureCode::kLimitExceeded) << status;
  EXPECT_EQ(base::FailureCauseOf(status), "memory");
}

TEST(WorkerLayerScanner, AProgramThatIsNotThereIsInternal) {
  WorkerOptions options;
  options.command = {"/nonexistent"};
  EXPECT_EQ(base::FailureCodeOf(ScanWith(options, "x").status()),
            FailureCode::kInternal);
}

}  // namespace
}  // namespace landwaiter::agent::worker

// The test is its own worker.
int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "worker") {
    landwaiter::agent::layer::Extractors extractors;
    extractors.push_back(
        std::make_unique<landwaiter::agent::layer::testing::LineExtractor>());
    extractors.push_back(
        std::make_unique<
            landwaiter::agent::worker::testing::MisbehavingExtractor>());
    landwaiter::agent::worker::RunWorker(extractors);
  }
  signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
