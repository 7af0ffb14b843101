#include "agent/registry/acr/acr_registry.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/acr/listing.h"
#include "agent/registry/acr/site.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/renewed_pull.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::acr {
namespace {

using base::Failure;
using base::FailureCode;

// A registry whose edition is known.
struct Opened {
  Site site;
  std::unique_ptr<cloud::AlibabaApi> api;
  std::unique_ptr<Listing> listing;
  std::unique_ptr<cloud::RenewedPull> pull;  // of the Enterprise edition
};

absl::StatusOr<cloud::TemporaryLogin> Borrow(cloud::AlibabaApi& api,
                                             const Site& site) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json answer,
      api.Call("GetAuthorizationToken", {{"InstanceId", site.instance_id}}));
  cloud::TemporaryLogin login;
  login.credentials = {TextAt(answer, "TempUsername"),
                       TextAt(answer, "AuthorizationToken")};
  login.until = absl::FromUnixMillis(NumberAt(answer, "ExpireTime"));
  if (login.credentials.username.empty() ||
      login.credentials.password.empty()) {
    return Failure(FailureCode::kNetworkError, "the API lends no account",
                   "Protocol");
  }
  // Token servers are not of the registry's own domain.
  for (const char* name :
       {"dockerauth-ee", "dockerauth-ee-vpc", "dockerauth", "dockerauth-vpc"}) {
    login.options.token_hosts.push_back(
        base::StrCat(name, ".", site.region, ".aliyuncs.com"));
  }
  return login;
}

class AcrRegistry : public hosted::PullSide {
 public:
  AcrRegistry(Connection connection, base::Clock& clock)
      : connection_(std::move(connection)), clock_(clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override {
    LANDWAITER_ASSIGN_OR_RETURN(Opened * opened, OpenForListing());
    auto page = opened->listing->ListRepositories(cursor);
    if (!page.ok()) return AsListingFailure(page.status());
    return page;
  }
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override {
    if (!model::IsValidRepository(repository)) {
      return absl::InvalidArgumentError("the repository is invalid");
    }
    LANDWAITER_ASSIGN_OR_RETURN(Opened * opened, OpenForListing());
    auto page = opened->listing->ListArtifacts(repository, cursor);
    if (!page.ok()) return AsListingFailure(page.status());
    return page;
  }

 private:
  // Errors are a connection's. What it points to lives as long as this.
  absl::StatusOr<Opened*> Open();
  absl::StatusOr<Opened*> OpenForListing() {
    auto opened = Open();
    if (!opened.ok()) return AsListingFailure(opened.status());
    return opened;
  }
  absl::StatusOr<Place> Where(std::string_view repository) override;

  const Connection connection_;
  base::Clock& clock_;
  absl::Mutex mutex_;
  std::unique_ptr<Opened> opened_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<Opened*> AcrRegistry::Open() {
  absl::MutexLock lock(&mutex_);
  if (opened_ != nullptr) return opened_.get();
  if (connection_.credentials.empty()) {
    return WrongCredentials("ACR needs an AccessKey");
  }
  auto opened = std::make_unique<Opened>();
  LANDWAITER_ASSIGN_OR_RETURN(opened->site, FindSite(connection_, clock_));
  LANDWAITER_ASSIGN_OR_RETURN(
      opened->api,
      cloud::AlibabaApi::New(connection_, opened->site.region, clock_));
  if (opened->site.enterprise) {
    opened->listing =
        NewEnterpriseListing(*opened->api, opened->site.instance_id);
    opened->pull = std::make_unique<cloud::RenewedPull>(
        connection_, clock_, [api = opened->api.get(), site = opened->site] {
          return Borrow(*api, site);
        });
  } else {
    opened->listing = NewPersonalListing(*opened->api, clock_);
  }
  opened_ = std::move(opened);
  return opened_.get();
}

absl::StatusOr<AcrRegistry::Place> AcrRegistry::Where(
    std::string_view repository) {
  LANDWAITER_ASSIGN_OR_RETURN(Opened * opened, OpenForListing());
  if (opened->pull == nullptr) {
    return Failure(FailureCode::kUnsupportedMedia, kNeverScanned);
  }
  auto pull = opened->pull->Get();
  if (!pull.ok()) return AsListingFailure(pull.status());
  return Place{*std::move(pull), std::string(repository)};
}

absl::StatusOr<Verification> AcrRegistry::Verify() {
  LANDWAITER_ASSIGN_OR_RETURN(Opened * opened, Open());
  const absl::Status probe = opened->listing->Probe();
  if (!probe.ok()) return hosted::AsVerifyFailure(probe);
  return Verification{
      .detected_version = "V2",
      .note = opened->site.enterprise ? "" : std::string(kNeverScanned)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewAcrRegistry(Connection connection,
                                                         base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  return std::make_unique<AcrRegistry>(std::move(connection), clock);
}

}  // namespace landwaiter::agent::registry::acr
