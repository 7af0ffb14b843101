#include "operator/jobs/forwarder_commands.h"

#include <optional>
#include <string_view>

#include "core/base/strings.h"
#include "operator/jobs/shell.h"

namespace landwaiter::jobs {
namespace {

struct Forwarding {
  bool ipv6 = false;     // the forwarder's side; the registry's is the same
  int port = 0;          // of the forwarder
  std::string host;      // of the registry: name or address, without brackets
  bool literal = false;  // host is an address
  int host_port = 0;
};

bool IsIpv4(std::string_view host) {
  return !host.empty() &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// nullopt if the registry's address is not one: commands for Windows cannot be
// quoted, so nothing else may come into them.
std::optional<Forwarding> ForwardingOf(const api::ImageRegistry& registry) {
  Forwarding forwarding;
  const bool https = registry.url.starts_with("https://");
  std::string_view host = registry.host;
  forwarding.host_port = https ? 443 : 80;
  const size_t colon = host.rfind(':');
  const size_t bracket = host.rfind(']');
  if (colon != std::string_view::npos &&
      (bracket == std::string_view::npos || colon > bracket)) {
    const auto port = base::ParseInt64(host.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return std::nullopt;
    forwarding.host_port = static_cast<int>(*port);
    host = host.substr(0, colon);
  }
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  constexpr std::string_view kAddress = "abcdef0123456789.:";
  if (host.empty() || host.starts_with('-') ||
      host.find_first_not_of(brackets ? kAddress : kName) !=
          std::string_view::npos) {
    return std::nullopt;
  }
  forwarding.host = std::string(host);
  forwarding.literal = brackets || IsIpv4(host);
  forwarding.ipv6 = base::Contains(registry.connect_ip, ":");
  // No rule translates between the two.
  if (forwarding.literal && brackets != forwarding.ipv6) return std::nullopt;
  forwarding.port =
      registry.connect_port != 0 ? registry.connect_port : forwarding.host_port;
  return forwarding;
}

// Sets $registry to an address: rules of the kernel know no names.
std::string Resolve(const Forwarding& f) {
  if (f.literal) return base::StrCat("registry=", ShellQuote(f.host));
  return base::StrCat("registry=$(getent ", f.ipv6 ? "ahostsv6 " : "ahostsv4 ",
                      ShellQuote(f.host), " | awk 'NR == 1 { print $1 }')");
}

void AddFirewallCmd(const Forwarding& f, std::vector<std::string>& lines) {
  lines.push_back("# Linux with firewalld:");
  lines.push_back(Resolve(f));
  if (f.ipv6) {
    lines.push_back(base::StrCat(
        "firewall-cmd --permanent --add-rich-rule=\"rule family=ipv6 "
        "forward-port port=",
        f.port, " protocol=tcp to-port=", f.host_port, " to-addr=$registry\""));
    lines.push_back(
        "firewall-cmd --permanent --add-rich-rule='rule family=ipv6 "
        "masquerade'");
  } else {
    lines.push_back(base::StrCat(
        "firewall-cmd --permanent --add-forward-port=\"port=", f.port,
        ":proto=tcp:toport=", f.host_port, ":toaddr=$registry\""));
    lines.push_back("firewall-cmd --permanent --add-masquerade");
  }
  lines.push_back("firewall-cmd --reload");
}

void AddIptables(const Forwarding& f, std::vector<std::string>& lines) {
  const std::string_view iptables = f.ipv6 ? "ip6tables" : "iptables";
  lines.push_back("# or Linux with iptables:");
  lines.push_back(Resolve(f));
  lines.push_back(f.ipv6 ? "sysctl -w net.ipv6.conf.all.forwarding=1"
                         : "sysctl -w net.ipv4.ip_forward=1");
  lines.push_back(base::StrCat(
      iptables, " -t nat -A PREROUTING -p tcp -m addrtype --dst-type LOCAL ",
      "--dport ", f.port, " -j DNAT --to-destination ",
      f.ipv6 ? "\"[$registry]:" : "\"$registry:", f.host_port, "\""));
  lines.push_back(base::StrCat(
      iptables, " -t nat -A POSTROUTING -p tcp -d \"$registry\" --dport ",
      f.host_port, " -j MASQUERADE"));
  lines.push_back(base::StrCat(iptables,
                               " -I FORWARD -p tcp -d \"$registry\" --dport ",
                               f.host_port, " -j ACCEPT"));
  lines.push_back(base::StrCat(
      iptables, " -I FORWARD -p tcp -s \"$registry\" --sport ", f.host_port,
      " -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"));
}

void AddNetsh(const Forwarding& f, std::vector<std::string>& lines) {
  const std::string_view kind = f.ipv6 ? "v6tov6" : "v4tov4";
  lines.push_back("# or Windows:");
  lines.push_back(base::StrCat(
      "netsh interface portproxy add ", kind, " listenport=", f.port,
      " connectaddress=", f.host, " connectport=", f.host_port));
  lines.push_back(base::StrCat(
      "netsh advfirewall firewall add rule name=landwaiter-", f.port,
      " dir=in action=allow protocol=TCP localport=", f.port));
}

}  // namespace

std::vector<std::string> ForwarderCommands(const api::ImageRegistry& registry) {
  std::vector<std::string> lines;
  if (registry.connect_ip.empty()) return lines;
  const std::optional<Forwarding> forwarding = ForwardingOf(registry);
  if (!forwarding) return lines;
  AddFirewallCmd(*forwarding, lines);
  AddIptables(*forwarding, lines);
  AddNetsh(*forwarding, lines);
  return lines;
}

}  // namespace landwaiter::jobs
