#include "agent/source/image_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/source/redact.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;

// All texts of a config, one behind the other.
std::string Everything(const model::ImageConfig& config) {
  std::string all = config.user + "\n" + config.working_directory + "\n" +
                    config.stop_signal + "\n";
  for (const auto* list : {&config.environment, &config.entrypoint,
                           &config.command, &config.ports, &config.volumes}) {
    for (const std::string& text : *list) all += text + "\n";
  }
  for (const auto& [name, value] : config.labels) {
    all += name + "=" + value + "\n";
  }
  for (const model::HistoryEntry& entry : config.history) {
    all += entry.created_by + "\n" + entry.comment + "\n";
  }
  return all;
}

TEST(ImageConfigTest, WhatAnImageSaysOfItselfIsKept) {
  const model::ImageConfig config = ReadImageConfig(Json::parse(R"({
    "created": "2024-01-02T03:04:05Z",
    "config": {
      "User": "app:app", "WorkingDir": "/srv", "StopSignal": "SIGQUIT",
      "Env": ["PATH=/usr/bin:/bin", "PYTHON_SHA256=0123abcd", "EMPTY="],
      "Entrypoint": ["/entry.sh"], "Cmd": ["serve", "--port", "80"],
      "ExposedPorts": {"80/tcp": {}, "53/udp": {}}, "Volumes": {"/data": {}},
      "Labels": {"org.opencontainers.image.source": "https://example.org/x"}
    },
    "history": [
      {"created": "2024-01-01T00:00:00Z", "created_by": "ADD file:ab in / "},
      {"created_by": "CMD [\"serve\"]", "comment": "buildkit",
       "empty_layer": true}]
  })"));
  EXPECT_EQ(config.created, "2024-01-02T03:04:05Z");
  EXPECT_EQ(config.user, "app:app");
  EXPECT_EQ(config.working_directory, "/srv");
  EXPECT_EQ(config.stop_signal, "SIGQUIT");
  EXPECT_THAT(
      config.environment,
      ElementsAre("PATH=/usr/bin:/bin", "PYTHON_SHA256=0123abcd", "EMPTY="));
  EXPECT_THAT(config.entrypoint, ElementsAre("/entry.sh"));
  EXPECT_THAT(config.command, ElementsAre("serve", "--port", "80"));
  EXPECT_THAT(config.ports, ElementsAre("53/udp", "80/tcp"));
  EXPECT_THAT(config.volumes, ElementsAre("/data"));
  EXPECT_EQ(config.labels.at("org.opencontainers.image.source"),
            "https://example.org/x");
  ASSERT_EQ(config.history.size(), 2u);
  EXPECT_EQ(config.history[0].created_by, "ADD file:ab in / ");
  EXPECT_TRUE(config.history[1].empty_layer);
  EXPECT_FALSE(config.truncated);
}

// Secrets where people have left them. Each holds "hunter", so that one search
// finds what is left.
constexpr const char* kPlanted[] = {
    "RUN |1 DB_PASSWORD=hunter2hunter /bin/sh -c ./migrate",
    "RUN /bin/sh -c export API_KEY='hunter two words' && make",
    "RUN curl -u admin:hunter2hunter https://example.org",
    "RUN curl --user=admin --password hunter2hunter https://example.org",
    "RUN curl -H \"Authorization: Bearer hunter2hunter.x-y\" example.org",
    "RUN git clone https://user:hunter2hunter@example.org/x.git",
    "RUN git clone https://hunterhunterhunter22@example.org/x.git",
    "RUN pip install --extra-index-url=https://u:p%40hunter@pypi.example/s x",
    "RUN echo '{\"password\": \"hunter2hunter\"}' > /config.json",
    "RUN echo \"{\\\"auth\\\": \\\"hunter2hunter==\\\"}\" > /config.json",
    "RUN echo 'secret_key_base: hunter2hunter' >> secrets.yml",
    "RUN echo glpat-hunterhunter2hunter22",
    "RUN echo ghp_hunterhunterhunterhunterhunter22",
    "RUN echo eyJhunterhunterhunterhunter.eyJhunterhunter.hunter_-2",
    "RUN echo -----BEGIN RSA PRIVATE KEY-----\nhunter\n-----END RSA PRIVATE "
    "KEY----- > key",
    "RUN npm config set //registry.example/:_authToken hunter-2 && "
    "NPM_TOKEN=hunter-2 npm ci",
    "ENV AWS_SECRET_ACCESS_KEY=hunter2hunter",
    "ARG aws.secretAccessKey=hunter2hunter",
    "RUN mysql --password=hunter2hunter -e 'select 1'",
    "RUN MYSQL_PWD=hunter2hunter mysql",
};

