#include "agent/submit/grpc_work_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/random/random.h"
#include "absl/synchronization/mutex.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/wire/layer_report.h"
#include "core/wire/rpc_status.h"
#include "core/wire/work.h"
#include "landwaiter/v1/work.grpc.pb.h"

namespace landwaiter::agent::submit {
namespace {

constexpr int kMaxMessage = 4 << 20;
constexpr size_t kChunk = size_t{1} << 20;
constexpr absl::Duration kFirstBackOff = absl::Milliseconds(250);
constexpr absl::Duration kMaxBackOff = absl::Seconds(15);

// Whether the call may find a better answer if it is made again.
bool WorthRepeating(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

class GrpcWorkClient : public WorkClient {
 public:
  GrpcWorkClient(GrpcWorkClientOptions options, base::Clock& clock,
                 std::shared_ptr<grpc::Channel> channel)
      : options_(std::move(options)),
        clock_(clock),
        token_(options_.token),
        stub_(v1::AgentService::NewStub(channel)) {}

  absl::StatusOr<model::LeaseReply> Lease(uint32_t max_items) override {
    v1::LeaseRequest request;
    request.set_max_items(max_items);
    request.set_report_version(options_.report_version);
    request.add_kinds(v1::WORK_KIND_LIST_REPOSITORIES);
    request.add_kinds(v1::WORK_KIND_LIST_TAGS);
    request.add_kinds(v1::WORK_KIND_SCAN_IMAGE);
    v1::LeaseResponse response;
    LANDWAITER_RETURN_IF_ERROR(Call([&](grpc::ClientContext* context) {
      return stub_->Lease(context, request, &response);
    }));
    return wire::FromProto(response);
  }

  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<model::LeaseRef>& leases) override {
    v1::HeartbeatRequest request;
    for (const model::LeaseRef& lease : leases) {
      wire::ToProto(lease, request.add_leases());
    }
    v1::HeartbeatResponse response;
    LANDWAITER_RETURN_IF_ERROR(Call([&](grpc::ClientContext* context) {
      return stub_->Heartbeat(context, request, &response);
    }));
    model::HeartbeatReply reply = wire::FromProto(response);
    if (!reply.renewed_token.empty()) {
      absl::MutexLock lock(&mutex_);
      token_ = reply.renewed_token;
    }
    return reply;
  }

  absl::StatusOr<model::ListingReply> SubmitListing(
      const model::LeaseRef& lease, const model::ListingPage& page) override {
    v1::SubmitListingRequest request;
    wire::ToProto(lease, request.mutable_lease());
    wire::ToProto(page, &request);
    v1::SubmitListingResponse response;
    LANDWAITER_RETURN_IF_ERROR(Call([&](grpc::ClientContext* context) {
      return stub_->SubmitListing(context, request, &response);
    }));
    return wire::FromProto(response);
  }

  absl::StatusOr<model::ImagePlan> PlanImage(
      const model::LeaseRef& lease, const model::ImageFacts& facts) override {
    v1::PlanImageRequest request;
    wire::ToProto(lease, request.mutable_lease());
    wire::ToProto(facts, &request);
    v1::PlanImageResponse response;
    LANDWAITER_RETURN_IF_ERROR(Call([&](grpc::ClientContext* context) {
      return stub_->PlanImage(context, request, &response);
    }));
    return wire::FromProto(response);
  }

  absl::Status SubmitLayer(const model::LeaseRef& lease,
                           const model::LayerReport& report) override {
    const std::string bytes = wire::SerializeLayerReport(report);
    if (bytes.size() > wire::kMaxLayerReportBytes) {
      return base::Failure(
          base::FailureCode::kLimitExceeded,
          base::StrCat("the layer's report has ", bytes.size(),
                       " bytes, the limit is ", wire::kMaxLayerReportBytes),
          "reportSize");
    }
    v1::SubmitLayerRequest first;
    v1::SubmitLayerRequest::Header* header = first.mutable_header();
    wire::ToProto(lease, header->mutable_lease());
    header->set_blob_digest(report.blob_digest.text());
    header->set_size(bytes.size());
    header->set_sha256(base::Sha256Hex(bytes));
    return Repeat(options_.upload_deadline, [&](grpc::ClientContext* context) {
      return Upload(context, first, bytes);
    });
  }

  absl::Status Complete(const model::LeaseRef& lease,
                        const model::Outcome& outcome) override {
    v1::CompleteRequest request;
    wire::ToProto(lease, request.mutable_lease());
    if (outcome.failure) {
      wire::ToProto(*outcome.failure, request.mutable_failure());
    }
    v1::CompleteResponse response;
    return Call([&](grpc::ClientContext* context) {
      return stub_->Complete(context, request, &response);
    });
  }

 private:
  using Attempt = absl::FunctionRef<grpc::Status(grpc::ClientContext*)>;

  absl::Status Call(Attempt attempt) {
    return Repeat(options_.call_deadline, attempt);
  }

  // Makes the call, and makes it again while the analyzer is unavailable, for
  // as long as the options say. Calls are idempotent by contract.
  absl::Status Repeat(absl::Duration deadline, Attempt attempt) {
    const absl::Time give_up = clock_.Now() + options_.retry_for;
    absl::Duration back_off = kFirstBackOff;
    while (true) {
      grpc::ClientContext context;
      Prepare(context, deadline);
      const absl::Status status = wire::FromGrpc(attempt(&context));
      if (status.ok() || !WorthRepeating(status)) return status;
      const absl::Duration wait = Jittered(back_off);
      if (clock_.Now() + wait > give_up || !clock_.Sleep(wait)) {
        return base::WithContext(status, "the analyzer cannot be reached");
      }
      back_off = std::min(back_off * 2, kMaxBackOff);
    }
  }

  void Prepare(grpc::ClientContext& context, absl::Duration deadline) {
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMilliseconds(deadline));
    absl::MutexLock lock(&mutex_);
    context.AddMetadata("authorization", base::StrCat("Bearer ", token_));
  }

