#include "analyzer/service/analyzer.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "analyzer/queue/change_feed.h"
#include "analyzer/service/call_log.h"
#include "analyzer/service/metrics.h"
#include "analyzer/service/server.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/failpoint.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/http/server.h"

namespace landwaiter::analyzer::service {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);
// After a failure to get advisories.
constexpr absl::Duration kAdvisoryRetry = absl::Seconds(30);
// What status tells of newly affected images: since when, and of how many
// vulnerabilities.
constexpr absl::Duration kNews = absl::Hours(24);
constexpr size_t kMaxNews = 10;

// While no advisories could be loaded.
class EmptyDetector : public queue::Detector {
 public:
  absl::StatusOr<queue::Detection> Detect(const model::Inventory&) override {
    return queue::Detection{
        .no_advisory_data = true,
        .message = "the analyzer could not load its advisories"};
  }
};

// Health and metrics. They answer before the analyzer does anything that may
// take long, so that nobody takes a slow disk for a dead process.
class Pages {
 public:
  // Nothing is served where `listen` is empty.
  static absl::StatusOr<std::unique_ptr<Pages>> Start(
      const std::string& listen) {
    auto pages = std::make_unique<Pages>();
    if (listen.empty()) return pages;
    LANDWAITER_ASSIGN_OR_RETURN(
        pages->server_,
        http::PageServer::Start(listen, [shown = pages.get()](auto path) {
          return shown->Serve(path);
        }));
    return pages;
  }

  int port() const { return server_ == nullptr ? 0 : server_->port(); }

  // From now on it is ready, and these are its metrics. `metrics` outlives
  // this.
  void SetReady(std::function<http::Page()> metrics) {
    const absl::MutexLock lock(&mutex_);
    metrics_ = std::move(metrics);
  }

 private:
  http::Page Serve(std::string_view path) {
    if (path == "/healthz") return {.body = "ok\n"};
    if (path != "/readyz" && path != "/metrics") {
      return {.status = 404, .body = "/healthz, /readyz, /metrics\n"};
    }
    std::function<http::Page()> metrics;
    {
      const absl::MutexLock lock(&mutex_);
      metrics = metrics_;
    }
    if (!metrics) return {.status = 503, .body = "it is starting\n"};
    return path == "/metrics" ? metrics() : http::Page{.body = "ok\n"};
  }

  absl::Mutex mutex_;
  std::function<http::Page()> metrics_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<http::PageServer> server_;  // goes first
};

class RunningAnalyzer : public Analyzer, public AdvisoryDesk {
 public:
  RunningAnalyzer(const AnalyzerConfig& config, base::Clock& clock,
                  AdvisorySource& source, std::unique_ptr<Pages> pages,
                  std::unique_ptr<store::Store> store,
                  std::unique_ptr<tokens::TokenAuthority> tokens)
      : config_(config),
        clock_(clock),
        store_(std::move(store)),
        tokens_(std::move(tokens)),
        environment_{.store = *store_,
                     .clock = clock,
                     .failpoints = failpoints_,
                     .observer = feed_,
                     .detector = detector_,
                     .options = config.queue},
        source_(source),
        updater_(source, detector_, environment_),
        pages_(std::move(pages)) {}

  absl::Status Listen() {
    LANDWAITER_ASSIGN_OR_RETURN(
        server_,
        Server::Start(config_.server, {queue_, control_, feed_, *tokens_,
                                       clock_, calls_, this}));
    pages_->SetReady([this] { return Metrics(); });
    return absl::OkStatus();
  }

  int port() const override { return server_->port(); }
  int health_port() const override { return pages_->port(); }

  void Run() override {
    base::LogInfo("analyzer started", {{"port", port()},
                                       {"health_port", health_port()},
                                       {"epoch", store_->epoch()}});
    // A feed may take minutes to fetch and build; leases expire meanwhile.
    std::thread advisories([this] { KeepAdvisories(); });
    do {
      const absl::Status status = control_.Tick();
      if (!status.ok()) LogFailure("tick failed", status);
    } while (clock_.Sleep(kTick));
    base::LogInfo("analyzer stopping");
    server_->Shutdown();
    advisories.join();
  }

 private:
  static void LogFailure(std::string_view message, const absl::Status& status) {
    base::LogError(message, {{"error", status.ToString()}});
  }

