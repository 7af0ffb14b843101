#include "operator/kube/http_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/kube/request_path.h"
#include "operator/kube/status.h"
#include "operator/kube/watch_decoder.h"

namespace landwaiter::kube {
namespace {

constexpr Backoff::Options kRetryDelays{.first = absl::Milliseconds(200),
                                        .greatest = absl::Seconds(5),
                                        .reset = absl::Seconds(10)};
// What is kept of an error's body.
constexpr size_t kMaxErrorBody = 64 << 10;
// How long the server may take to begin a watch, and to end it past the time
// that it was asked to.
constexpr absl::Duration kWatchGrace = absl::Seconds(30);

std::string WithCode(std::string_view message, const absl::Status& status) {
  return base::StrCat(message, ": ", status.message());
}

// What the transport says, in KubeClient's codes; the failure's code and cause
// ride along.
absl::Status FromTransport(const absl::Status& status) {
  if (absl::IsCancelled(status)) return status;
  const base::FailureCode code = base::FailureCodeOf(status);
  absl::StatusCode canonical = absl::StatusCode::kUnavailable;
  if (code == base::FailureCode::kLimitExceeded) {
    canonical = absl::StatusCode::kInternal;
  } else if (base::FailureCauseOf(status) == "Timeout") {
    canonical = absl::StatusCode::kDeadlineExceeded;
  }
  absl::Status result(canonical, status.message());
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

std::optional<absl::Duration> RetryAfterHeader(const http::Response& response) {
  const std::string* value = http::FindHeader(response.headers, "Retry-After");
  if (value == nullptr) return std::nullopt;
  const auto seconds = base::ParseInt64(base::Strip(*value));
  if (!seconds.has_value() || *seconds < 0) return std::nullopt;
  return absl::Seconds(*seconds);
}

// OK for 2xx.
absl::Status StatusOfResponse(const http::Response& response) {
  if (response.status >= 200 && response.status < 300) return absl::OkStatus();
  if (response.status < 400) {
    return absl::InternalError(
        absl::StrCat("the API server answered ", response.status));
  }
  return StatusOfAnswer(response.status, response.body,
                        RetryAfterHeader(response));
}

bool MayRepeat(const http::Request& request, const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) return true;
  return request.method != "POST" &&
         (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) &&
         !IsTooLargeResourceVersion(status);
}

absl::StatusOr<Json> ParseObject(const std::string& body) {
  Json parsed = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) {
    return absl::InternalError("the API server's answer is no JSON object");
  }
  return parsed;
}

std::string ListTarget(std::string path, const ListOptions& options) {
  AddQuery(path, "labelSelector", options.label_selector);
  AddQuery(path, "fieldSelector", options.field_selector);
  AddQuery(path, "limit", options.limit);
  AddQuery(path, "continue", options.continue_token);
  if (options.continue_token.empty()) {
    AddQuery(path, "resourceVersion", options.resource_version);
  }
  return path;
}

// With the type named, as custom resources need it.
Json Typed(const ResourceType& type, Json object) {
  object["apiVersion"] = type.ApiVersion();
  object["kind"] = type.kind;
  return object;
}

absl::StatusOr<ListPage> ParseList(const ResourceType& type, Json list) {
  auto items = list.find("items");
  if (items == list.end() || !(items->is_array() || items->is_null())) {
    return absl::InternalError("the API server's answer is no list");
  }
  ListPage page{
      .items = {},
      .resource_version = StringAt(list, {"metadata", "resourceVersion"}),
      .continue_token = StringAt(list, {"metadata", "continue"})};
  if (!items->is_array()) return page;
  for (Json& item : *items) {
    if (!item.is_object()) {
      return absl::InternalError("an item of a list is no object");
    }
    // Only the list says what its items are.
    page.items.push_back(Typed(type, std::move(item)));
  }
  return page;
}

Json DeleteBody(const DeleteOptions& options) {
  Json body = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}};
  if (!options.propagation.empty()) {
    body["propagationPolicy"] = options.propagation;
  }
  if (!options.uid.empty()) body["preconditions"]["uid"] = options.uid;
  if (!options.resource_version.empty()) {
    body["preconditions"]["resourceVersion"] = options.resource_version;
  }
  return body;
}

http::Request JsonRequest(std::string method, std::string target,
                          const Json& body,
                          std::string content_type = "application/json") {
  // Replacing what is not UTF-8 lets the server say what is wrong with it.
  return {.method = std::move(method),
          .target = std::move(target),
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
          .content_type = std::move(content_type)};
}

}  // namespace

HttpKubeClient::HttpKubeClient(Transport transport,
                               std::unique_ptr<http::Client> requests,
                               std::shared_ptr<TokenSource> token,
                               HttpKubeOptions options, base::Clock* clock,
                               uint64_t seed)
    : transport_(std::move(transport)),
      requests_(std::move(requests)),
      token_(std::move(token)),
      options_(std::move(options)),
      clock_(clock),
      bucket_(options_.requests_per_second, options_.burst),
      backoff_(kRetryDelays, seed) {}

