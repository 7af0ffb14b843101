#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_TESTING_DATABASES_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_TESTING_DATABASES_H_

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

// Makes small rpm databases for tests and seeds.
namespace landwaiter::agent::extract::os::testing {

// Appends a number of `size` bytes.
void Put(std::string& out, uint64_t number, int size, std::endian order);

// What goes into a header; an empty text leaves the tag out.
struct HeaderSpec {
  std::string name = "bash";
  std::string version = "5.1.8";
  std::string release = "6.el9";
  uint32_t epoch = 0;
  std::string arch = "x86_64";
  std::string source_rpm = "bash-5.1.8-6.el9.src.rpm";
  std::string license = "GPLv3+";
  std::string vendor = "Us";
  std::string module;
  // Data that no tag points to, to make the header long.
  uint64_t padding = 0;
};
std::string MakeHeader(const HeaderSpec& spec);

// A Berkeley DB hash with each header in overflow pages, or on its hash page
// if it fits `page_size` / 4; page 1 counts the records as rpm has it.
std::string MakeBdb(const std::vector<std::string>& headers,
                    std::endian order = std::endian::little,
                    uint32_t page_size = 4096);

std::string MakeNdb(const std::vector<std::string>& headers);

// By SQLite itself. `pragmas` is SQL that comes first
// ("PRAGMA page_size = 512").
std::string MakeSqlite(const std::vector<std::string>& headers,
                       const std::string& pragmas = "");

}  // namespace landwaiter::agent::extract::os::testing

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_TESTING_DATABASES_H_
