#ifndef LANDWAITER_ANALYZER_ADVISORY_CPE_PRODUCT_H_
#define LANDWAITER_ANALYZER_ADVISORY_CPE_PRODUCT_H_

#include <optional>
#include <string>
#include <string_view>

// Middleware that is matched by the product that a CPE names: the ecosystem
// "CPE", where a package is "vendor:product".
namespace landwaiter::analyzer::advisory {

// The package whose advisories are those of a product as the agent's
// `software` extractor names it: "apache:http_server" for "httpd". Empty if
// there is none.
std::string_view CpePackageOf(std::string_view software);

// The same for a vendor and product of a CPE, of which several may stand for
// one: "redislabs", "redis" is "redis:redis".
std::string_view CpePackageOf(std::string_view vendor,
                              std::string_view product);

// A CPE 2.3 name, "cpe:2.3:a:nginx:nginx:1.2.3:*:...", without its escapes.
struct Cpe {
  std::string part, vendor, product, version, update, target_software;
};
std::optional<Cpe> ParseCpe(std::string_view name);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CPE_PRODUCT_H_
