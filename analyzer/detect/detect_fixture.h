#ifndef LANDWAITER_ANALYZER_DETECT_DETECT_FIXTURE_H_
#define LANDWAITER_ANALYZER_DETECT_DETECT_FIXTURE_H_

#include <string>
#include <vector>

#include "analyzer/advisory/memory_store.h"
#include "analyzer/detect/detect.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"

// For the tests of detection: an image, and what advisories say.
namespace landwaiter::analyzer::detect {

// {"package": ..., "ranges": ...} of a fix; more members may follow.
inline std::string Fixed(const std::string& ecosystem,
                         const std::string& package, const std::string& version,
                         const std::string& more = "") {
  return R"({"package": {"ecosystem": ")" + ecosystem + R"(", "name": ")" +
         package + R"("}, "ranges": [{"type": "ECOSYSTEM", "events": [
         {"introduced": "0"})" +
         (version.empty() ? "" : R"(, {"fixed": ")" + version + "\"}") + "]}]" +
         more + "}";
}

class DetectTest : public ::testing::Test {
 protected:
  void Advise(const std::string& id, const std::string& affected,
              const std::string& members = "") {
    store_.AddOsv(R"({"id": ")" + id + R"(", "affected": [)" + affected + "]" +
                  members + "}");
  }

  void System(const std::string& id, const std::string& version,
              const std::string& codename = "") {
    inventory_.os = {.id = id, .version_id = version, .codename = codename};
  }

  model::Package& Install(const std::string& type, const std::string& name,
                          const std::string& version,
                          const std::string& source = "",
                          const std::string& source_version = "") {
    model::Package package{.type = type, .name = name, .version = version};
    package.source_name = source.empty() ? name : source;
    package.source_version = source_version.empty() ? version : source_version;
    inventory_.packages.push_back({package, "db", model::Digest::Of("layer")});
    return inventory_.packages.back().package;
  }

  DetectionResult Detect() {
    const auto result = DetectVulnerabilities(inventory_, store_);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(DetectionResult());
  }

  // A package of an application, as an extractor gives it.
  model::Package& InstallApp(const std::string& type, const std::string& name,
                             const std::string& version) {
    model::Package package{.type = type, .name = name, .version = version};
    inventory_.packages.push_back(
        {package, "app/" + name, model::Digest::Of("app")});
    return inventory_.packages.back().package;
  }

  // The only finding there is.
  model::Finding Only() {
    DetectionResult result = Detect();
    EXPECT_EQ(result.findings.size(), 1u);
    return result.findings.empty() ? model::Finding() : result.findings[0];
  }

  // "advisory package installed -> fixed" of each finding.
  std::vector<std::string> Found() {
    const DetectionResult result = Detect();
    std::vector<std::string> lines;
    for (const model::Finding& f : result.findings) {
      lines.push_back(base::StrCat(f.advisory, " ", f.package, " ",
                                   f.installed_version, " -> ",
                                   f.fixed_version));
    }
    return lines;
  }

  advisory::MemoryStore store_;
  model::Inventory inventory_;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_DETECT_FIXTURE_H_