TEST(ImageConfigTest, PlantedSecretsDoNotLeave) {
  for (const char* planted : kPlanted) {
    Json file;
    file["history"] = {{{"created_by", planted}}};
    const model::ImageConfig config = ReadImageConfig(file);
    const std::string all = Everything(config);
    EXPECT_FALSE(base::Contains(all, "hunter")) << all;
    EXPECT_TRUE(base::Contains(all, kRedacted)) << all;
    // As an argument of a command and as a variable's value, too.
    file = {};
    file["config"]["Cmd"] = {"sh", "-c", planted};
    file["config"]["Env"] = {std::string("NOTE=") + planted};
    file["config"]["Labels"]["note"] = planted;
    EXPECT_FALSE(base::Contains(Everything(ReadImageConfig(file)), "hunter"))
        << planted;
  }
}

TEST(ImageConfigTest, ASecretIsTakenOutWhereverItIsRepeated) {
  const model::ImageConfig config = ReadImageConfig(Json::parse(R"({
    "config": {
      "Env": ["SESSION_SECRET=correct-horse", "OTHER=x-correct-horse-y"],
      "Entrypoint": ["app", "--token", "battery-staple", "--verbose"],
      "Labels": {"build.api-key": "staple", "note": "correct-horse"}
    },
    "history": [{"created_by": "RUN deploy correct-horse",
                 "comment": "with correct-horse"}]
  })"));
  EXPECT_THAT(config.environment,
              ElementsAre("SESSION_SECRET=[redacted]", "OTHER=x-[redacted]-y"));
  EXPECT_THAT(config.entrypoint,
              ElementsAre("app", "--token", "[redacted]", "--verbose"));
  EXPECT_EQ(config.labels.at("build.api-key"), "[redacted]");
  EXPECT_EQ(config.labels.at("note"), "[redacted]");
  EXPECT_EQ(config.history[0].created_by, "RUN deploy [redacted]");
  EXPECT_EQ(config.history[0].comment, "with [redacted]");
}

TEST(ImageConfigTest, WhatIsNoSecretStays) {
  for (const char* text :
       {"RUN /bin/sh -c apt-get update && apt-get install -y curl",
        "ENV PYTHON_VERSION=3.11.4", "CMD [\"nginx\" \"-g\" \"daemon off;\"]",
        "RUN test \"$PASSWORD\" != ''", "COPY --chown=app:app . /app",
        "LABEL maintainer=\"A <a@example.org>\"",
        "RUN wget https://example.org/a@b/c", "ENV GPG_KEY=A035C8C19219BA821E",
        "ENV PWD=/home/app", "RUN export TOKEN=${TOKEN} && use"}) {
    EXPECT_EQ(Redactor().Text(text), text);
  }
}

TEST(ImageConfigTest, NamesOfSecretsAreKnown) {
  for (const char* name :
       {"PASSWORD", "DB_PASS", "--api-key", "npm.token", "AWS_ACCESS_KEY_ID",
        "clientSecret", "SENTRY_DSN", "PGPASSWORD", "Authorization-Token",
        "TLS_PRIVATE_KEY", "MYSQL_PWD", "_authToken"}) {
    EXPECT_TRUE(IsSecretName(name)) << name;
  }
  for (const char* name : {"PATH", "", "PWD", "GPG_KEY", "KEYBOARD", "AUTHOR",
                           "COMPASS", "MONKEY", "LANG", "--"}) {
    EXPECT_FALSE(IsSecretName(name)) << name;
  }
}

