#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PHP_PHP_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PHP_PHP_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// PHP: vendor/composer/installed.json of Composer 1 (a list) and 2 (an object),
// which is what is installed, and composer.lock. A lock below a vendor folder
// is that of a dependency and says nothing.
class Php : public Formats {
 public:
  Php();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PHP_PHP_H_
