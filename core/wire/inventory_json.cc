#include "core/wire/inventory_json.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxSize = size_t{256} << 20;
constexpr int kMaxDepth = 16;

void Set(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void Set(Json& object, const char* key, bool value) {
  if (value) object[key] = true;
}

void Set(Json& object, const char* key, const std::vector<std::string>& list) {
  if (!list.empty()) object[key] = list;
}

void SetConfig(Json& image, const model::ImageConfig& config) {
  Set(image, "environment", config.environment);
  Set(image, "entrypoint", config.entrypoint);
  Set(image, "command", config.command);
  Set(image, "ports", config.ports);
  Set(image, "volumes", config.volumes);
  if (!config.labels.empty()) image["labels"] = config.labels;
  Set(image, "workingDirectory", config.working_directory);
  Set(image, "stopSignal", config.stop_signal);
  for (const model::HistoryEntry& entry : config.history) {
    Json step = Json::object();
    Set(step, "created", entry.created);
    Set(step, "createdBy", entry.created_by);
    Set(step, "comment", entry.comment);
    Set(step, "emptyLayer", entry.empty_layer);
    image["history"].push_back(std::move(step));
  }
  Set(image, "truncated", config.truncated);
}

Json ImageToJson(const model::Inventory& inventory) {
  Json image = Json::object();
  Set(image, "reference", inventory.reference);
  Set(image, "digest", inventory.manifest.text());
  Set(image, "platform", inventory.config.platform.ToString());
  Set(image, "created", inventory.config.created);
  Set(image, "user", inventory.config.user);
  SetConfig(image, inventory.config);
  return image;
}

Json ToJson(const model::OsRelease& os) {
  Json json = Json::object();
  Set(json, "id", os.id);
  Set(json, "idLike", os.id_like);
  Set(json, "versionId", os.version_id);
  Set(json, "codename", os.codename);
  Set(json, "prettyName", os.pretty_name);
  Set(json, "cpeName", os.cpe_name);
  return json;
}

Json ToJson(const model::LayerRef& layer) {
  Json json = Json::object();
  Set(json, "digest", layer.blob.digest.text());
  Set(json, "diffId", layer.diff_id.text());
  json["size"] = layer.blob.size;
  Set(json, "mediaType", layer.blob.media_type);
  return json;
}

Json ToJson(const model::InstalledPackage& installed) {
  const model::Package& package = installed.package;
  Json json = Json::object();
  Set(json, "type", package.type);
  Set(json, "name", package.name);
  Set(json, "version", package.version);
  Set(json, "arch", package.architecture);
  Set(json, "sourceName", package.source_name);
  Set(json, "sourceVersion", package.source_version);
  Set(json, "module", package.module);
  Set(json, "vendor", package.vendor);
  if (!package.licenses.empty()) json["licenses"] = package.licenses;
  Set(json, "path", installed.path);
  Set(json, "location", package.location);
  Set(json, "declared", package.declared);
  Set(json, "development", package.development);
  Set(json, "owned", installed.owned);
  Set(json, "layer", installed.layer.text());
  return json;
}

Json ToJson(const model::File& file) {
  Json json = Json::object();
  json["path"] = file.path;
  json["kind"] = file.kind;
  char mode[8];
  std::snprintf(mode, sizeof(mode), "%04o", file.mode & 07777);
  json["mode"] = mode;
  json["uid"] = file.uid;
  json["gid"] = file.gid;
  if (!file.sha256.empty()) json["size"] = file.size;
  Set(json, "sha256", file.sha256);
  Set(json, "capability", file.capability);
  Set(json, "arch", file.architecture);
  Set(json, "target", file.target);
  if (file.major != 0 || file.minor != 0) {
    json["device"] = base::StrCat(file.major, ":", file.minor);
  }
  Set(json, "layer", file.layer.text());
  return json;
}

std::string Dump(const Json& json) {
  return json.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

// Writes an array, one item in memory at a time.
class ArrayWriter {
 public:
  explicit ArrayWriter(JsonSink write) : write_(write) { write_("["); }
  template <typename Item>
  void Add(const Item& item) {
    if (!std::exchange(empty_, false)) write_(",");
    write_(Dump(ToJson(item)));
  }
  void End() { write_("]"); }

 private:
  const JsonSink write_;
  bool empty_ = true;
};

template <typename Items>
void WriteArray(const Items& items, JsonSink write) {
  ArrayWriter array(write);
  for (const auto& item : items) array.Add(item);
  array.End();
}

// Reads the members of one object and knows its place ("packages[3]"). The
// first thing that is wrong is kept; what is read after it is empty.
class Reader {
 public:
  Reader(const Json& object, std::string place, absl::Status& status)
      : object_(object), place_(std::move(place)), status_(status) {
    if (!object_.is_object()) Fail("", "must be an object");
  }

  std::string Text(const char* key) {
    const Json* value = Find(key);
    if (value == nullptr) return "";
    if (const auto* text = value->get_ptr<const std::string*>()) return *text;
    return Fail(key, "must be a string"), "";
  }

  std::string RequiredText(const char* key) {
    std::string text = Text(key);
    if (text.empty()) Fail(key, "is missing");
    return text;
  }

  model::Digest Digest(const char* key) {
    const std::string text = Text(key);
    if (text.empty()) return {};
    absl::StatusOr<model::Digest> digest = model::Digest::Parse(text);
    if (digest.ok()) return *digest;
    return Fail(key, base::ToStd(digest.status().message())), model::Digest();
  }

  bool Flag(const char* key) {
    const Json* value = Find(key);
    if (value == nullptr) return false;
    if (value->is_boolean()) return value->get<bool>();
    return Fail(key, "must be true or false"), false;
  }

  uint64_t Unsigned(const char* key) {
    const Json* value = Find(key);
    if (value == nullptr) return 0;
    if (value->is_number_unsigned()) return value->get<uint64_t>();
    return Fail(key, "must be a whole number from 0"), 0;
  }

  std::vector<std::string> Texts(const char* key) {
    std::vector<std::string> texts;
    ForEach(key, [&](const Json& item, const std::string& place) {
      if (const auto* text = item.get_ptr<const std::string*>()) {
        texts.push_back(*text);
      } else {
        FailAt(place, "must be a string");
      }
    });
    return texts;
  }

  std::map<std::string, std::string> TextsByName(const char* key) {
    std::map<std::string, std::string> texts;
    const Json* value = Find(key);
    if (value == nullptr) return texts;
    if (!value->is_object()) return Fail(key, "must be an object"), texts;
    for (const auto& item : value->items()) {
      if (const auto* text = item.value().get_ptr<const std::string*>()) {
        texts[item.key()] = *text;
      } else {
        Fail(key, "must have strings alone");
      }
    }
    return texts;
  }

  // Calls `read` with a reader of each object in the list.
  template <typename Read>
  void Objects(const char* key, Read read) {
    ForEach(key, [&](const Json& item, const std::string& place) {
      Reader reader(item, place, status_);
      if (status_.ok()) read(reader);
    });
  }

  template <typename Read>
  void Object(const char* key, Read read) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    Reader reader(*value, PlaceOf(key), status_);
    if (status_.ok()) read(reader);
  }

 private:
  template <typename Visit>
  void ForEach(const char* key, Visit visit) {
    const Json* list = Find(key);
    if (list == nullptr) return;
    if (!list->is_array()) return Fail(key, "must be an array");
    for (size_t i = 0; i < list->size() && status_.ok(); ++i) {
      visit((*list)[i], base::StrCat(PlaceOf(key), "[", i, "]"));
    }
  }

  // null counts as absent.
  const Json* Find(const char* key) const {
    if (!status_.ok()) return nullptr;
    const auto it = object_.find(key);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }

  std::string PlaceOf(std::string_view key) const {
    if (place_.empty() || key.empty()) return base::StrCat(place_, key);
    return base::StrCat(place_, ".", key);
  }

  void Fail(std::string_view key, std::string_view what) {
    FailAt(PlaceOf(key), what);
  }
  void FailAt(std::string_view place, std::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(base::StrCat(
        "inventory: ", place.empty() ? "the whole" : place, " ", what));
  }

  const Json& object_;
  std::string place_;
  absl::Status& status_;
};

void ReadImage(Reader& json, model::Inventory& inventory) {
  inventory.reference = json.Text("reference");
  inventory.manifest = json.Digest("digest");
  inventory.config.platform = model::Platform::Parse(json.Text("platform"));
  inventory.config.created = json.Text("created");
  model::ImageConfig& config = inventory.config;
  config.user = json.Text("user");
  config.environment = json.Texts("environment");
  config.entrypoint = json.Texts("entrypoint");
  config.command = json.Texts("command");
  config.ports = json.Texts("ports");
  config.volumes = json.Texts("volumes");
  config.labels = json.TextsByName("labels");
  config.working_directory = json.Text("workingDirectory");
  config.stop_signal = json.Text("stopSignal");
  json.Objects("history", [&config](Reader& step) {
    config.history.push_back({step.Text("created"), step.Text("createdBy"),
                              step.Text("comment"), step.Flag("emptyLayer")});
  });
  config.truncated = json.Flag("truncated");
}

void ReadOs(Reader& json, model::OsRelease& os) {
  os.id = json.Text("id");
  os.id_like = json.Text("idLike");
  os.version_id = json.Text("versionId");
  os.codename = json.Text("codename");
  os.pretty_name = json.Text("prettyName");
  os.cpe_name = json.Text("cpeName");
}

model::LayerRef ReadLayer(Reader& json) {
  model::LayerRef layer;
  layer.blob.digest = json.Digest("digest");
  layer.diff_id = json.Digest("diffId");
  layer.blob.size = json.Unsigned("size");
  layer.blob.media_type = json.Text("mediaType");
  return layer;
}

model::InstalledPackage ReadPackage(Reader& json) {
  model::InstalledPackage installed;
  model::Package& package = installed.package;
  package.type = json.RequiredText("type");
  package.name = json.RequiredText("name");
  package.version = json.RequiredText("version");
  package.architecture = json.Text("arch");
  package.source_name = json.Text("sourceName");
  package.source_version = json.Text("sourceVersion");
  package.module = json.Text("module");
  package.vendor = json.Text("vendor");
  package.licenses = json.Texts("licenses");
  package.location = json.Text("location");
  package.declared = json.Flag("declared");
  package.development = json.Flag("development");
  installed.path = json.Text("path");
  installed.owned = json.Flag("owned");
  installed.layer = json.Digest("layer");
  return installed;
}

struct TooDeep {};

absl::StatusOr<Json> Parse(std::string_view text) {
  if (text.size() > kMaxSize) {
    return base::Failure(base::FailureCode::kLimitExceeded,
                         base::StrCat("inventory: has ", text.size(),
                                      " bytes, the limit is ", kMaxSize),
                         "inventory-size");
  }
  const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw TooDeep();
    return true;
  };
  try {
    return Json::parse(text, check_depth);
  } catch (const TooDeep&) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat("inventory: is nested deeper than ", kMaxDepth),
        "json-depth");
  } catch (const Json::exception& e) {
    return absl::InvalidArgumentError(
        base::StrCat("inventory: is not JSON: ", base::Printable(e.what())));
  }
}

}  // namespace

