#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_MEMBER_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_MEMBER_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/extract/archive/budget.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::archive {

// One member of an archive, read where it lies. Memory does not depend on its
// size. Damage in the archive is no error of a read: the member ends early,
// and damage() says why.
class Member : public File {
 public:
  // What was found wrong so far; empty if nothing.
  virtual std::string_view damage() const = 0;
};

// A part of a file, as it is. REQUIRES: it lies within the file, which must
// outlive the member.
std::unique_ptr<Member> NewStoredMember(File& file, uint64_t offset,
                                        uint64_t size);

// A part of a file that is deflated (RFC 1951) and has `size` bytes inflated.
// Reading forward inflates; reading back starts over. What is inflated is paid
// for out of `budget`, and once that is spent the member ends. Both must
// outlive the member.
std::unique_ptr<Member> NewDeflatedMember(File& file, uint64_t offset,
                                          uint64_t compressed_size,
                                          uint64_t size, Budget& budget);

}  // namespace landwaiter::agent::extract::archive

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_MEMBER_H_
