#ifndef LANDWAITER_TESTS_BENCH_CHILD_H_
#define LANDWAITER_TESTS_BENCH_CHILD_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace landwaiter::bench {

// A program that runs beside this one, with all that it writes in a file. Ends
// with the object.
class Child {
 public:
  // Ends this program if it cannot be started.
  Child(const std::vector<std::string>& command, const std::string& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool Runs();
  // Looks at the program while it runs; what it has used is as of then.
  void Look();
  double peak_mebibytes() const { return peak_mebibytes_; }  // in memory
  double cpu_seconds() const { return cpu_seconds_; }

 private:
  pid_t pid_ = -1;
  double peak_mebibytes_ = 0;
  double cpu_seconds_ = 0;
};

}  // namespace landwaiter::bench

#endif  // LANDWAITER_TESTS_BENCH_CHILD_H_
