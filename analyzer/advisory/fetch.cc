#include "analyzer/advisory/fetch.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

// One request: where it is redirected to, or nullopt with the body written.
absl::StatusOr<std::optional<http::Url>> Download(const http::Url& url,
                                                  const FetchOptions& options,
                                                  std::ofstream& out) {
  http::ClientOptions client_options;
  client_options.base = url;
  client_options.base.target = "/";
  client_options.tls = options.tls;
  client_options.proxy = options.proxy;
  LANDWAITER_ASSIGN_OR_RETURN(const auto client,
                              http::NewClient(client_options));
  http::Request request;
  request.target = url.target;
  std::optional<http::Url> redirect;
  uint64_t received = 0;
  LANDWAITER_RETURN_IF_ERROR(client->Stream(
      request,
      [&](const http::Response& head) -> absl::Status {
        if (http::IsRedirect(head)) {
          LANDWAITER_ASSIGN_OR_RETURN(redirect,
                                      http::RedirectTarget(url, head));
        } else if (head.status != 200) {
          return base::Failure(
              base::FailureCode::kNetworkError,
              base::StrCat("the server answered ", head.status));
        }
        return absl::OkStatus();
      },
      [&](std::string_view data) -> absl::Status {
        if (redirect) return absl::OkStatus();
        received += data.size();
        if (received > options.max_bytes) {
          return base::Failure(
              base::FailureCode::kLimitExceeded,
              base::StrCat("has more than ", options.max_bytes, " bytes"),
              "feed-size");
        }
        out.write(data.data(), static_cast<std::streamsize>(data.size()));
        if (out) return absl::OkStatus();
        return absl::ResourceExhaustedError("it cannot be written to disk");
      },
      options.deadline));
  return redirect;
}

absl::Status DownloadTo(const std::string& url_text, const std::string& path,
                        const FetchOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Url url, http::Url::Parse(url_text));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  for (int hops = 0; hops <= http::kMaxRedirects; ++hops) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::optional<http::Url> redirect,
                                Download(url, options, out));
    if (redirect) {
      url = *redirect;
      continue;
    }
    if (out.flush()) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        base::StrCat(path, " cannot be written"));
  }
  return base::Failure(base::FailureCode::kNetworkError,
                       "there are too many redirects", "Redirect");
}

}  // namespace

bool IsUrl(std::string_view feed) {
  return feed.starts_with("http://") || feed.starts_with("https://");
}

absl::StatusOr<std::string> FetchFeed(const std::string& url,
                                      const std::string& directory,
                                      const FetchOptions& options) {
  std::error_code error;
  fs::create_directories(directory, error);
  const fs::path path =
      fs::path(directory) /
      base::StrCat("feed-", base::Sha256Hex(url).substr(0, 32), ".zip");
  const std::string temporary =
      base::StrCat(path.string(), ".", getpid(), ".tmp");
  const absl::Status status = DownloadTo(url, temporary, options);
  if (status.ok()) fs::rename(temporary, path, error);
  if (!status.ok() || error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    if (!status.ok()) return base::WithContext(status, url);
    return absl::FailedPreconditionError(
        base::StrCat("cannot write ", path.string(), ": ", error.message()));
  }
  return path.string();
}

}  // namespace landwaiter::analyzer::advisory
