#include "core/wire/layer_report.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/model/layer_report_check.h"
#include "core/wire/inventory.h"

namespace landwaiter::wire {
namespace {

void ToProto(const model::FileExtract& from, v1::FileExtract* to) {
  to->set_path(from.path);
  to->set_extractor(from.extractor);
  to->set_extractor_version(from.extractor_version);
  for (const model::Package& package : from.packages) {
    wire::ToProto(package, to->add_packages());
  }
  if (from.os_release) {
    wire::ToProto(*from.os_release, to->mutable_os_release());
  }
  to->set_problem(from.problem);
  for (const std::string& path : from.owned_files) to->add_owned_files(path);
}

model::FileExtract FromProto(const v1::FileExtract& from) {
  model::FileExtract to;
  to.path = from.path();
  to.extractor = from.extractor();
  to.extractor_version = from.extractor_version();
  to.packages.reserve(from.packages_size());
  for (const v1::Package& package : from.packages()) {
    to.packages.push_back(wire::FromProto(package));
  }
  if (from.has_os_release()) to.os_release = wire::FromProto(from.os_release());
  to.problem = from.problem();
  to.owned_files.assign(from.owned_files().begin(), from.owned_files().end());
  return to;
}

// Without the compressed list where that is not wanted.
v1::LayerReport ToProto(const model::LayerReport& from, bool with_list) {
  v1::LayerReport to;
  to.set_version(model::kLayerReportVersion);
  to.set_blob_digest(from.blob_digest.text());
  to.set_diff_id(from.diff_id.text());
  to.set_compressed_size(from.compressed_size);
  to.set_uncompressed_size(from.uncompressed_size);
  to.set_entries(from.entries);
  for (const model::FileExtract& extract : from.extracts) {
    ToProto(extract, to.add_extracts());
  }
  for (const model::Whiteout& whiteout : from.whiteouts) {
    v1::Whiteout* added = to.add_whiteouts();
    added->set_path(whiteout.path);
    added->set_opaque(whiteout.opaque);
  }
  for (const std::string& path : from.obstructions) to.add_obstructions(path);
  for (const model::LayerReport::Link& link : from.links) {
    v1::Link* added = to.add_links();
    added->set_path(link.path);
    added->set_target(link.target);
  }
  if (from.files == model::LayerReport::Files()) return to;
  v1::FileList* files = to.mutable_files();
  if (with_list) files->set_zstd(from.files.zstd);
  files->set_sha256(from.files.sha256);
  files->set_size(from.files.size);
  files->set_count(from.files.count);
  files->set_cut(from.files.cut);
  return to;
}

absl::StatusOr<model::LayerReport> FromProto(const v1::LayerReport& from) {
  if (from.version() != model::kLayerReportVersion) {
    return absl::InvalidArgumentError(
        base::StrCat("the layer report is of version ", from.version(),
                     ", want ", model::kLayerReportVersion));
  }
  model::LayerReport to;
  LANDWAITER_ASSIGN_OR_RETURN(
      to.blob_digest, DigestFromProto(from.blob_digest(), "blob_digest"));
  LANDWAITER_ASSIGN_OR_RETURN(to.diff_id,
                              DigestFromProto(from.diff_id(), "diff_id"));
  to.compressed_size = from.compressed_size();
  to.uncompressed_size = from.uncompressed_size();
  to.entries = from.entries();
  for (const v1::FileExtract& extract : from.extracts()) {
    to.extracts.push_back(FromProto(extract));
  }
  for (const v1::Whiteout& whiteout : from.whiteouts()) {
    to.whiteouts.push_back({whiteout.path(), whiteout.opaque()});
  }
  to.obstructions.assign(from.obstructions().begin(),
                         from.obstructions().end());
  for (const v1::Link& link : from.links()) {
    to.links.push_back({link.path(), link.target()});
  }
  if (from.has_files()) {
    const v1::FileList& files = from.files();
    to.files = {files.zstd(), files.sha256(), files.size(), files.count(),
                files.cut()};
  }
  return to;
}

std::string Serialize(const model::LayerReport& report, bool with_list) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  ToProto(report, with_list).SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::string SerializeLayerReport(const model::LayerReport& report) {
  return Serialize(report, /*with_list=*/true);
}

std::string LayerReportIdentity(const model::LayerReport& report) {
  return base::Sha256Hex(Serialize(report, /*with_list=*/false));
}

absl::StatusOr<model::LayerReport> ParseLayerReport(std::string_view bytes) {
  if (bytes.size() > kMaxLayerReportBytes) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat("the layer report has ", bytes.size(),
                     " bytes, the limit is ", kMaxLayerReportBytes),
        "reportSize");
  }
  v1::LayerReport proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("the bytes are not a LayerReport");
  }
  LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report, FromProto(proto));
  LANDWAITER_RETURN_IF_ERROR(model::CheckLayerReport(report));
  return report;
}

}  // namespace landwaiter::wire