void WriteInventoryJson(const model::Inventory& inventory,
                        model::EachPackage packages, JsonSink write) {
  write("{\"image\":");
  write(Dump(ImageToJson(inventory)));
  write(",\"os\":");
  write(Dump(ToJson(inventory.os)));
  write(",\"layers\":");
  WriteArray(inventory.layers, write);
  write(",\"packages\":");
  ArrayWriter array(write);
  packages([&array](const model::InstalledPackage& p) { array.Add(p); });
  array.End();
  write(",\"problems\":");
  write(Dump(inventory.problems));
  if (!inventory.files.empty()) {
    write(",\"files\":");
    WriteArray(inventory.files, write);
  }
  write("}");
}

absl::StatusOr<model::Inventory> InventoryFromJson(std::string_view text) {
  LANDWAITER_ASSIGN_OR_RETURN(const Json json, Parse(text));
  absl::Status status;
  model::Inventory inventory;
  Reader reader(json, "", status);
  reader.Object("image", [&](Reader& image) { ReadImage(image, inventory); });
  reader.Object("os", [&](Reader& os) { ReadOs(os, inventory.os); });
  reader.Objects("layers", [&](Reader& layer) {
    inventory.layers.push_back(ReadLayer(layer));
  });
  reader.Objects("packages", [&](Reader& package) {
    inventory.packages.push_back(ReadPackage(package));
  });
  inventory.problems = reader.Texts("problems");
  if (!status.ok()) return status;
  return inventory;
}

}  // namespace landwaiter::wire
