#ifndef LANDWAITER_ANALYZER_ADVISORY_PHP_FRIENDS_OF_PHP_H_
#define LANDWAITER_ANALYZER_ADVISORY_PHP_FRIENDS_OF_PHP_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "friendsofphp": https://github.com/FriendsOfPHP/security-advisories, a flaw
// of a Composer package in each <vendor>/<package>/<id>.yaml. Its id is the
// CVE, else the path.
const FeedFormat& FriendsOfPhp();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_PHP_FRIENDS_OF_PHP_H_
