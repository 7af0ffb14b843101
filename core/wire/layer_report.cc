#include "core/wire/layer_report.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include <optional>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/model/layer_report_check.h"
#include "core/wire/inventory.h"

namespace landwaiter::wire {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

// An extract may have tens of thousands of packages, each of which is many
// times larger as a message than as bytes. So extracts, and the packages in
// them, are written and read one by one; the bytes are those that the message
// as a whole would make: fields by number, ascending.

// All but the packages: the fields before them, and those behind.
v1::FileExtract HeadToProto(const model::FileExtract& from) {
  v1::FileExtract to;
  to.set_path(from.path);
  to.set_extractor(from.extractor);
  to.set_extractor_version(from.extractor_version);
  return to;
}

v1::FileExtract TailToProto(const model::FileExtract& from) {
  v1::FileExtract to;
  if (from.os_release) {
    wire::ToProto(*from.os_release, to.mutable_os_release());
  }
  to.set_problem(from.problem);
  for (const std::string& path : from.owned_files) to.add_owned_files(path);
  return to;
}

void WriteLengthDelimitedTag(int field, size_t size, CodedOutputStream& to) {
  to.WriteTag(WireFormatLite::MakeTag(
      field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  to.WriteVarint32(static_cast<uint32_t>(size));
}

size_t LengthDelimitedSize(size_t size) {
  // A field's number below 16 takes one byte.
  return 1 + CodedOutputStream::VarintSize32(static_cast<uint32_t>(size)) +
         size;
}

// One after the other as messages; each is good until the next.
template <typename Take>
void ForEachMessage(const model::Packages& packages, Take take) {
  v1::Package message;
  for (const model::Package& package : packages) {
    message.Clear();
    wire::ToProto(package, &message);
    take(message);
  }
}

size_t SizeOf(const model::FileExtract& extract) {
  size_t size =
      HeadToProto(extract).ByteSizeLong() + TailToProto(extract).ByteSizeLong();
  ForEachMessage(extract.packages, [&size](const v1::Package& message) {
    size += LengthDelimitedSize(message.ByteSizeLong());
  });
  return size;
}

void Write(const model::FileExtract& extract, size_t size,
           CodedOutputStream& to) {
  WriteLengthDelimitedTag(v1::LayerReport::kExtractsFieldNumber, size, to);
  HeadToProto(extract).SerializeToCodedStream(&to);
  ForEachMessage(extract.packages, [&to](const v1::Package& message) {
    WriteLengthDelimitedTag(v1::FileExtract::kPackagesFieldNumber,
                            message.ByteSizeLong(), to);
    message.SerializeToCodedStream(&to);
  });
  TailToProto(extract).SerializeToCodedStream(&to);
}

// Calls `take` with the bytes of each occurrence of the length-delimited
// `field` in a message, and returns all else that it holds, as a message's
// bytes. nullopt if they are no message.
template <typename Take>
std::optional<std::string> TakeField(std::string_view bytes, int field,
                                     Take take) {
  const uint32_t wanted =
      WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  CodedInputStream from(reinterpret_cast<const uint8_t*>(bytes.data()),
                        static_cast<int>(bytes.size()));
  std::string rest;
  while (true) {
    const size_t start = static_cast<size_t>(from.CurrentPosition());
    const uint32_t tag = from.ReadTag();
    if (tag == 0) break;
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&from, tag)) return std::nullopt;
      const size_t end = static_cast<size_t>(from.CurrentPosition());
      rest.append(bytes.substr(start, end - start));
      continue;
    }
    uint32_t size = 0;
    if (!from.ReadVarint32(&size)) return std::nullopt;
    const size_t at = static_cast<size_t>(from.CurrentPosition());
    if (size > bytes.size() - at || !from.Skip(static_cast<int>(size))) {
      return std::nullopt;
    }
    if (!take(bytes.substr(at, size))) return std::nullopt;
  }
  // ReadTag also gives 0 for a tag of 0, which no message has.
  if (static_cast<size_t>(from.CurrentPosition()) != bytes.size()) {
    return std::nullopt;
  }
  return rest;
}