  // Between half and the whole.
  absl::Duration Jittered(absl::Duration duration) {
    absl::MutexLock lock(&mutex_);
    return duration * absl::Uniform(random_, 0.5, 1.0);
  }

  grpc::Status Upload(grpc::ClientContext* context,
                      const v1::SubmitLayerRequest& first,
                      std::string_view bytes) {
    v1::SubmitLayerResponse response;
    auto writer = stub_->SubmitLayer(context, &response);
    bool open = writer->Write(first);
    for (size_t at = 0; open && at < bytes.size(); at += kChunk) {
      v1::SubmitLayerRequest next;
      next.set_chunk(std::string(bytes.substr(at, kChunk)));
      open = writer->Write(next);
    }
    writer->WritesDone();
    return writer->Finish();
  }

  const GrpcWorkClientOptions options_;
  base::Clock& clock_;
  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
  const std::unique_ptr<v1::AgentService::Stub> stub_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WorkClient>> NewGrpcWorkClient(
    GrpcWorkClientOptions options, base::Clock& clock) {
  if (options.address.empty()) {
    return absl::InvalidArgumentError("the analyzer's address is empty");
  }
  if (options.ca_pem.empty()) {
    return absl::InvalidArgumentError(
        "there is no CA to verify the analyzer's certificate with");
  }
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.ca_pem;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessage);
  arguments.SetMaxSendMessageSize(kMaxMessage);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (!options.server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.server_name);
  }
  auto channel = grpc::CreateCustomChannel(
      options.address, grpc::SslCredentials(tls), arguments);
  return std::make_unique<GrpcWorkClient>(std::move(options), clock,
                                          std::move(channel));
}

}  // namespace landwaiter::agent::submit
