// The simulator against a real GitLab container registry: every recorded
// exchange is asked of a simulator that holds the same things, or stands in
// kLeftOut with the reason why not.
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/clock.h"
#include "core/base/strings.h"
#include "core/model/digest.h"
#include "gtest/gtest.h"
#include "tests/support/registries/gitlab/simulator.h"
#include "tests/support/registries/recorded_exchange.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using nlohmann::json;
using test::Answer;
using test::RecordedExchange;
using test::SeenRequest;
using test::gitlab::Content;
using test::gitlab::Repository;

struct LeftOut {
  int from, to;  // numbers of files
  const char* reason;
};
constexpr LeftOut kLeftOut[] = {
    {22, 24, "sizes of whole repositories: the client asks for none"},
    {29, 32, "sizes of whole repositories"},
    {38, 38, "sizes of whole repositories"},
    {81, 84, "orders that the client does not ask for"},
    {86, 89, "orders that the client does not ask for"},
    {90, 92, "referrers in a list, which the client does not ask for"},
    {110, 112, "the platforms in a tag's detail: the client reads manifests"},
    {117, 120, "the platforms in a tag's detail: the client reads manifests"},
    {157, 157, "a stand-in answered, not GitLab"},
    {246, 246, "several ranges in one request, which the client never sends"},
    {267, 267, "a blob of 95 MB"},
    {270, 299,
     "pushes and deletions, and what is left after them: the client "
     "only reads"},
};

bool IsLeftOut(int number) {
  for (const LeftOut& left : kLeftOut) {
    if (number >= left.from && number <= left.to) return true;
  }
  return false;
}

bool IsWhole(const std::string& body) {
  return !base::Contains(body, "<... cut by the recorder") &&
         !body.starts_with("<binary body");
}

std::string HeaderOf(const Answer& answer, const char* name) {
  const std::string* value = http::FindHeader(answer.headers, name);
  return value == nullptr ? "" : *value;
}

// What the recorded server held, put together from what it answered.
class Recorded {
 public:
  explicit Recorded(const std::vector<RecordedExchange>& exchanges) {
    for (const RecordedExchange& exchange : exchanges) Learn(exchange);
    content.repositories["group/other"];
    content.repositories["solo/app"];
    for (const std::string& path : shown_) {
      if (content.repositories[path].tags.empty()) AddTag(path, "some");
    }
  }

  Content content;

 private:
  std::vector<std::string> shown_;  // in lists of repositories with tags

  static std::string PathIn(const std::string& target, const char* before,
                            const char* after) {
    const size_t from = std::string_view(before).size();
    const size_t to = target.find(after);
    return target.starts_with(before) && to != target.npos && to > from
               ? target.substr(from, to - from)
               : "";
  }

  void Learn(const RecordedExchange& exchange) {
    const int number = std::atoi(exchange.name.c_str());
    if (exchange.answer.status != 200 || number >= 270) return;
    const std::string& target = exchange.request.target;
    const std::string& body = exchange.answer.body;
    if (std::string path = PathIn(target, "/v2/", "/manifests/");
        !path.empty()) {
      Keep(path, HeaderOf(exchange.answer, "Docker-Content-Digest"),
           HeaderOf(exchange.answer, "Content-Type"), body);
    }
    if (std::string path = PathIn(target, "/v2/", "/blobs/"); !path.empty()) {
      const std::string digest =
          HeaderOf(exchange.answer, "Docker-Content-Digest");
      std::string& blob = content.repositories[path].blobs[digest];
      if (blob.empty())
        blob = IsWhole(body) && !body.empty() ? body : std::string(46, 'x');
    }
    const json parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return;
    if (target == "/v2/_catalog") {
      for (const json& name : parsed["repositories"]) {
        content.repositories[name.get<std::string>()];
      }
    }
    if (parsed.is_object() && parsed.contains("path")) LearnDetails(parsed);
    if (parsed.is_object() && parsed.contains("tags") &&
        parsed["tags"].is_array()) {
      for (const json& tag : parsed["tags"]) AddTag(parsed["name"], tag);
    }
    if (!parsed.is_array()) return;
    const std::string path =
        PathIn(target, "/gitlab/v1/repositories/", "/tags/list/");
    for (const json& row : parsed) {
      if (path.empty()) {
        LearnDetails(row);
        shown_.push_back(row["path"]);
      } else {
        LearnTag(path, row);
      }
    }
  }

  void LearnDetails(const json& row) {
    if (row.value("created_at", "").empty()) return;
    Repository& repository =
        content.repositories[row["path"].get<std::string>()];
    repository.created_at = row["created_at"];
    if (row.contains("last_published_at")) {
      repository.last_published_at = row["last_published_at"];
    }
  }