HttpKubeClient::~HttpKubeClient() = default;

void HttpKubeClient::Stop() { requests_->Stop(); }

absl::Status HttpKubeClient::AwaitTurn() {
  absl::Duration wait;
  {
    absl::MutexLock lock(&mutex_);
    wait = bucket_.Take(clock_->Now());
  }
  // While the program shuts down, what need not wait still goes: the lease is
  // given back, the last events are sent.
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  if (clock_->Sleep(wait)) return absl::OkStatus();
  return absl::CancelledError("the program is shutting down");
}

absl::Status HttpKubeClient::Authorize(http::Request& request) {
  request.headers.push_back({"Accept", "application/json"});
  if (token_ == nullptr) return absl::OkStatus();
  absl::StatusOr<std::string> token = token_->Token();
  if (!token.ok()) {
    return absl::UnauthenticatedError(WithCode("no token", token.status()));
  }
  request.headers.push_back({"Authorization", "Bearer " + *token});
  return absl::OkStatus();
}

absl::Duration HttpKubeClient::NextDelay(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  return std::max(backoff_.Next(clock_->Now()),
                  RetryAfterOf(status).value_or(absl::ZeroDuration()));
}

absl::StatusOr<std::string> HttpKubeClient::Try(const http::Request& request,
                                                size_t max_body,
                                                absl::Time end) {
  http::Request authorized = request;
  LANDWAITER_RETURN_IF_ERROR(Authorize(authorized));
  absl::StatusOr<http::Response> response =
      requests_->Send(authorized, max_body, end - clock_->Now());
  if (!response.ok()) return FromTransport(response.status());
  LANDWAITER_RETURN_IF_ERROR(StatusOfResponse(*response));
  return std::move(response->body);
}

absl::StatusOr<std::string> HttpKubeClient::Call(http::Request request,
                                                 size_t max_body) {
  bool asked_for_token = token_ == nullptr;
  LANDWAITER_RETURN_IF_ERROR(AwaitTurn());
  // From here: waiting for one's turn is no fault of the server's.
  const absl::Time end = clock_->Now() + options_.request_timeout;
  for (int tries = 1;; ++tries) {
    absl::StatusOr<std::string> body = Try(request, max_body, end);
    if (body.ok()) return body;
    if (absl::IsUnauthenticated(body.status()) && !asked_for_token) {
      asked_for_token = true;
      token_->Refused();
      continue;
    }
    if (tries > options_.retries || !MayRepeat(request, body.status())) {
      return body;
    }
    const absl::Duration delay = NextDelay(body.status());
    if (clock_->Now() + delay >= end) return body;
    if (!clock_->Sleep(delay)) {
      return absl::CancelledError("the program is shutting down");
    }
    LANDWAITER_RETURN_IF_ERROR(AwaitTurn());
  }
}

absl::StatusOr<Json> HttpKubeClient::CallForObject(http::Request request) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string body,
                              Call(std::move(request), options_.max_object));
  return ParseObject(body);
}

absl::StatusOr<Json> HttpKubeClient::Get(const ResourceType& type,
                                         const ObjectKey& key) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string path, ObjectPath(type, key));
  return CallForObject({.target = std::move(path)});
}

absl::StatusOr<ListPage> HttpKubeClient::List(const ResourceType& type,
                                              std::string_view ns,
                                              const ListOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string path, CollectionPath(type, ns));
  LANDWAITER_ASSIGN_OR_RETURN(
      std::string body, Call({.target = ListTarget(std::move(path), options)},
                             options_.max_list));
  LANDWAITER_ASSIGN_OR_RETURN(Json list, ParseObject(body));
  return ParseList(type, std::move(list));
}

absl::StatusOr<Json> HttpKubeClient::Create(const ResourceType& type,
                                            const Json& object) {
  if (type.namespaced && NamespaceOf(object).empty()) {
    return absl::InvalidArgumentError(
        base::StrCat(type.kind, ": metadata.namespace is empty"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::string path,
                              CollectionPath(type, NamespaceOf(object)));
  return CallForObject(
      JsonRequest("POST", std::move(path), Typed(type, object)));
}

absl::StatusOr<Json> HttpKubeClient::Replace(const ResourceType& type,
                                             const Json& object,
                                             std::string_view subresource) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string path,
                              ObjectPath(type, KeyOf(object), subresource));
  return CallForObject(
      JsonRequest("PUT", std::move(path), Typed(type, object)));
}

absl::StatusOr<Json> HttpKubeClient::Update(const ResourceType& type,
                                            const Json& object) {
  return Replace(type, object, "");
}

