#include "operator/run/component_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <sstream>

#include "core/base/strings.h"
#include "core/base/version.h"

namespace landwaiter::run {
namespace {

using ::testing::HasSubstr;

class ComponentCommandTest : public testing::Test {
 protected:
  // What the program writes for these arguments, as if it were run.
  void Run(std::vector<std::string> arguments) {
    CLI::App app("test");
    AddComponentCommand(app, out_, errors_, status_);
    std::reverse(arguments.begin(), arguments.end());
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      status_ = app.exit(error, out_, errors_) == 0 ? 0 : 2;
    }
  }

  std::ostringstream out_;
  std::ostringstream errors_;
  int status_ = -1;
};

TEST_F(ComponentCommandTest, WritesTheLinesForDocker) {
  Run({"component", "commands", "--registry", "harbor.example.com", "--project",
       "library", "--image", "release.example/agent:1"});
  EXPECT_EQ(status_, 0);
  EXPECT_THAT(out_.str(), HasSubstr("docker pull release.example/agent:1\n"));
  EXPECT_THAT(out_.str(),
              HasSubstr(base::StrCat("docker push harbor.example.com/library/"
                                     "landwaiter-agent:",
                                     base::Version(), "\n")));
}

TEST_F(ComponentCommandTest, SkopeoIsAChoiceAndHttpIsSeenInAUrl) {
  Run({"component", "commands", "--registry", "http://h:5000/", "--project",
       "p", "--image", "i", "--tool", "skopeo"});
  EXPECT_EQ(status_, 0);
  EXPECT_THAT(out_.str(), HasSubstr("skopeo copy --all --preserve-digests "
                                    "--dest-tls-verify=false"));
  EXPECT_THAT(out_.str(), HasSubstr("docker://h:5000/p/landwaiter-agent:"));
}

TEST_F(ComponentCommandTest, ImageIsThatOfTheConfiguration) {
  const std::string path = testing::TempDir() + "/component.yaml";
  std::ofstream(path) << "scanPods: {image: mirror.example/agent@sha256:0}\n";
  Run({"component", "commands", "--registry", "h", "--project", "p", "--config",
       path});
  EXPECT_EQ(status_, 0) << errors_.str();
  EXPECT_THAT(out_.str(),
              HasSubstr("docker pull mirror.example/agent@sha256:0\n"));
}

TEST_F(ComponentCommandTest, WhatIsMissingIsNamed) {
  Run({"component", "commands", "--registry", "h", "--project", "p", "--config",
       "/nowhere.yaml"});
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(errors_.str(), HasSubstr("--image"));
  Run({"component", "commands", "--registry", "h"});
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(errors_.str(), HasSubstr("--project"));
  Run({"component", "commands", "--registry", "h", "--project", "p", "--image",
       "i", "--tool", "podman"});
  EXPECT_EQ(status_, 2);
}

TEST_F(ComponentCommandTest, HelpNamesEveryOptionAndAnExample) {
  Run({"component", "commands", "--help"});
  EXPECT_EQ(status_, 0);
  for (const char* part : {"--registry", "--project", "--tool", "skopeo",
                           "--http", "--image", "--config", "kubectl exec"}) {
    EXPECT_THAT(out_.str(), HasSubstr(part));
  }
}

}  // namespace
}  // namespace landwaiter::run
