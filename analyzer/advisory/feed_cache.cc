#include "analyzer/advisory/feed_cache.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/feed_state_json.h"
#include "analyzer/advisory/oci_artifact.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/base/version.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr absl::Duration kForgetAfter = absl::Hours(24 * 30);
constexpr size_t kDigestInName = 16;
constexpr size_t kLongestError = 500;

// Whose reading the streams are: another release may read otherwise.
std::string ReaderVersion() {
  return base::StrCat(base::Strip(StreamMagic()), " ", base::Version());
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The file is the old one or the new one, whenever the power fails.
absl::Status WriteWhole(const std::string& path, const std::string& text) {
  const std::string temporary = base::StrCat(path, ".", getpid(), ".tmp");
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(temporary, path, error);
  if (out && !error) return absl::OkStatus();
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return absl::ResourceExhaustedError(base::StrCat(path, " cannot be written"));
}

// Removes the file when it goes.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

absl::Status NothingReadable(const FeedCounts& counts) {
  return absl::InvalidArgumentError(
      base::StrCat("none of ", counts.records, " records could be read",
                   counts.examples.empty() ? "" : "; the first: ",
                   counts.examples.empty() ? "" : counts.examples.front()));
}

absl::StatusOr<http::TlsOptions> WithCa(http::TlsOptions tls,
                                        const std::string& ca_file) {
  if (ca_file.empty()) return tls;
  tls.ca_pem = ReadText(ca_file);
  if (tls.ca_pem.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat("caFile ", ca_file, " cannot be read"));
  }
  return tls;
}

}  // namespace

struct FeedCache::Entry {
  FeedState state;
  std::string reader;  // ReaderVersion()
  std::string source;  // FeedDigest of the files that it was read from
  Validators validators;
};

FeedCache::FeedCache(std::string directory, FetchOptions fetch,
                     FeedLimits limits, base::Clock& clock)
    : directory_(std::move(directory)),
      fetch_(std::move(fetch)),
      limits_(limits),
      clock_(clock) {}

absl::Time FeedCache::Now() const {
  return absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now()));
}

std::string FeedCache::BaseOf(const FeedSpec& spec) const {
  const std::string place =
      base::Sha256Hex(base::StrCat(spec.format, "\n", spec.location));
  return base::StrCat(directory_, "/", spec.name, "-",
                      place.substr(0, kDigestInName));
}

std::string FeedCache::StreamPath(const FeedSpec& spec,
                                  const FeedState& state) const {
  return base::StrCat(BaseOf(spec), "-", state.digest.substr(0, kDigestInName),
                      ".advisories");
}

FeedCache::Entry FeedCache::Load(const FeedSpec& spec) const {
  Entry entry;
  try {
    const json text = json::parse(ReadText(BaseOf(spec) + ".json"));
    entry.state = FeedStateFromJson(text.at("state"));
    text.at("reader").get_to(entry.reader);
    text.at("source").get_to(entry.source);
    text.at("etag").get_to(entry.validators.etag);
    text.at("lastModified").get_to(entry.validators.last_modified);
  } catch (const json::exception&) {
    entry = {};
  }
  std::error_code error;
  const bool usable = entry.reader == ReaderVersion() &&
                      fs::exists(StreamPath(spec, entry.state), error);
  if (!usable) entry = {};
  entry.state.name = spec.name;
  entry.state.format = spec.format;
  entry.state.location = spec.location;
  return entry;
}

absl::Status FeedCache::Save(const FeedSpec& spec, const Entry& entry) const {
  return WriteWhole(BaseOf(spec) + ".json",
                    ToText({{"state", ToJson(entry.state)},
                            {"reader", entry.reader},
                            {"source", entry.source},
                            {"etag", entry.validators.etag},
                            {"lastModified", entry.validators.last_modified}}));
}

FeedState FeedCache::Known(const FeedSpec& spec) const {
  return Load(spec).state;
}

absl::StatusOr<FeedState> FeedCache::Update(const FeedSpec& spec) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) {
    return absl::FailedPreconditionError(base::StrCat(
        "cannot make the directory ", directory_, ": ", error.message()));
  }
  Entry entry = Load(spec);
  const std::string before = entry.state.digest;
  const std::string old_stream = StreamPath(spec, entry.state);
  const absl::Status looked = Look(spec, entry);
  entry.state.error =
      looked.ok()
          ? ""
          : base::Printable(base::ToStd(looked.message()), kLongestError);
  if (looked.ok()) entry.state.checked = Now();
  LANDWAITER_RETURN_IF_ERROR(Save(spec, entry));
  if (!before.empty() && before != entry.state.digest) {
    fs::remove(old_stream, error);
  }
  return entry.state;
}

absl::Status FeedCache::Look(const FeedSpec& spec, Entry& entry) {
  if (IsUrl(spec.location)) return LookAtUrl(spec, entry);
  if (IsArtifact(spec.location)) return LookAtArtifact(spec, entry);
  return LookAtPath(spec, spec.location, entry);
}

