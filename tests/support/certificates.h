#ifndef LANDWAITER_TESTS_SUPPORT_CERTIFICATES_H_
#define LANDWAITER_TESTS_SUPPORT_CERTIFICATES_H_

#include <memory>
#include <string>
#include <vector>

namespace landwaiter::test {

// A certificate and its private key, both PEM.
struct CertificateAndKey {
  std::string certificate;
  std::string key;
};

// A certificate authority that lives as long as a test: P-256, one day. A
// defect in here aborts the test.
class TestCa {
 public:
  explicit TestCa(const std::string& common_name = "landwaiter test CA");
  ~TestCa();

  std::string CertificatePem() const;

  struct LeafOptions {
    std::string common_name = "test";
    // "DNS:example.test", "IP:127.0.0.1".
    std::vector<std::string> subject_alt_names = {"DNS:localhost",
                                                  "IP:127.0.0.1"};
    // Validity relative to now, in seconds.
    long not_before = -3600;
    long not_after = 86400;
  };
  CertificateAndKey Issue(const LeafOptions& options) const;
  CertificateAndKey Issue() const { return Issue(LeafOptions{}); }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_CERTIFICATES_H_