absl::StatusOr<Json> HttpKubeClient::UpdateStatus(const ResourceType& type,
                                                  const Json& object) {
  return Replace(type, object, "status");
}

absl::StatusOr<Json> HttpKubeClient::Patch(const ResourceType& type,
                                           const ObjectKey& key,
                                           const Json& patch,
                                           const PatchOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string target,
                              ObjectPath(type, key, options.subresource));
  AddQuery(target, "fieldManager", options.field_manager);
  // JSON is YAML.
  const bool apply = options.type == PatchType::kApply;
  if (apply && options.force) AddQuery(target, "force", "true");
  return CallForObject(JsonRequest(
      "PATCH", std::move(target), apply ? Typed(type, patch) : patch,
      apply ? "application/apply-patch+yaml" : "application/merge-patch+json"));
}

absl::Status HttpKubeClient::Delete(const ResourceType& type,
                                    const ObjectKey& key,
                                    const DeleteOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string path, ObjectPath(type, key));
  return Call(JsonRequest("DELETE", std::move(path), DeleteBody(options)),
              options_.max_object)
      .status();
}

absl::Status HttpKubeClient::Watch(const ResourceType& type,
                                   std::string_view ns,
                                   const WatchOptions& options,
                                   OnEvent on_event, std::stop_token stop) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string target, CollectionPath(type, ns));
  AddQuery(target, "watch", "1");
  AddQuery(target, "allowWatchBookmarks", "true");
  AddQuery(target, "labelSelector", options.label_selector);
  AddQuery(target, "fieldSelector", options.field_selector);
  AddQuery(target, "resourceVersion", options.resource_version);
  AddQuery(target, "timeoutSeconds", absl::ToInt64Seconds(options.timeout));
  LANDWAITER_RETURN_IF_ERROR(AwaitTurn());
  http::Request request{.target = std::move(target)};
  LANDWAITER_RETURN_IF_ERROR(Authorize(request));
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<http::Client> connection,
                              transport_(options_.watch_idle_timeout));
  std::stop_callback on_stop(stop, [&] { connection->Stop(); });

  // The answer's head; its body only of an error.
  http::Response head;
  absl::Status event_status;
  WatchDecoder decoder(options_.max_object, on_event);
  auto on_response = [&](const http::Response& response) {
    head = response;
    return absl::OkStatus();
  };
  auto on_data = [&](std::string_view data) {
    if (head.status == 200) return event_status = decoder.Feed(data);
    const size_t room = kMaxErrorBody - head.body.size();
    head.body.append(data.substr(0, room));
    return absl::OkStatus();
  };
  absl::Status status = connection->Stream(request, on_response, on_data,
                                           options.timeout + kWatchGrace);
  if (stop.stop_requested()) {
    return absl::CancelledError("the watch was stopped");
  }
  if (!event_status.ok()) return event_status;
  if (head.status != 0 && head.status != 200) {
    if (head.status == 401 && token_ != nullptr) token_->Refused();
    return StatusOfResponse(head);
  }
  if (!status.ok()) {
    status = FromTransport(status);
    // Silence is no failure, as long as the watch can be opened again.
    const bool silent = absl::IsDeadlineExceeded(status) && head.status == 200;
    return silent ? absl::OkStatus() : status;
  }
  return decoder.Finish();
}

absl::StatusOr<std::string> HttpKubeClient::PodLog(
    const ObjectKey& pod, const PodLogOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(std::string target,
                              ObjectPath(kPods, pod, "log"));
  AddQuery(target, "container", options.container);
  AddQuery(target, "previous", options.previous ? "true" : "");
  AddQuery(target, "tailLines", options.tail_lines);
  AddQuery(target, "limitBytes", options.limit_bytes);
  return Call({.target = std::move(target)}, options_.max_object);
}

absl::StatusOr<std::string> HttpKubeClient::GetRaw(std::string_view path) {
  if (!path.starts_with('/')) {
    return absl::InvalidArgumentError("the path must begin with a slash");
  }
  return Call({.target = std::string(path)}, options_.max_object);
}

absl::StatusOr<std::unique_ptr<HttpKubeClient>> NewHttpKubeClient(
    const ClusterConfig& config, HttpKubeOptions options, base::Clock* clock,
    uint64_t seed) {
  http::ClientOptions connection{.base = config.server,
                                 .tls = config.tls,
                                 .proxy = config.proxy,
                                 .address_policy = config.address_policy,
                                 .user_agent = options.user_agent};
  auto transport = [connection](absl::Duration idle_timeout) {
    http::ClientOptions one = connection;
    one.idle_timeout = idle_timeout;
    return http::NewClient(std::move(one));
  };
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<http::Client> requests,
                              transport(options.request_timeout));
  return std::make_unique<HttpKubeClient>(std::move(transport),
                                          std::move(requests), config.token,
                                          std::move(options), clock, seed);
}

}  // namespace landwaiter::kube