// A message's bytes, or false.
bool Parse(std::string_view bytes, google::protobuf::MessageLite& to) {
  return to.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::optional<model::FileExtract> ParseExtract(std::string_view bytes) {
  model::FileExtract to;
  to.packages.Reserve(bytes.size());
  v1::Package package;
  const auto rest = TakeField(bytes, v1::FileExtract::kPackagesFieldNumber,
                              [&](std::string_view raw) {
                                if (!Parse(raw, package)) return false;
                                to.packages.push_back(wire::FromProto(package));
                                return true;
                              });
  v1::FileExtract from;
  if (!rest || !Parse(*rest, from)) return std::nullopt;
  to.path = from.path();
  to.extractor = from.extractor();
  to.extractor_version = from.extractor_version();
  if (from.has_os_release()) to.os_release = wire::FromProto(from.os_release());
  to.problem = from.problem();
  to.owned_files.assign(from.owned_files().begin(), from.owned_files().end());
  return to;
}

// The fields before the extracts.
v1::LayerReport HeadToProto(const model::LayerReport& from) {
  v1::LayerReport to;
  to.set_version(model::kLayerReportVersion);
  to.set_blob_digest(from.blob_digest.text());
  to.set_diff_id(from.diff_id.text());
  to.set_compressed_size(from.compressed_size);
  to.set_uncompressed_size(from.uncompressed_size);
  to.set_entries(from.entries);
  return to;
}

// The fields behind the extracts; without the compressed list where that is
// not wanted.
v1::LayerReport TailToProto(const model::LayerReport& from, bool with_list) {
  v1::LayerReport to;
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

// All but the extracts.
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

void Append(const model::LayerReport& report, bool with_list, std::string& to) {
  const v1::LayerReport head = HeadToProto(report);
  const v1::LayerReport tail = TailToProto(report, with_list);
  size_t size = head.ByteSizeLong() + tail.ByteSizeLong();
  std::vector<size_t> sizes;
  sizes.reserve(report.extracts.size());
  for (const model::FileExtract& extract : report.extracts) {
    sizes.push_back(SizeOf(extract));
    size += LengthDelimitedSize(sizes.back());
  }
  const size_t start = to.size();
  to.resize(start + size);  // all at once: growing would take twice as much
  google::protobuf::io::ArrayOutputStream stream(to.data() + start,
                                                 static_cast<int>(size));
  CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  head.SerializeToCodedStream(&coded);
  for (size_t i = 0; i < sizes.size(); ++i) {
    Write(report.extracts[i], sizes[i], coded);
  }
  tail.SerializeToCodedStream(&coded);
}

}  // namespace

void AppendLayerReport(const model::LayerReport& report, std::string& to) {
  Append(report, /*with_list=*/true, to);
}

std::string SerializeLayerReport(const model::LayerReport& report) {
  std::string bytes;
  AppendLayerReport(report, bytes);
  return bytes;
}

std::string LayerReportIdentity(const model::LayerReport& report) {
  std::string bytes;
  Append(report, /*with_list=*/false, bytes);
  return base::Sha256Hex(bytes);
}

absl::StatusOr<model::LayerReport> ParseLayerReport(std::string_view bytes) {
  if (bytes.size() > kMaxLayerReportBytes) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat("the layer report has ", bytes.size(),
                     " bytes, the limit is ", kMaxLayerReportBytes),
        "reportSize");
  }
  std::vector<model::FileExtract> extracts;
  const auto rest = TakeField(bytes, v1::LayerReport::kExtractsFieldNumber,
                              [&](std::string_view raw) {
                                auto extract = ParseExtract(raw);
                                if (!extract) return false;
                                extracts.push_back(*std::move(extract));
                                return true;
                              });
  v1::LayerReport proto;
  if (!rest || !Parse(*rest, proto)) {
    return absl::InvalidArgumentError("the bytes are not a LayerReport");
  }
  LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report, FromProto(proto));
  report.extracts = std::move(extracts);
  LANDWAITER_RETURN_IF_ERROR(model::CheckLayerReport(report));
  return report;
}

}  // namespace landwaiter::wire
