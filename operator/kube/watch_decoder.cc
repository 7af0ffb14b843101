#include "operator/kube/watch_decoder.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

std::optional<WatchEventType> TypeOf(std::string_view name) {
  if (name == "ADDED") return WatchEventType::kAdded;
  if (name == "MODIFIED") return WatchEventType::kModified;
  if (name == "DELETED") return WatchEventType::kDeleted;
  if (name == "BOOKMARK") return WatchEventType::kBookmark;
  return std::nullopt;
}

}  // namespace

WatchDecoder::WatchDecoder(size_t max_line, KubeClient::OnEvent on_event)
    : max_line_(max_line), on_event_(on_event) {}

absl::Status WatchDecoder::Feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (partial_.size() + piece.size() > max_line_) {
      return absl::InternalError(
          absl::StrCat("a watch event has more than ", max_line_, " bytes"));
    }
    if (end == std::string_view::npos) {
      partial_.append(piece);
      return absl::OkStatus();
    }
    bytes.remove_prefix(end + 1);
    if (partial_.empty()) {
      LANDWAITER_RETURN_IF_ERROR(Decode(piece));
      continue;
    }
    partial_.append(piece);
    LANDWAITER_RETURN_IF_ERROR(Decode(std::exchange(partial_, {})));
  }
  return absl::OkStatus();
}

absl::Status WatchDecoder::Finish() const {
  if (partial_.empty()) return absl::OkStatus();
  return absl::UnavailableError("the watch ended within an event");
}

absl::Status WatchDecoder::Decode(std::string_view line) {
  if (base::Strip(line).empty()) return absl::OkStatus();
  Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  auto object = parsed.is_object() ? parsed.find("object") : parsed.end();
  if (!parsed.is_object() || object == parsed.end()) {
    return absl::InternalError("the watch sent something that is no event");
  }
  const std::string name = StringAt(parsed, {"type"});
  if (name == "ERROR") return StatusOfObject(*object);
  const std::optional<WatchEventType> type = TypeOf(name);
  if (!type.has_value() || !object->is_object()) {
    return absl::InternalError(absl::StrCat("the watch sent an unknown event: ",
                                            base::Printable(name, 40)));
  }
  return on_event_({*type, std::make_shared<const Json>(std::move(*object))});
}

}  // namespace landwaiter::kube
