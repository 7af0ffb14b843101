#ifndef LANDWAITER_CORE_HTTP_NO_PROXY_H_
#define LANDWAITER_CORE_HTTP_NO_PROXY_H_

#include <string_view>

namespace landwaiter::http {

// Whether `host` (a name or a numeric address) is to be reached without the
// proxy, by a list as curl and Go read NO_PROXY: comma-separated names (which
// stand for their subdomains too), ".suffix" (subdomains only), addresses,
// CIDR blocks, each with an optional ":port", and "*" for everything.
bool BypassesProxy(std::string_view no_proxy, std::string_view host, int port);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_NO_PROXY_H_
