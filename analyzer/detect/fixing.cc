#include "analyzer/detect/fixing.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

constexpr size_t kMaxSiblings = 8;

// Libraries that running services keep in memory.
struct Restart {
  std::string_view source, advice;
};
constexpr Restart kRestarts[] = {
    {"glibc", "every process has it loaded: restart all"},
    {"musl", "every process has it loaded: restart all"},
    {"openssl", "restart what speaks TLS"},
    {"gnutls28", "restart what speaks TLS"},
    {"gnutls", "restart what speaks TLS"},
    {"nss", "restart what speaks TLS"},
    {"zlib", "restart what compresses: web servers, databases, sshd"},
    {"systemd", "restart what uses libsystemd"},
    {"libxml2", "restart what reads XML"},
    {"expat", "restart what reads XML"},
    {"curl", "restart what uses libcurl"},
    {"krb5", "restart what logs in by Kerberos"},
    {"pam", "restart what logs in"}};

// Commands that take any number of packages at their end.
constexpr std::string_view kJoinable[] = {
    "apt-get install --only-upgrade",
    "apk add --upgrade",
    "dnf upgrade",
    "yum upgrade",
    "microdnf upgrade",
    "tdnf upgrade",
    "tdnf update",
    "zypper update",
    "zypper install",
    "pip install --upgrade",
    "npm install",
    "go get",
    "composer require --update-with-dependencies",
    "bundle update --conservative",
    "gem install",
    "mix deps.update",
    "dart pub add"};

// "1:2.3.4" has no epoch then, and "v2.3.4" no letter.
std::string_view Upstream(std::string_view version, bool system) {
  if (system) {
    const size_t colon = version.find(':');
    if (colon != version.npos) version.remove_prefix(colon + 1);
    const size_t hyphen = version.rfind('-');
    if (hyphen != version.npos) version = version.substr(0, hyphen);
  }
  if (version.starts_with('v')) version.remove_prefix(1);
  return version;
}

std::array<std::string_view, 3> Parts(std::string_view version) {
  std::array<std::string_view, 3> parts = {"0", "0", "0"};
  size_t i = 0;
  for (const std::string_view part : base::Split(version, '.')) {
    if (i == parts.size()) break;
    const size_t end = part.find_first_not_of("0123456789");
    parts[i++] = part.substr(0, end);
    if (end != part.npos) break;
  }
  return parts;
}

bool IsSystem(std::string_view type) {
  return type == "deb" || type == "apk" || type == "rpm" || type == "alpm" ||
         type == "opkg";
}

std::string Step(std::string_view from, std::string_view to, bool system) {
  const std::string_view a = Upstream(from, system), b = Upstream(to, system);
  if (a == b) return "patched build of the same version";
  const auto old_parts = Parts(a), new_parts = Parts(b);
  const std::string move =
      base::StrCat(base::Printable(a, 40), " to ", base::Printable(b, 40));
  if (old_parts[0] != new_parts[0]) {
    return base::StrCat("major version step, ", move, ": may break users");
  }
  if (old_parts[1] != new_parts[1]) {
    return base::StrCat("minor version step, ", move);
  }
  return base::StrCat("patch version step, ", move);
}

std::string Join(const std::vector<std::string_view>& texts,
                 std::string_view separator) {
  std::string joined;
  for (const std::string_view text : texts) {
    base::StrAppend(&joined, joined.empty() ? "" : separator, text);
  }
  return joined;
}

}  // namespace

Fixing::Fixing(const model::Inventory& inventory) {
  std::set<std::string_view> rpms;
  for (const model::InstalledPackage& installed : inventory.packages) {
    const model::Package& package = installed.package;
    if (!IsSystem(package.type)) continue;
    if (package.type == "rpm") rpms.insert(package.name);
    if (package.source_name.empty()) continue;
    by_source_[{package.type, package.source_name}].insert(package.name);
  }
  const bool usual =
      rpms.contains("dnf") || rpms.contains("dnf5") || rpms.contains("yum");
  if (!usual && rpms.contains("microdnf")) rpm_manager_ = "microdnf";
}

std::string Fixing::Adapted(std::string command) const {
  if (rpm_manager_.empty()) return command;
  for (const std::string_view usual : {"dnf ", "yum "}) {
    if (command.starts_with(usual)) {
      return base::StrCat(rpm_manager_, " ", command.substr(usual.size()));
    }
  }
  return command;
}

std::vector<std::string_view> Fixing::SiblingsOf(
    const model::Package& package) const {
  const auto all = by_source_.find({package.type, package.source_name});
  if (all == by_source_.end()) return {};
  std::vector<std::string_view> siblings;
  for (const std::string_view name : all->second) {
    if (name != package.name) siblings.push_back(name);
  }
  return siblings;
}

std::string Fixing::Impact(const model::Package& package,
                           std::string_view fixed) const {
  const bool system = IsSystem(package.type);
  std::string impact = Step(package.version, fixed, system);
  std::vector<std::string_view> siblings = SiblingsOf(package);
  if (!siblings.empty()) {
    const size_t all = siblings.size();
    if (all > kMaxSiblings) siblings.resize(kMaxSiblings);
    base::StrAppend(&impact, "; of the same source: ", Join(siblings, ", "));
    if (all > kMaxSiblings) {
      base::StrAppend(&impact, " and ", all - kMaxSiblings, " more");
    }
  }
  if (!system) return impact;
  for (const Restart& restart : kRestarts) {
    if (restart.source == package.source_name ||
        restart.source == package.name) {
      base::StrAppend(&impact, "; ", restart.advice);
      break;
    }
  }
  return impact;
}

std::vector<std::string> JoinCommands(
    const std::vector<const model::Finding*>& findings) {
  // By type, package and path, that each is there once.
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>,
           std::string_view>
      commands;
  for (const model::Finding* finding : findings) {
    if (finding->fix_command.empty()) continue;
    commands[{finding->type, finding->package, finding->path}] =
        finding->fix_command;
  }
  std::map<std::string_view, std::set<std::string_view>> arguments;
  std::set<std::string> joined;
  for (const auto& [key, command] : commands) {
    const size_t space = command.rfind(' ');
    const std::string_view verb = command.substr(0, space);
    if (std::find(std::begin(kJoinable), std::end(kJoinable), verb) ==
        std::end(kJoinable)) {
      joined.emplace(command);
    } else {
      arguments[verb].insert(command.substr(space + 1));
    }
  }
  for (const auto& [verb, packages] : arguments) {
    std::string command;
    if (verb.starts_with("apt-get ")) command = "apt-get update && ";
    base::StrAppend(&command, verb);
    for (const std::string_view package : packages) {
      base::StrAppend(&command, " ", package);
    }
    joined.insert(std::move(command));
  }
  return {joined.begin(), joined.end()};
}

}  // namespace landwaiter::analyzer::detect