  void LearnTag(const std::string& path, const json& row) {
    const std::string digest = row["digest"];
    Keep(path, digest, row["media_type"], "");
    Repository& repository = content.repositories[path];
    auto& manifest = repository.manifests[digest];
    manifest.size_bytes = row["size_bytes"];
    manifest.config_digest = row.value("config_digest", "");
    repository.tags[row["name"]] = {.digest = digest,
                                    .created_at = row["created_at"],
                                    .updated_at = row.value("updated_at", "")};
  }

  void Keep(const std::string& path, const std::string& digest,
            const std::string& media_type, const std::string& bytes) {
    auto& manifest = content.repositories[path].manifests[digest];
    manifest.media_type = media_type;
    if (manifest.bytes.empty()) manifest.bytes = bytes;
  }

  // Of many like tags, and of repositories that nothing else was asked of,
  // only the names are known.
  void AddTag(const std::string& path, const std::string& tag) {
    Repository& repository = content.repositories[path];
    if (repository.tags.contains(tag)) return;
    if (repository.tags.empty()) repository.manifests["sha256:0"];
    const std::string digest = repository.manifests.begin()->first;
    repository.tags[tag] = {.digest = digest,
                            .created_at = repository.created_at};
  }
};

class GitLabReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* corpus = std::getenv("LANDWAITER_CORPUS");
    if (corpus == nullptr) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
    exchanges_ = test::ReadExchanges(std::string(corpus) + "/gitlab-registry");
    Recorded recorded(exchanges_);
    simulator_ = std::make_unique<test::gitlab::Simulator>(
        clock_, std::move(recorded.content));
    auto& web = simulator_->content.repositories["group/sub/project/web"];
    docker_list_ = web.tags.extract("docker-list");
  }

  // The recorder wrote what a token was instead of the token.
  SeenRequest WithToken(SeenRequest request) {
    for (auto& [name, value] : request.headers) {
      if (!base::EqualsIgnoreCase(name, "Authorization")) continue;
      const size_t access = value.find("access: ");
      if (!value.starts_with("Bearer <good token") || access == value.npos) {
        continue;  // garbage, or Basic
      }
      std::string list = value.substr(access + 8);
      list.pop_back();
      test::gitlab::Access entries;
      for (const std::string_view entry : base::Split(list, '|')) {
        if (entry != "(none)") entries.emplace_back(base::Strip(entry));
      }
      value = "Bearer " + simulator_->MakeToken(entries);
    }
    return request;
  }

  // A header with the addresses of the recording in place of the simulator's.
  std::string Comparable(std::string value) {
    const std::string here = simulator_->gitlab_url().Origin();
    if (const size_t at = value.find(here); at != value.npos) {
      value.replace(at, here.size(), "http://127.0.0.1:5592");
    }
    return value;
  }

  void Compare(const RecordedExchange& exchange) {
    const Answer& want = exchange.answer;
    const Answer got = simulator_->AskRegistry(WithToken(exchange.request));
    EXPECT_EQ(got.status, want.status);
    for (const char* header : {"WWW-Authenticate", "Link", "Location",
                               "Docker-Content-Digest", "Etag", "Content-Range",
                               "Allow", "Gitlab-Container-Registry-Version"}) {
      EXPECT_EQ(Comparable(HeaderOf(got, header)), HeaderOf(want, header))
          << header;
    }
    if (want.status != 304 && want.status != 204) {
      EXPECT_EQ(got.content_type, HeaderOf(want, "Content-Type"));
    }
    if (exchange.request.method == "HEAD" || !IsWhole(want.body)) return;
    const json mine = json::parse(got.body, nullptr, false);
    const json theirs = json::parse(want.body, nullptr, false);
    if (theirs.is_discarded()) {
      EXPECT_EQ(base::Strip(got.body), base::Strip(want.body));
    } else {
      EXPECT_EQ(mine, theirs);
    }
  }

  base::FakeClock clock_;
  std::vector<RecordedExchange> exchanges_;
  std::unique_ptr<test::gitlab::Simulator> simulator_;
  std::map<std::string, test::gitlab::Tag>::node_type docker_list_;
};

TEST_F(GitLabReplayTest, TheSimulatorAnswersAsTheRecordedServerDid) {
  ASSERT_EQ(exchanges_.size(), 257u);
  int replayed = 0;
  for (const RecordedExchange& exchange : exchanges_) {
    const int number = std::atoi(exchange.name.c_str());
    if (IsLeftOut(number)) continue;
    if (number > 260 && !docker_list_.empty()) {  // pushed at that time
      simulator_->content.repositories["group/sub/project/web"].tags.insert(
          std::move(docker_list_));
    }
    SCOPED_TRACE(exchange.name);
    Compare(exchange);
    ++replayed;
  }
  EXPECT_EQ(replayed, 198);
}

}  // namespace
}  // namespace landwaiter::agent::registry::gitlab
