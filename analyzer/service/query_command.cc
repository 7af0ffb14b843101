#include "analyzer/service/query_command.h"

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/severity.h"
#include "core/wire/finding.h"
#include "landwaiter/v1/advisories.grpc.pb.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::service {
namespace {

using nlohmann::json;

constexpr auto kDeadline = std::chrono::seconds(30);
constexpr uint32_t kPage = 1000;

struct Arguments {
  std::string package, vulnerability, ecosystem, ns, format = "table";
  uint64_t limit = 100;
  std::string server = "127.0.0.1:8443", server_name;
  std::string ca_file, certificate_file, key_file;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!text.empty()) return text;
  return absl::NotFoundError(base::StrCat("cannot read ", path));
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(
    const Arguments& arguments) {
  grpc::SslCredentialsOptions credentials;
  LANDWAITER_ASSIGN_OR_RETURN(credentials.pem_root_certs,
                              ReadFile(arguments.ca_file));
  LANDWAITER_ASSIGN_OR_RETURN(credentials.pem_cert_chain,
                              ReadFile(arguments.certificate_file));
  LANDWAITER_ASSIGN_OR_RETURN(credentials.pem_private_key,
                              ReadFile(arguments.key_file));
  grpc::ChannelArguments options;
  if (!arguments.server_name.empty()) {
    options.SetSslTargetNameOverride(arguments.server_name);
  }
  return grpc::CreateCustomChannel(arguments.server,
                                   grpc::SslCredentials(credentials), options);
}

struct Result {
  std::vector<v1::QueriedImage> images;
  uint64_t total = 0;
  bool more = false;
};

absl::StatusOr<Result> Ask(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto channel, Connect(arguments));
  const auto stub = v1::AdvisoryService::NewStub(channel);
  v1::QueryImagesRequest request;
  // What follows the name's last "@" is the range: npm's scopes begin with one.
  const size_t at = arguments.package.rfind('@');
  const bool ranged = at != std::string::npos && at > 0;
  request.set_package(
      arguments.package.substr(0, ranged ? at : std::string::npos));
  if (ranged) request.set_range(arguments.package.substr(at + 1));
  request.set_vulnerability(arguments.vulnerability);
  request.set_ecosystem(arguments.ecosystem);
  request.set_namespace_(arguments.ns);
  Result result;
  while (result.images.size() < arguments.limit) {
    request.set_page_size(static_cast<uint32_t>(
        std::min<uint64_t>(kPage, arguments.limit - result.images.size())));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    v1::QueryImagesResponse response;
    const grpc::Status status = stub->QueryImages(&context, request, &response);
    if (!status.ok()) {
      return absl::UnavailableError(base::StrCat(
          arguments.server, ": ", base::Printable(status.error_message())));
    }
    result.total = response.total_images();
    for (v1::QueriedImage& image : *response.mutable_images()) {
      result.images.push_back(std::move(image));
    }
    result.more = !response.next_page_token().empty();
    if (!result.more) break;
    request.set_page_token(response.next_page_token());
  }
  return result;
}

std::string SeverityOf(const v1::QueriedImage& image) {
  return std::string(model::ToString(wire::FromProto(image.severity())));
}

std::string ToJson(const Result& result) {
  json images = json::array();
  for (const v1::QueriedImage& image : result.images) {
    json entry = {
        {"namespace", image.namespace_()},  {"registry", image.registry()},
        {"repository", image.repository()}, {"digest", image.digest()},
        {"package", image.package()},       {"type", image.type()},
        {"version", image.version()},       {"path", image.path()}};
    if (!image.finding().empty()) {
      entry["vulnerability"] = image.finding();
      entry["severity"] = SeverityOf(image);
      entry["fixedVersion"] = image.fixed_version();
    }
    images.push_back(std::move(entry));
  }
  return json{{"images", std::move(images)},
              {"totalImages", result.total},
              {"more", result.more}}
             .dump(2, ' ', false, json::error_handler_t::replace) +
         "\n";
}

std::string ToTable(const Result& result) {
  std::string text;
  for (const v1::QueriedImage& image : result.images) {
    base::StrAppend(&text, image.namespace_(), "/", image.registry(), "  ",
                    base::Printable(image.repository()), "@", image.digest(),
                    "  ", base::Printable(image.package()), " ",
                    base::Printable(image.version()));
    if (!image.finding().empty()) {
      base::StrAppend(&text, "  ", image.finding(), " ", SeverityOf(image),
                      image.fixed_version().empty() ? "" : ", fixed in ",
                      base::Printable(image.fixed_version()));
    }
    text += "\n";
  }
  base::StrAppend(&text, result.images.size(), " shown of ", result.total,
                  result.total == 1 ? " image\n" : " images\n");
  return text;
}

int Run(const Arguments& arguments) {
  const absl::StatusOr<Result> result = Ask(arguments);
  if (!result.ok()) {
    std::cerr << "landwaiter-analyzer: " << result.status().message() << "\n";
    return 1;
  }
  std::cout << (arguments.format == "json" ? ToJson(*result)
                                           : ToTable(*result));
  return std::cout.flush() ? 0 : 1;
}

}  // namespace

void AddQueryCommand(CLI::App& app, int& exit_status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* query = app.add_subcommand(
      "query",
      "Asks a running analyzer which images hold a package, or have a "
      "vulnerability.");
  CLI::Option* package = query->add_option(
      "--package", arguments->package,
      "a package, binary or source: NAME or NAME@RANGE, as in "
      "'log4j-core@>=2.0,<2.17.1'");
  CLI::Option* cve =
      query->add_option("--cve", arguments->vulnerability,
                        "a vulnerability by any of its names: CVE-..., "
                        "GHSA-..., DSA-...");
  package->excludes(cve);
  query
      ->add_option("--ecosystem", arguments->ecosystem,
                   "npm, Maven, Debian, Debian:12, ..., or a purl type")
      ->type_name("NAME");
  query->add_option("--namespace", arguments->ns, "of the registries");
  query->add_option("--limit", arguments->limit, "show at most so many")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}))
      ->capture_default_str();
  query->add_option("--format", arguments->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  query->add_option("--server", arguments->server, "the analyzer's gRPC port")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  query->add_option("--server-name", arguments->server_name,
                    "the name in its certificate, if it is not the host");
  query->add_option("--ca-file", arguments->ca_file, "who signed it")
      ->required()
      ->type_name("FILE");
  query
      ->add_option("--certificate-file", arguments->certificate_file,
                   "the client certificate of a controller "
                   "(server.clientNames of the analyzer)")
      ->required()
      ->type_name("FILE");
  query->add_option("--key-file", arguments->key_file, "its key")
      ->required()
      ->type_name("FILE");
  query->callback([arguments, &exit_status] { exit_status = Run(*arguments); });
}

}  // namespace landwaiter::analyzer::service
