#include "analyzer/advisory/fetch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/random/random.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

std::string HeaderOf(const http::Response& head, std::string_view name) {
  const std::string* value = http::FindHeader(head.headers, name);
  return value == nullptr ? "" : *value;
}

absl::Status Refused(const http::Response& head) {
  const std::string message = base::StrCat("the server answered ", head.status);
  switch (head.status) {
    case 401:
    case 403:
      return base::Failure(base::FailureCode::kUnauthorized, message);
    case 404:
    case 410:
      return base::Failure(base::FailureCode::kNotFound, message);
    case 429:
      break;
    default:
      if (head.status < 500) {
        return base::Failure(base::FailureCode::kInternal, message);
      }
  }
  const auto wait = base::ParseUint64(HeaderOf(head, "Retry-After"));
  return base::WithRetryAfter(
      base::Failure(head.status == 429 ? base::FailureCode::kRateLimited
                                       : base::FailureCode::kNetworkError,
                    message),
      absl::Seconds(std::min<uint64_t>(wait.value_or(0), 3600)));
}

// One file on its way, over several tries.
class Download {
 public:
  Download(std::string path, const Validators& known,
           const FetchOptions& options)
      : path_(std::move(path)), known_(known), options_(options) {}

  absl::StatusOr<Fetched> Try(http::Url url) {
    for (int hops = 0; hops <= http::kMaxRedirects; ++hops) {
      LANDWAITER_ASSIGN_OR_RETURN(const std::optional<http::Url> redirect,
                                  Request(url));
      if (!redirect) return result_;
      url = *redirect;
    }
    return base::Failure(base::FailureCode::kInternal,
                         "there are too many redirects", "Redirect");
  }

 private:
  http::Headers Conditions() const {
    // A part is worth something only if the rest is of the same version.
    if (received_ > 0 && !part_.etag.empty() && !part_.etag.starts_with("W/")) {
      return {{"Range", base::StrCat("bytes=", received_, "-")},
              {"If-Range", part_.etag}};
    }
    http::Headers headers;
    if (!known_.etag.empty()) {
      headers.emplace_back("If-None-Match", known_.etag);
    }
    if (!known_.last_modified.empty()) {
      headers.emplace_back("If-Modified-Since", known_.last_modified);
    }
    return headers;
  }

  // Where the answer leads to; nullopt if it was the last.
  absl::StatusOr<std::optional<http::Url>> Request(const http::Url& url) {
    http::ClientOptions client_options;
    client_options.base = url;
    client_options.base.target = "/";
    client_options.tls = options_.tls;
    client_options.proxy = options_.proxy;
    LANDWAITER_ASSIGN_OR_RETURN(const auto client,
                                http::NewClient(client_options));
    http::Request request;
    request.target = url.target;
    request.headers = Conditions();
    std::optional<http::Url> redirect;
    LANDWAITER_RETURN_IF_ERROR(client->Stream(
        request,
        [&](const http::Response& head) -> absl::Status {
          if (http::IsRedirect(head)) {
            LANDWAITER_ASSIGN_OR_RETURN(redirect,
                                        http::RedirectTarget(url, head));
            return absl::OkStatus();
          }
          return Begin(head);
        },
        [&](std::string_view data) -> absl::Status {
          return redirect || !result_.modified ? absl::OkStatus() : Take(data);
        },
        options_.deadline));
    if (!redirect && result_.modified && !out_.flush()) return CannotWrite();
    return redirect;
  }

  absl::Status Begin(const http::Response& head) {
    if (head.status == 304 && received_ == 0) {
      result_ = {.modified = false, .validators = known_};
      return absl::OkStatus();
    }
    if (head.status == 206 && received_ > 0) return absl::OkStatus();
    if (head.status != 200) return Refused(head);
    part_ = {.etag = HeaderOf(head, "ETag"),
             .last_modified = HeaderOf(head, "Last-Modified")};
    result_ = {.modified = true, .validators = part_};
    received_ = 0;
    out_ = std::ofstream(path_, std::ios::binary | std::ios::trunc);
    return out_ ? absl::OkStatus() : CannotWrite();
  }

  absl::Status Take(std::string_view data) {
    received_ += data.size();
    if (received_ > options_.max_bytes) {
      return base::Failure(
          base::FailureCode::kLimitExceeded,
          base::StrCat("has more than ", options_.max_bytes, " bytes"),
          "feed-size");
    }
    out_.write(data.data(), static_cast<std::streamsize>(data.size()));
    return out_ ? absl::OkStatus() : CannotWrite();
  }

  absl::Status CannotWrite() const {
    return absl::ResourceExhaustedError(
        base::StrCat(path_, " cannot be written"));
  }

  const std::string path_;
  const Validators& known_;
  const FetchOptions& options_;
  std::ofstream out_;
  Validators part_;  // of what has arrived so far
  uint64_t received_ = 0;
  Fetched result_;
};

bool MayPass(const absl::Status& status) {
  if (!base::HasFailureCode(status)) return false;
  switch (base::FailureCodeOf(status)) {
    case base::FailureCode::kNetworkConnectError:
    case base::FailureCode::kNetworkError:
    case base::FailureCode::kRateLimited:
    case base::FailureCode::kDeadlineExceeded:
      return base::FailureCauseOf(status) != "Redirect";
    default:
      return false;
  }
}

absl::StatusOr<Fetched> FetchTo(const std::string& url_text,
                                const std::string& path,
                                const Validators& known,
                                const FetchOptions& options,
                                base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url url, http::Url::Parse(url_text));
  Download download(path, known, options);
  absl::BitGen random;
  absl::Duration wait = options.retry_base;
  for (int left = options.tries - 1;; --left) {
    absl::StatusOr<Fetched> fetched = download.Try(url);
    if (fetched.ok() || left <= 0 || !MayPass(fetched.status())) return fetched;
    const absl::Duration pause =
        std::max(wait * absl::Uniform(random, 0.5, 1.0),
                 base::RetryAfterOf(fetched.status()));
    if (!clock.Sleep(std::min(pause, FetchOptions::kMaxWait))) {
      return absl::FailedPreconditionError("it was interrupted");
    }
    wait *= 2;
  }
}

}  // namespace

bool IsUrl(std::string_view feed) {
  return feed.starts_with("http://") || feed.starts_with("https://");
}

bool IsArtifact(std::string_view feed) { return feed.starts_with("oci://"); }

absl::StatusOr<Fetched> Fetch(const std::string& url, const std::string& path,
                              const Validators& known,
                              const FetchOptions& options, base::Clock& clock) {
  absl::StatusOr<Fetched> fetched = FetchTo(url, path, known, options, clock);
  if (fetched.ok()) return fetched;
  std::error_code ignored;
  fs::remove(path, ignored);
  return base::WithContext(fetched.status(), url);
}

}  // namespace landwaiter::analyzer::advisory