TEST(ImageConfigTest, LimitsCutAndSaySo) {
  Json file;
  for (int i = 0; i < 3000; ++i) {
    file["history"].push_back({{"created_by", "RUN " + std::to_string(i)}});
    file["config"]["Env"].push_back("A" + std::to_string(i) + "=b");
  }
  model::ImageConfig config = ReadImageConfig(file);
  EXPECT_EQ(config.history.size(), kMaxConfigItems);
  EXPECT_EQ(config.environment.size(), kMaxConfigItems);
  EXPECT_TRUE(config.truncated);
  file = {};
  for (int i = 0; i < 400; ++i) {
    file["config"]["Env"].push_back("A=" + std::string(10'000, 'y'));
  }
  config = ReadImageConfig(file);
  EXPECT_TRUE(config.truncated);
  EXPECT_LE(Everything(config).size(), kMaxConfigTotal + 2000);
}

// Each would take hours if a byte were looked at as often as there are
// secrets.
TEST(ImageConfigTest, TextsMadeToBeSlowAreNot) {
  for (const char* piece :
       {"pass=", "pass: ", "AKIA/", "PRIVATE KEY", "--token \" ", "://a:b@",
        "bearer ", "token=\"'", "eyJ=", "\"", "-"}) {
    std::string text;
    while (text.size() < 300'000) text += piece;
    Redactor redactor;
    redactor.Learn(text);
    EXPECT_FALSE(redactor.Text(text).empty());
  }
}

TEST(ImageConfigTest, OddTypesCountAsEmptyAndTextIsUtf8) {
  const model::ImageConfig config = ReadImageConfig(Json::parse(R"({
    "created": 3, "config": {"User": [], "Env": [1, null, "A=b"], "Cmd": "x",
    "ExposedPorts": [], "Labels": {"a": 1, "b": "c"}}, "history": [1, {}]})"));
  EXPECT_THAT(config.environment, ElementsAre("A=b"));
  EXPECT_EQ(config.labels.size(), 1u);
  EXPECT_EQ(config.history.size(), 1u);
  EXPECT_TRUE(config.command.empty());
  EXPECT_EQ(ReadImageConfig(Json::parse(R"({"config": null})")),
            model::ImageConfig());
}

// A list, or the keys of a map, as an image's config has it; null is empty.
std::vector<std::string> ListOf(const Json& config, const char* name) {
  std::vector<std::string> list;
  if (!config.contains(name)) return list;
  for (const auto& [key, value] : config[name].items()) {
    list.push_back(config[name].is_object() ? key : value.get<std::string>());
  }
  return list;
}

std::string NameOf(const std::string& variable) {
  return variable.substr(0, variable.find('='));
}

TEST(ImageConfigTest, CorpusConfigsComeOutWhole) {
  const char* corpus = std::getenv("LANDWAITER_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  size_t images = 0;
  size_t steps = 0;
  for (const auto& file : std::filesystem::directory_iterator(
           std::string(corpus) + "/dockerfile/history")) {
    std::ifstream in(file.path());
    const Json whole = Json::parse(in).value("config", Json());
    if (!whole.contains("history")) continue;
    SCOPED_TRACE(file.path().filename().string());
    const Json settings = whole.value("config", Json::object());
    const model::ImageConfig config = ReadImageConfig(whole);
    EXPECT_FALSE(config.truncated);
    EXPECT_EQ(config.created, whole.value("created", ""));
    EXPECT_EQ(config.user, settings.value("User", ""));
    EXPECT_EQ(config.working_directory, settings.value("WorkingDir", ""));
    EXPECT_EQ(config.entrypoint, ListOf(settings, "Entrypoint"));
    EXPECT_EQ(config.command, ListOf(settings, "Cmd"));
    EXPECT_EQ(config.ports, ListOf(settings, "ExposedPorts"));
    EXPECT_EQ(config.volumes, ListOf(settings, "Volumes"));
    EXPECT_EQ(config.labels.size(), ListOf(settings, "Labels").size());
    const auto variables = ListOf(settings, "Env");
    ASSERT_EQ(config.environment.size(), variables.size());
    for (size_t i = 0; i < variables.size(); ++i) {
      EXPECT_EQ(NameOf(config.environment[i]), NameOf(variables[i]));
    }
    ASSERT_EQ(config.history.size(), whole["history"].size());
    for (size_t i = 0; i < config.history.size(); ++i) {
      EXPECT_EQ(config.history[i].empty_layer,
                whole["history"][i].value("empty_layer", false));
      EXPECT_EQ(config.history[i].created_by.empty(),
                whole["history"][i].value("created_by", "").empty());
    }
    steps += config.history.size();
    ++images;
  }
  EXPECT_GE(images, 33u);
  EXPECT_GT(steps, 100u);
}

}  // namespace
}  // namespace landwaiter::agent::source