absl::Status FeedCache::LookAtUrl(const FeedSpec& spec, Entry& entry) {
  FetchOptions options = fetch_;
  LANDWAITER_ASSIGN_OR_RETURN(options.tls, WithCa(fetch_.tls, spec.ca_file));
  // Named as at the server: what it is packed in shows there.
  const std::string_view name = std::string_view(spec.location)
                                    .substr(spec.location.rfind('/') + 1)
                                    .substr(0, 100);
  const Temporary file(base::StrCat(BaseOf(spec), "-", getpid(), "-fetched-",
                                    name.substr(0, name.find('?'))));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Fetched fetched,
      Fetch(spec.location, file.path(), entry.validators, options, clock_));
  if (!fetched.modified) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(LookAtPath(spec, file.path(), entry));
  entry.validators = fetched.validators;
  return absl::OkStatus();
}

absl::Status FeedCache::LookAtArtifact(const FeedSpec& spec, Entry& entry) {
  LANDWAITER_ASSIGN_OR_RETURN(const ArtifactReference reference,
                              ParseArtifactReference(spec.location));
  ArtifactOptions options;
  options.proxy = fetch_.proxy;
  options.max_bytes = fetch_.max_bytes;
  options.deadline = fetch_.deadline;
  LANDWAITER_ASSIGN_OR_RETURN(options.tls, WithCa(fetch_.tls, spec.ca_file));
  if (!fetch_.docker_config.empty()) {
    absl::StatusOr<RegistryLogin> login =
        ReadDockerLogin(ReadText(fetch_.docker_config), reference.host);
    if (login.ok()) options.login = *std::move(login);
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string digest,
                              ResolveArtifact(reference, options));
  if (digest == entry.validators.etag) return absl::OkStatus();
  const Temporary file(
      base::StrCat(BaseOf(spec), "-", getpid(), "-fetched.advisories"));
  LANDWAITER_ASSIGN_OR_RETURN(entry.validators.etag,
                              PullArtifact(reference, file.path(), options));
  const absl::Status taken = LookAtPath(spec, file.path(), entry);
  if (!taken.ok()) entry.validators.etag.clear();
  return taken;
}

absl::Status FeedCache::LookAtPath(const FeedSpec& spec,
                                   const std::string& path, Entry& entry) {
  const FeedFormat* format = FindFeedFormat(spec.format);
  if (format == nullptr) {
    return absl::InvalidArgumentError(
        base::StrCat("there is no feed format ", base::Printable(spec.format)));
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::string source, FeedDigest(path, *format));
  if (source == entry.source) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(Take(spec, path, entry));
  entry.source = std::move(source);
  return absl::OkStatus();
}

absl::Status FeedCache::Take(const FeedSpec& spec, const std::string& path,
                             Entry& entry) {
  const FeedFormat& format = *FindFeedFormat(spec.format);
  LANDWAITER_ASSIGN_OR_RETURN(const auto collector,
                              FeedCollector::Create(format, directory_));
  const auto reader = format.NewReader();
  LANDWAITER_RETURN_IF_ERROR(
      ReadFeedFiles(path, format, limits_, [&](FeedFile& file) {
        return base::WithContext(reader->Read(file, *collector), file.name());
      }));
  LANDWAITER_RETURN_IF_ERROR(reader->Finish(*collector));
  const Temporary temporary(base::StrCat(BaseOf(spec), "-", getpid(), ".tmp"));
  LANDWAITER_ASSIGN_OR_RETURN(const auto stream,
                              StreamWriter::Create(temporary.path()));
  LANDWAITER_ASSIGN_OR_RETURN(std::string digest,
                              collector->WriteStream(*stream));
  const FeedCounts& counts = collector->counts();
  if (counts.taken + counts.enrichments + counts.withdrawn + counts.empty ==
      0) {
    return NothingReadable(counts);
  }
  FeedState next = entry.state;
  if (next.digest != digest) next.changed = Now();
  next.digest = std::move(digest);
  next.counts = counts;
  std::error_code error;
  fs::rename(temporary.path(), StreamPath(spec, next), error);
  if (error) {
    return absl::ResourceExhaustedError(base::StrCat(
        StreamPath(spec, next), " cannot be written: ", error.message()));
  }
  entry.state = std::move(next);
  entry.reader = ReaderVersion();
  return absl::OkStatus();
}

void FeedCache::Forget(const std::vector<FeedSpec>& specs) {
  std::set<std::string> kept;
  for (const FeedSpec& spec : specs) {
    kept.insert(BaseOf(spec) + ".json");
    const FeedState state = Known(spec);
    if (!state.digest.empty()) kept.insert(StreamPath(spec, state));
  }
  const auto old = fs::file_time_type::clock::now() -
                   std::chrono::seconds(absl::ToInt64Seconds(kForgetAfter));
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (!kept.contains(it->path().string()) &&
        fs::last_write_time(it->path(), ignored) < old) {
      fs::remove(it->path(), ignored);
    }
  }
}

}  // namespace landwaiter::analyzer::advisory
