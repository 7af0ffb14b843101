#include "analyzer/advisory/alpine/secdb.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/advisory/document.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/record_text.h"
#include "analyzer/version/apk.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "v3.12" is "Alpine:v3.12"; the others have a single release.
std::string EcosystemOf(const Node& root) {
  const std::string& release = root.TextOf("distroversion");
  if (release.starts_with("v") || release == "edge") {
    return base::StrCat("Alpine:", release);
  }
  const std::string& prefix = root.TextOf("urlprefix");
  static constexpr std::pair<std::string_view, std::string_view> kHosts[] = {
      {"packages.wolfi.dev", "Wolfi"},
      {"packages.cgr.dev", "Chainguard"},
      {"packages.mini.dev", "MinimOS"}};
  for (const auto& [host, ecosystem] : kHosts) {
    if (base::Contains(prefix, host)) return std::string(ecosystem);
  }
  FailField("distroversion", "is of no distribution that is known");
}

// "CVE-2018-1 XSA-263" is one flaw by two names; "CVE_2019-2426" and
// "CVE 2018-16859" are slips, and "(+ regression fix)" is no name.
struct Names {
  std::vector<std::string> ids, others;
};
bool IsLetter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool IsName(std::string_view word) {
  const size_t dash = word.find('-');
  return dash != word.npos && dash + 1 < word.size() && word.size() <= 60 &&
         IsLetter(word.front()) &&
         word.find_first_of("0123456789") != word.npos;
}
Names NamesOf(std::string text) {
  for (size_t place = 0; (place = text.find("CVE", place)) != text.npos;) {
    place += 3;
    const bool slip =
        text.substr(place, 1) == "_" ||
        (text.substr(place, 1) == " " && place + 1 < text.size() &&
         text[place + 1] >= '0' && text[place + 1] <= '9');
    if (slip) text[place] = '-';
  }
  Names names;
  for (const std::string_view word : base::Split(text, ' ')) {
    const std::string name(base::Strip(word));
    if (!IsName(name)) continue;
    (name.starts_with("CVE-") ? names.ids : names.others).push_back(name);
  }
  if (names.ids.empty() && !names.others.empty()) {
    names.ids.push_back(std::move(names.others.front()));
    names.others.erase(names.others.begin());
  }
  return names;
}

void AddAlias(const std::string& name, std::vector<std::string>& aliases) {
  constexpr size_t kMaxAliases = 50;
  if (aliases.size() < kMaxAliases &&
      std::find(aliases.begin(), aliases.end(), name) == aliases.end()) {
    aliases.push_back(name);
  }
}

// What one file says, by flaw.
class Release {
 public:
  explicit Release(std::string ecosystem) : ecosystem_(std::move(ecosystem)) {}

  void Add(const Node& package, std::string_view where, FeedSink& sink) {
    const std::string& name = package.TextOf("name");
    CheckName(ecosystem_, name);
    const Node* fixes = package.Find("secfixes");
    if (fixes == nullptr || (fixes->leaf && fixes->text.empty())) return;
    if (fixes->leaf) FailField("secfixes", "is no map");
    // What is fixed twice is fixed by the later one.
    std::map<std::string, std::string> fixed_in;
    for (const Node& fix : fixes->items) {
      for (const std::string& text : fix.Texts(fix.key)) {
        const Names names = NamesOf(text);
        if (names.ids.empty()) {
          sink.Skip(where, RecordProblem::kBadField,
                    base::StrCat(name, ": no id: ", base::Printable(text)));
        }
        for (const std::string& id : names.ids) {
          for (const std::string& other : names.others) {
            AddAlias(other, aliases_[id]);
          }
          auto [place, added] = fixed_in.try_emplace(id, fix.key);
          if (!added && version::CompareApk(place->second, fix.key) < 0) {
            place->second = fix.key;
          }
        }
      }
    }
    for (const auto& [id, version] : fixed_in) AddEntry(id, name, version);
  }

  absl::Status Deliver(FeedSink& sink) {
    for (auto& [id, entries] : flaws_) {
      Advisory advisory;
      advisory.details.id = id;
      advisory.details.aliases = aliases_[id];
      if (id.starts_with("CVE-") && ecosystem_.starts_with("Alpine")) {
        AddReference(base::StrCat("https://security.alpinelinux.org/vuln/", id),
                     advisory.details.references);
      }
      advisory.affected = std::move(entries);
      LANDWAITER_RETURN_IF_ERROR(sink.Add(std::move(advisory)));
    }
    return absl::OkStatus();
  }

 private:
  void AddEntry(const std::string& id, const std::string& name,
                const std::string& version) {
    Affected& affected = flaws_[id].emplace_back();
    affected.ecosystem = ecosystem_;
    affected.package = name;
    if (version == "0") {
      affected.standing = Standing::kNotAffected;
      affected.ranges = {WholeRange()};
    } else {
      affected.ranges = {RangeBefore(version)};
    }
  }

  const std::string ecosystem_;
  std::map<std::string, std::vector<Affected>> flaws_;
  std::map<std::string, std::vector<std::string>> aliases_;
};

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                                file.ReadAll(kMaxRecord));
    try {
      const Node root = ParseJsonOrYaml(text);
      const Node* packages = root.Find("packages");
      if (packages == nullptr || (packages->leaf && !packages->text.empty())) {
        FailField("packages", "is no list");
      }
      Release release(EcosystemOf(root));
      for (const Node& item : packages->items) {
        LANDWAITER_RETURN_IF_ERROR(ReadRecord(file.name(), sink, [&] {
          const Node* package = item.Find("pkg");
          if (package == nullptr) FailField("packages", "has no pkg");
          release.Add(*package, file.name(), sink);
          return absl::OkStatus();
        }));
      }
      return release.Deliver(sink);
    } catch (const BrokenRecord& broken) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(file.name()), ": ", broken.message));
    }
  }
};

class Secdb : public FeedFormat {
 public:
  std::string_view name() const override { return "alpine-secdb"; }
  std::string_view description() const override {
    return "Alpine's secdb and its like: https://secdb.alpinelinux.org, "
           "https://packages.wolfi.dev/os/security.json, "
           "https://packages.cgr.dev/chainguard/security.json";
  }
  bool Reads(std::string_view name) const override {
    return name.ends_with(".json") || name.ends_with(".yaml");
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& AlpineSecdb() {
  static const Secdb kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
