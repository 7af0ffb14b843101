#ifndef LANDWAITER_ANALYZER_DETECT_END_OF_LIFE_H_
#define LANDWAITER_ANALYZER_DETECT_END_OF_LIFE_H_

#include <string_view>

namespace landwaiter::analyzer::detect {

// The day on which a release gets its last security update for everybody, as
// "2024-06-30"; empty where it is not known. Whether that day is over is for
// the reader to say: matching knows no clock. Debian's are those of long-term
// support, Ubuntu's those of standard support, Red Hat's and its rebuilds'
// those of maintenance support. `ecosystem` is Target::ecosystem.
std::string_view EndOfLife(std::string_view ecosystem);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_END_OF_LIFE_H_
