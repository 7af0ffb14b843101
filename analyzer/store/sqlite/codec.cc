#include "analyzer/store/sqlite/codec.h"

#include <google/protobuf/util/json_util.h>
#include <zstd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "core/wire/inventory.h"
#include "core/wire/task.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

using Json = nlohmann::json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Member(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

}  // namespace

std::string EncodeList(const std::vector<std::string>& list) {
  return Dump(Json(list));
}

std::vector<std::string> DecodeList(std::string_view text) {
  std::vector<std::string> list;
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return list;
  for (const Json& element : json) {
    if (element.is_string()) list.push_back(element.get<std::string>());
  }
  return list;
}

std::string EncodeOs(const model::OsRelease& os) {
  return Dump({{"id", os.id},
               {"idLike", os.id_like},
               {"versionId", os.version_id},
               {"codename", os.codename},
               {"prettyName", os.pretty_name},
               {"cpeName", os.cpe_name}});
}

model::OsRelease DecodeOs(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return {};
  return {.id = Member(json, "id"),
          .id_like = Member(json, "idLike"),
          .version_id = Member(json, "versionId"),
          .codename = Member(json, "codename"),
          .pretty_name = Member(json, "prettyName"),
          .cpe_name = Member(json, "cpeName")};
}

std::string EncodeTop(const std::vector<model::TopFinding>& top) {
  Json json = Json::array();
  for (const model::TopFinding& finding : top) {
    json.push_back({{"id", finding.id},
                    {"severity", static_cast<int>(finding.severity)},
                    {"package", finding.package},
                    {"installed", finding.installed_version},
                    {"fixed", finding.fixed_version},
                    {"image", finding.image},
                    {"priority", finding.priority}});
  }
  return Dump(json);
}

std::vector<model::TopFinding> DecodeTop(std::string_view text) {
  std::vector<model::TopFinding> top;
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return top;
  for (const Json& element : json) {
    if (!element.is_object()) continue;
    top.push_back(
        {.id = Member(element, "id"),
         .severity = static_cast<model::Severity>(element.value("severity", 0)),
         .package = Member(element, "package"),
         .installed_version = Member(element, "installed"),
         .fixed_version = Member(element, "fixed"),
         .image = Member(element, "image"),
         .priority = element.value("priority", uint8_t{0})});
  }
  return top;
}

std::string EncodeFinding(const model::Finding& finding) {
  v1::Finding proto;
  wire::ToProto(finding, &proto);
  return proto.SerializeAsString();
}

absl::StatusOr<model::Finding> DecodeFinding(std::string_view bytes) {
  v1::Finding proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a finding in the store cannot be read");
  }
  return wire::FromProto(proto);
}

std::string EncodeSpec(const model::TaskSpec& spec) {
  v1::TaskSpec proto;
  wire::ToProto(spec, &proto);
  return proto.SerializeAsString();
}

absl::StatusOr<model::TaskSpec> DecodeSpec(std::string_view bytes) {
  v1::TaskSpec proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("store: a task's spec cannot be read");
  }
  return wire::FromProto(proto);
}

std::string EncodeConfig(const model::ImageConfig& config) {
  v1::ImageConfig proto;
  wire::ToProto(config, &proto);
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(proto, &text);
  return status.ok() ? text : "{}";
}

model::ImageConfig DecodeConfig(std::string_view text) {
  v1::ImageConfig proto;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), &proto, options);
  return status.ok() ? wire::FromProto(proto) : model::ImageConfig();
}

std::string Compress(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(
      ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(),
                            bytes.size()));
  return out;
}

absl::StatusOr<std::string> Decompress(std::string_view bytes, uint64_t size) {
  std::string out(size, '\0');
  const size_t got =
      ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) || got != size) {
    return absl::DataLossError("store: a layer report cannot be inflated");
  }
  return out;
}

model::Digest ToDigest(const std::string& text) {
  return model::Digest::Parse(text).value_or(model::Digest());
}

}  // namespace landwaiter::analyzer::store::sqlite
