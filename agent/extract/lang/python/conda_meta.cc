#include "agent/extract/lang/python/conda_meta.h"

#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

class MetaHandler : public text::TreeHandler {
 public:
  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"name"})) package.name = text;
    if (path.Is({"version"})) package.version = text;
    if (path.Is({"subdir"})) package.architecture = text;
    if (path.Is({"license"}) && !text.empty()) {
      package.licenses = {std::string(text)};
    }
    return absl::OkStatus();
  }

  model::Package package;
};

}  // namespace

absl::Status ReadCondaMeta(std::string_view, File& file,
                           PackageList& packages) {
  MetaHandler handler;
  const absl::Status status = Conclude(text::ReadJson(file, handler), packages);
  if (!status.ok()) return status;
  handler.package.type = "conda";
  return Keep(std::move(handler.package), packages);
}

}  // namespace landwaiter::agent::extract::lang
