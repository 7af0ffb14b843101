#include "agent/registry/oci/blob_transfer.h"

#include <algorithm>
#include <optional>

#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::oci {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kAttempts = 4;

bool MayPass(const absl::Status& status) {
  const FailureCode code = base::FailureCodeOf(status);
  if (code == FailureCode::kNetworkConnectError) {
    const std::string cause = base::FailureCauseOf(status);
    return cause != "Tls" && cause != "BlockedAddress";
  }
  return code == FailureCode::kNetworkError ||
         code == FailureCode::kRateLimited;
}

// N of "Content-Range: bytes N-M/SIZE"; nullopt if it does not say.
std::optional<uint64_t> RangeStart(const http::Response& head) {
  constexpr std::string_view kUnit = "bytes ";
  const std::string* range = http::FindHeader(head.headers, "Content-Range");
  if (range == nullptr || !range->starts_with(kUnit)) return std::nullopt;
  const auto parts =
      base::SplitOnce(std::string_view(*range).substr(kUnit.size()), '-');
  return parts ? base::ParseUint64(base::Strip(parts->first)) : std::nullopt;
}

// What has arrived, whatever connection brought it.
class Transfer {
 public:
  Transfer(base::Clock& clock, const model::Descriptor& blob,
           source::BlobSink sink, const std::string& what)
      : clock_(clock), blob_(blob), sink_(sink), what_(what) {}

  // One connection's worth.
  absl::Status Try(Transport& transport, http::Request request,
                   const std::string& scope) {
    final_ = false;
    skip_ = received_;
    if (received_ > 0) {
      request.headers.emplace_back("Range",
                                   base::StrCat("bytes=", received_, "-"));
    }
    absl::Status status = transport.Stream(
        request, scope, [&](const http::Response& head) { return Begin(head); },
        [&](std::string_view data) { return Take(data); });
    if (!status.ok() || received_ == blob_.size) return status;
    return Failure(FailureCode::kNetworkError,
                   base::StrCat(what_, " broke off after ", received_, " of ",
                                blob_.size, " bytes"));
  }

  // Whether asking again cannot help.
  bool final() const { return final_; }

  absl::Status CheckDigest() {
    const auto digest = model::Digest::FromSha256Hex(hash_.FinishHex());
    if (digest == blob_.digest) return absl::OkStatus();
    return Failure(FailureCode::kDigestMismatch,
                   base::StrCat("the bytes of ", what_, " have the digest ",
                                digest.text()));
  }

 private:
  absl::Status Begin(const http::Response& head) {
    if (head.status == 200) return absl::OkStatus();
    if (head.status == 206 && received_ > 0) return BeginWithin(head);
    if (head.status == 429) {
      return base::WithRetryAfter(
          Failure(FailureCode::kRateLimited,
                  "the registry limits the rate of requests"),
          ReadRetryAfter(head.headers, clock_.Now()));
    }
    final_ = head.status < 500 && head.status != 408;
    return StatusFailure(head.status, what_);
  }

  // A server may give another range than it was asked for, and says so.
  absl::Status BeginWithin(const http::Response& head) {
    const uint64_t start = RangeStart(head).value_or(received_);
    if (start > received_) {
      return Failure(FailureCode::kNetworkError,
                     base::StrCat(what_, " was asked for from byte ", received_,
                                  " and came from byte ", start),
                     "Protocol");
    }
    skip_ = received_ - start;
    return absl::OkStatus();
  }

  absl::Status Take(std::string_view data) {
    // A server without ranges begins anew.
    const size_t known = std::min<uint64_t>(skip_, data.size());
    skip_ -= known;
    data.remove_prefix(known);
    received_ += data.size();
    if (received_ > blob_.size) {
      return Failure(FailureCode::kDigestMismatch,
                     base::StrCat(what_, " is longer than the ", blob_.size,
                                  " bytes that the manifest says"));
    }
    hash_.Update(data);
    absl::Status taken = sink_(data);
    final_ = !taken.ok();
    return taken;
  }

  base::Clock& clock_;
  const model::Descriptor& blob_;
  const source::BlobSink sink_;
  const std::string& what_;
  uint64_t received_ = 0;
  uint64_t skip_ = 0;  // of what comes, known already
  base::Sha256 hash_;
  bool final_ = false;
};

}  // namespace

absl::Status TransferBlob(Transport& transport, base::Clock& clock,
                          const std::string& target, const std::string& scope,
                          const model::Descriptor& blob,
                          source::BlobSink sink) {
  const std::string what = base::StrCat("blob ", blob.digest.text());
  Transfer transfer(clock, blob, sink, what);
  for (int attempt = 0;; ++attempt) {
    const absl::Status status =
        transfer.Try(transport, {.target = target}, scope);
    if (status.ok()) return transfer.CheckDigest();
    const absl::Duration wait = base::RetryAfterOf(status);
    if (transfer.final() || !MayPass(status) || wait > Transport::kMaxWait ||
        attempt + 1 == kAttempts) {
      return status;
    }
    if (!transport.BackOff(attempt, wait)) {
      return absl::CancelledError("interrupted");
    }
  }
}

}  // namespace landwaiter::agent::registry::oci
