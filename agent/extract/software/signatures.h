#ifndef LANDWAITER_AGENT_EXTRACT_SOFTWARE_SIGNATURES_H_
#define LANDWAITER_AGENT_EXTRACT_SOFTWARE_SIGNATURES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace landwaiter::agent::extract::software {

// How a program tells its version.
enum class Form {
  kBehind,  // right behind `text`
  kBefore,  // right before `text`, at the beginning of a string
  // The largest of three numbers that is a string of its own. For programs
  // that say since when each of their commands is there.
  kLargest,
  // At the end of a string, and of the series that the file's name says:
  // "3.11.2" in libpython3.11.so.1.0.
  kOfSeries,
};

// How to tell a product's version from one of its programs.
struct Signature {
  std::string_view product;
  // Names of files, parted by blanks; a "*" at the end stands for any more.
  std::string_view files;
  Form form;
  std::string_view text;
  int parts = 2;  // numbers that the version has at least
};

// Every one; of several for one product the first that is found counts.
std::span<const Signature> AllSignatures();

// Those for a file of that path, none for most.
std::vector<const Signature*> SignaturesFor(std::string_view path);
bool HasSignature(std::string_view path);

}  // namespace landwaiter::agent::extract::software

#endif  // LANDWAITER_AGENT_EXTRACT_SOFTWARE_SIGNATURES_H_
