#ifndef LANDWAITER_ANALYZER_ADVISORY_UBUNTU_RELEASES_H_
#define LANDWAITER_ANALYZER_ADVISORY_UBUNTU_RELEASES_H_

#include <string>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// The canonical ecosystem of a release or a part of one, as Ubuntu's tracker
// names them: "Ubuntu:16.04" of "xenial", "Ubuntu:Pro:16.04" of
// "esm-infra/xenial" and "trusty/esm". Empty for what is no release of ours.
std::string UbuntuEcosystem(std::string_view release);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_UBUNTU_RELEASES_H_
