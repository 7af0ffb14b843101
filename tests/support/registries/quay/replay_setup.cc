#include "tests/support/registries/quay/replay_setup.h"

#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"

namespace landwaiter::test::quay {
namespace {

using Json = nlohmann::json;
using Identity = QuaySimulator::Identity;

constexpr char kRevoked[] =
    "OAuth token of alice, application of acme, scopes repo:read, right";
const std::set<std::string> kAllScopes = {
    "repo:read", "repo:write", "repo:admin", "repo:create",
    "user:read", "user:admin", "org:admin",  "super:user"};

const RecordedExchange& At(const std::vector<RecordedExchange>& exchanges,
                           int number) {
  for (const RecordedExchange& exchange : exchanges) {
    if (NumberOf(exchange) == number) return exchange;
  }
  ADD_FAILURE() << "there is no exchange " << number;
  return exchanges.front();
}

std::string Trimmed(std::string body) {
  while (body.ends_with('\n') || body.ends_with('\r')) body.pop_back();
  return body;
}

void TakeUpManifests(const std::vector<RecordedExchange>& exchanges,
                     QuaySimulator& quay) {
  for (const RecordedExchange& exchange : exchanges) {
    const std::string& target = exchange.request.target;
    if (exchange.answer.status != 200) continue;
    std::string repository, bytes, digest;
    if (const size_t at = target.find("/manifests/"); at != target.npos) {
      repository = target.substr(4, at - 4);
      bytes = Trimmed(exchange.answer.body);
      const std::string* header =
          http::FindHeader(exchange.answer.headers, "Docker-Content-Digest");
      digest = header == nullptr ? "" : *header;
    } else if (const size_t in_api = target.find("/manifest/sha256:");
               in_api != target.npos) {
      const auto json = Json::parse(exchange.answer.body, nullptr, false);
      if (!json.is_object() || !json.contains("manifest_data")) continue;
      repository = target.substr(19, in_api - 19);
      bytes = json["manifest_data"];
      digest = json["digest"];
    }
    // Some manifests end with a line feed, as other files of the recorder do.
    if (model::Digest::Of(bytes + "\n").text() == digest) bytes += '\n';
    if (digest.empty() || model::Digest::Of(bytes).text() != digest) continue;
    const auto manifest = Json::parse(bytes);
    if (manifest["schemaVersion"] != 2) continue;
    std::string type = kOciManifest;
    if (manifest.contains("mediaType")) type = manifest["mediaType"];
    quay.content.PushManifest(repository, "", type, bytes);
  }
}

// A tag as a list shows it. `order` keeps apart those of the same second.
void AddTag(QuaySimulator& quay, const std::string& repository, const Json& row,
            size_t order) {
  StoredRepository& stored = quay.content.repositories[repository];
  const auto digest =
      *model::Digest::Parse(row["manifest_digest"].get<std::string>());
  const absl::Time start =
      absl::FromUnixSeconds(row["start_ts"].get<int64_t>()) +
      absl::Microseconds(1000 - order);
  stored.tags[row["name"]] = {.digest = digest, .pushed = start};
  if (stored.manifests.contains(digest)) return;
  // Of its bytes only the size is known.
  StoredManifest& manifest = stored.manifests[digest];
  manifest.media_type =
      row["is_manifest_list"].get<bool>() ? kOciIndex : kOciManifest;
  if (row["size"].is_number()) manifest.size = row["size"];
}

void AddTagsOf(const RecordedExchange& exchange, const std::string& repository,
               QuaySimulator& quay, size_t order = 0) {
  const Json answer = Json::parse(exchange.answer.body);
  for (const Json& row : answer["tags"]) {
    ++order;
    if (row["name"] != "moving") AddTag(quay, repository, row, order);
  }
}

// One tag, of which only the time is known.
void AddTagAt(QuaySimulator& quay, const std::string& repository,
              int64_t start) {
  AddTag(quay, repository,
         {{"name", "v1"},
          {"manifest_digest", model::Digest::Of(repository).text()},
          {"is_manifest_list", false},
          {"start_ts", start},
          {"size", 100}},
         0);
}

void AddRepositories(const RecordedExchange& exchange, QuaySimulator& quay) {
  const Json answer = Json::parse(exchange.answer.body);
  for (const Json& row : answer["repositories"]) {
    const std::string name = row["namespace"].get<std::string>() + "/" +
                             row["name"].get<std::string>();
    if (row["name"] == "r001") {
      quay.repositories.push_back({.name = "globex/app"});
      quay.repositories.push_back({.name = "globex/web", .is_public = true});
    }
    quay.content.repositories[name];
    quay.repositories.push_back({.name = name,
                                 .is_public = row["is_public"],
                                 .description = row["description"]});
  }
}

std::string Basic(const std::string& name, const std::string& password) {
  return "Basic " + absl::Base64Escape(name + ":" + password);
}

// "OAuth token of U, application of A, scopes S S, right"
std::string TakeUpToken(const std::string& text, QuaySimulator& quay) {
  if (quay.tokens.contains(text)) return text;
  QuaySimulator::Token token;
  const std::string start = "OAuth token of ";
  token.user = text.substr(start.size(), text.find(',') - start.size());
  token.expired = base::Contains(text, "expired");
  if (const size_t at = text.find("scopes "); at != text.npos) {
    const std::string list = text.substr(at + 7, text.rfind(',') - at - 7);
    for (const auto scope : base::Split(list, ' ')) {
      token.scopes.insert(std::string(scope));
    }
  } else {
    token.scopes = kAllScopes;
  }
  quay.tokens[text] = token;
  return text;
}

// "registry token of alice, pull on acme/app"
std::string RegistryToken(const std::string& text, const QuaySimulator& quay) {
  Identity who;
  const std::string start = "registry token of ";
  if (text.starts_with(start)) {
    std::string name = text.substr(start.size());
    name = name.substr(0, name.find_first_of(",("));
    who.kind = Identity::kUser;
    if (name.starts_with("robot ")) {
      name = name.substr(6);
      who.kind = Identity::kRobot;
    }
    who.name = std::string(base::Strip(name));
  }
  Json access = Json::array();
  if (const size_t at = text.find(" on ");
      at != text.npos && !base::Contains(text, "nosuchns")) {
    const std::string list = text.substr(at + 4);
    for (const auto part : base::Split(list, ',')) {
      std::string name(base::Strip(part));
      if (base::Contains(name, " ")) continue;  // "issued before ..."
      if (text.find(" on empty") != text.npos) name = "acme/" + name;
      access.push_back({{"name", name}, {"actions", {"pull"}}});
    }
  }
  return "Bearer " + quay.IssueToken(who, "localhost:28080", access);
}

}  // namespace

int NumberOf(const RecordedExchange& exchange) {
  return std::stoi(exchange.name.substr(0, 3));
}

void SetUp(const std::vector<RecordedExchange>& exchanges,
           QuaySimulator& quay) {
  quay.users = {{"admin",
                 {.password = "right",
                  .super_user = true,
                  .encrypted_password = "encrypted"}}};
  for (const char* name : {"alice", "bob", "carol", "dave", "erin"}) {
    quay.users[name] = {.password = "right"};
  }
  quay.organizations = {{"acme", {.owners = {"alice"}, .members = {"carol"}}},
                        {"globex", {.owners = {"dave"}}}};
  quay.robots = {
      {"acme+ci",
       {.token = "right", .may_read = {"acme/app", "acme/team/sub/app"}}},
      {"acme+none", {.token = "right"}},
      {"acme+old", {.token = "right", .deleted = true}}};
  quay.tokens.clear();
  quay.content = {};
  quay.repositories.clear();
  AddRepositories(At(exchanges, 30), quay);
  AddRepositories(At(exchanges, 31), quay);
  quay.Find("acme/app")->readers = {"carol"};
  TakeUpManifests(exchanges, quay);
  AddTagsOf(At(exchanges, 72), "acme/app", quay);
  AddTagsOf(At(exchanges, 77), "acme/manytags", quay);
  AddTagsOf(At(exchanges, 78), "acme/manytags", quay, 100);
  AddTagsOf(At(exchanges, 86), "acme/team/sub/app", quay);
  AddTagsOf(At(exchanges, 88), "acme/charts", quay);
  AddTagsOf(At(exchanges, 92), "acme/public-app", quay);
  AddTagsOf(At(exchanges, 349), "globex/app", quay);
  AddTagAt(quay, "acme/gone", 1795234178);
  AddTagAt(quay, "acme/ro", 1795234178);
  AddTagAt(quay, "globex/web", 1795234179);
  for (const auto& [name, number] :
       {std::pair{"carol/mine", 314}, std::pair{"carol/open", 315}}) {
    const auto digest =
        model::Digest::Of(Trimmed(At(exchanges, number).answer.body));
    quay.content.Tag(name, "v1", digest);
  }
  const RecordedExchange& blob = At(exchanges, 271);
  quay.content.blobs[*model::Digest::Parse(*http::FindHeader(
      blob.answer.headers, "Docker-Content-Digest"))] = "bytes";
}

void HappensBefore(int number, QuaySimulator& quay) {
  auto& tags = quay.content.repositories["acme/app"].tags;
  const auto at = [](int64_t seconds) {
    return absl::FromUnixSeconds(seconds);
  };
  switch (number) {
    case 71:  // a tag is moved, one deleted, one given an end
      quay.Find("acme/app")
          ->history.push_back(
              {"moving", tags["v1"].digest, at(1795234627), at(1795234628)});
      tags["moving"] = {.digest = tags["v2"].digest, .pushed = at(1795234628)};
      quay.DeleteTag("acme/app", "v3", at(1795234628));
      quay.Find("acme/app")->expirations["docker"] = at(1795321028);
      break;
    case 291:
      quay.DeleteRepository("acme/gone");
      break;
    case 298:
      quay.users["erin"].enabled = false;
      break;
    case 307:
      quay.Find("acme/ro")->state = "READ_ONLY";
      break;
    case 311:
      quay.Find("acme/ro")->state = "MIRROR";
      quay.repositories.push_back({.name = "carol/mine"});
      quay.repositories.push_back({.name = "carol/open", .is_public = true});
      break;
    case 313:
      quay.users["carol"].enabled = false;
      break;
    case 319:
      quay.content.Tag("acme/app", "brandnew", tags["v1"].digest);
      break;
    case 322:
      quay.tokens[kRevoked].revoked = true;
      break;
    case 334:
      quay.rate_limited_auths = 1;
      break;
    case 336:
      quay.anonymous_access = false;
      quay.superusers_full_access = true;
      quay.public_catalog = true;
      break;
    case 357:
      quay.anonymous_access = true;
      quay.superusers_full_access = false;
      quay.public_catalog = false;
      break;
    default:
      break;
  }
}

std::string AuthorizationOf(const std::string& credentials,
                            QuaySimulator& quay) {
  const auto has = [&](const char* text) {
    return base::Contains(credentials, text);
  };
  if (has("not a registry token") || has("not a JWT")) return "Bearer abc";
  if (has("nothing after")) return "Bearer ";
  if (has("a JWT of an unknown issuer")) return "Bearer e30.e30.e30";
  if (has("nobody issued")) return "Bearer nobody";
  if (credentials.starts_with("OAuth token")) {
    return "Bearer " + TakeUpToken(credentials, quay);
  }
  if (credentials.starts_with("registry token")) {
    return RegistryToken(credentials, quay);
  }
  if (credentials.starts_with("user $oauthtoken")) {
    std::string token = "OAuth token of alice, right";
    if (has("a revoked")) token = kRevoked;
    if (has("an expired")) token = "OAuth token of alice, expired";
    return Basic("$oauthtoken",
                 has("a wrong token") ? "wrong" : TakeUpToken(token, quay));
  }
  if (has("a user that does not exist")) return Basic("nosuch", "x");
  std::string name =
      credentials.starts_with("robot ") ? credentials.substr(6) : credentials;
  name = name.substr(0, name.find_first_of(" ,"));
  if (!quay.users.contains(name) && !quay.robots.contains(name)) return "";
  return Basic(name, has("encrypted") ? "encrypted"
                     : has("wrong")   ? "wrong"
                                      : "right");
}

}  // namespace landwaiter::test::quay