  // Until the clock is interrupted.
  void KeepAdvisories() {
    bool running = true;
    while (running) {
      const absl::Time next = clock_.Now() + UpdateAdvisories();
      NoteUpdate([&](AdvisoryOverview& state) { state.next_update = next; });
      // Other feeds are used as soon as they are asked for.
      while (running && clock_.Now() < next && !source_.IsStale()) {
        running = clock_.Sleep(std::min(kTick, next - clock_.Now()));
      }
    }
  }

  // How long until the next look.
  absl::Duration UpdateAdvisories() {
    const absl::Duration interval =
        source_.Interval().value_or(config_.advisory_interval);
    const absl::Status status = updater_.Update();
    NoteUpdate([&](AdvisoryOverview& state) {
      state.error = std::string(status.message());
      const std::string version = detector_.version();
      if (version != state.version) state.updated = clock_.Now();
      state.version = version;
    });
    if (status.ok()) return interval;
    LogFailure("advisories not updated", status);
    // Without any advisories images are stored all the same, and say so; they
    // are matched when there are some.
    const absl::Status without =
        updater_.UseWithoutAdvisories(std::make_shared<EmptyDetector>());
    if (!without.ok()) LogFailure("detector not set", without);
    return std::min(kAdvisoryRetry, interval);
  }

  void NoteUpdate(absl::FunctionRef<void(AdvisoryOverview&)> note) {
    const absl::MutexLock lock(&mutex_);
    note(advisories_);
  }

  absl::Status Apply(const AdvisorySettings& settings) override {
    return source_.Apply(settings);
  }

  absl::StatusOr<AdvisoryOverview> Overview() override {
    AdvisoryOverview overview;
    {
      const absl::MutexLock lock(&mutex_);
      overview = advisories_;
    }
    overview.feeds = source_.Feeds();
    overview.rematch = updater_.Report();
    const absl::Time since = clock_.Now() - kNews;
    LANDWAITER_RETURN_IF_ERROR(
        store_->Read([&](store::Transaction& txn) -> absl::Status {
          LANDWAITER_ASSIGN_OR_RETURN(
              overview.newly_affected,
              txn.matches().NewlyAffectedSince(since, kMaxNews));
          return absl::OkStatus();
        }));
    return overview;
  }

  absl::StatusOr<queue::ImageQueryPage> Query(
      const queue::ImageQuery& query) override {
    return queue::QueryImages(*store_, query);
  }

  http::Page Metrics() {
    absl::StatusOr<std::string> text = RenderMetrics(control_, queue_, calls_);
    const absl::StatusOr<AdvisoryOverview> advisories = Overview();
    if (!text.ok() || !advisories.ok()) {
      return {.status = 503, .body = "the store failed\n"};
    }
    *text += RenderAdvisoryMetrics(*advisories, clock_.Now());
    return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
            .body = *std::move(text)};
  }

  const AnalyzerConfig config_;
  base::Clock& clock_;
  base::NoFailpoints failpoints_;
  queue::ChangeFeed feed_;
  CurrentDetector detector_;
  CallLog calls_;
  const std::unique_ptr<store::Store> store_;
  const std::unique_ptr<tokens::TokenAuthority> tokens_;
  queue::Environment environment_;
  queue::WorkQueue queue_{environment_};
  queue::TaskControl control_{environment_};
  AdvisorySource& source_;
  AdvisoryUpdater updater_;
  absl::Mutex mutex_;
  // What the thread of the advisories knows of them.
  AdvisoryOverview advisories_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Server> server_;
  std::unique_ptr<Pages> pages_;  // goes first
};

}  // namespace

absl::StatusOr<std::unique_ptr<Analyzer>> Analyzer::Start(
    const AnalyzerConfig& config, base::Clock& clock, AdvisorySource& source) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<Pages> pages,
                              Pages::Start(config.health_listen));
  const std::filesystem::path directory = config.store_directory;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::UnavailableError(base::StrCat(
        "cannot make ", config.store_directory, ": ", error.message()));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<store::Store> store,
      store::sqlite::OpenStore({.path = directory / "store.db",
                                .max_bytes = config.store_max_bytes,
                                .now = clock.Now()}));
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<tokens::TokenAuthority> tokens,
      tokens::TokenAuthority::Open(directory / "token-keys.json", clock,
                                   config.tokens));
  auto analyzer =
      std::make_unique<RunningAnalyzer>(config, clock, source, std::move(pages),
                                        std::move(store), std::move(tokens));
  LANDWAITER_RETURN_IF_ERROR(analyzer->Listen());
  return analyzer;
}

}  // namespace landwaiter::analyzer::service
