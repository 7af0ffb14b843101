#include "tests/support/registries/quay/simulator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/quay/answers.h"

namespace landwaiter::test {

namespace quay {

std::string PathOf(const SeenRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string Parameter(const SeenRequest& request, const std::string& name) {
  return agent::registry::QueryValue(request.target, name).value_or("");
}

std::string HostOf(const SeenRequest& request) {
  return request.Header("Host");
}

}  // namespace quay

QuaySimulator::QuaySimulator(const Listen& listen)
    : users{{"alice", {.password = "password"}}},
      tokens{{"alice-token",
              {.user = "alice",
               .scopes = {"repo:read", "user:read", "org:admin"}}}},
      content(StandardContent()),
      server([this](const SeenRequest& request) { return Serve(request); },
             listen) {
  for (const char* name : {"library", "team-a", "team-b"}) {
    organizations[name].owners = {"alice"};
  }
  TakeUpContent();
}

void QuaySimulator::TakeUpContent() {
  for (const auto& [name, repository] : content.repositories) {
    if (Find(name) == nullptr) repositories.push_back({.name = name});
  }
}

void QuaySimulator::DeleteTag(const std::string& repository,
                              const std::string& tag, absl::Time when) {
  auto& tags = content.repositories[repository].tags;
  Find(repository)
      ->history.push_back({tag, tags[tag].digest, tags[tag].pushed, when});
  tags.erase(tag);
}

void QuaySimulator::DeleteRepository(const std::string& repository) {
  content.repositories.erase(repository);
  std::erase_if(repositories,
                [&](const Repository& r) { return r.name == repository; });
}

QuaySimulator::Repository* QuaySimulator::Find(const std::string& repository) {
  const auto found =
      std::ranges::find(repositories, repository, &Repository::name);
  return found == repositories.end() ? nullptr : &*found;
}

const QuaySimulator::Repository* QuaySimulator::Find(
    const std::string& repository) const {
  return const_cast<QuaySimulator*>(this)->Find(repository);
}

bool QuaySimulator::IsSuperUser(const Identity& who) const {
  const auto user = users.find(who.name);
  return user != users.end() && user->second.super_user &&
         (who.kind == Identity::kUser ||
          (who.kind == Identity::kOAuth && who.scopes.contains("super:user")));
}

bool QuaySimulator::Owns(const Identity& who,
                         const std::string& name_space) const {
  if (who.kind != Identity::kUser && who.kind != Identity::kOAuth) return false;
  if (who.name == name_space) return true;
  const auto organization = organizations.find(name_space);
  return organization != organizations.end() &&
         organization->second.owners.contains(who.name);
}

// A right of one's own, beside what everybody may do.
bool QuaySimulator::HasRight(const Identity& who,
                             const Repository& repository) const {
  const auto user = users.find(who.name);
  if (user != users.end() && !user->second.enabled) return false;
  if (who.kind == Identity::kRobot) {
    const auto robot = robots.find(who.name);
    return robot != robots.end() &&
           robot->second.may_read.contains(repository.name);
  }
  if (who.anonymous()) return false;
  return repository.readers.contains(who.name) ||
         Owns(who, repository.name.substr(0, repository.name.find('/')));
}

bool QuaySimulator::MayRead(const Identity& who,
                            const std::string& name) const {
  const Repository* repository = Find(name);
  if (repository != nullptr && repository->is_public && anonymous_access) {
    return true;
  }
  if (who.kind == Identity::kOAuth) {
    const auto reads = [](const std::string& scope) {
      return scope.starts_with("repo:") && scope != "repo:create";
    };
    if (std::ranges::none_of(who.scopes, reads)) return false;
  }
  if (superusers_full_access && IsSuperUser(who)) return true;
  if (repository == nullptr) return Owns(who, name.substr(0, name.find('/')));
  return repository->is_public || HasRight(who, *repository);
}

Answer QuaySimulator::Serve(const SeenRequest& request) {
  using quay::JsonAnswer;
  if (instead != nullptr) return *instead;
  const std::string path = quay::PathOf(request);
  if (path == "/health/instance" || path == "/health/endtoend" ||
      path == "/health/warning") {
    nlohmann::json services;
    if (path.ends_with("instance")) {
      services = {{"auth", database_up}, {"database", database_up},
                  {"disk_space", true},  {"registry_gunicorn", true},
                  {"service_key", true}, {"web_gunicorn", true}};
    } else if (path.ends_with("endtoend")) {
      services = {{"auth", database_up},
                  {"database", database_up},
                  {"redis", true},
                  {"storage", true}};
    } else {
      services = {{"disk_space_warning", true}};
    }
    const int status = database_up ? 200 : 503;
    return JsonAnswer(
        {{"data", {{"services", services}}}, {"status_code", status}}, status);
  }
  if (path == "/v2/auth") return Auth(request);
  if (path.starts_with("/v2/")) return Registry(request);
  if (path.starts_with("/api/v1/")) return Api(request);
  const std::string host =
      redirects_name.empty() ? quay::HostOf(request) : redirects_name;
  if (!path.ends_with("/")) {
    Answer answer = quay::Page(308, "<!doctype html>\nRedirecting...");
    answer.headers.emplace_back("Location",
                                base::StrCat("http://", host, path, "/"));
    return answer;
  }
  return quay::Page(404, "<!DOCTYPE html>\n<html ng-app=\"quay\"></html>");
}

}  // namespace landwaiter::test
