#include "agent/layer/layer_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/layer/path.h"
#include "agent/layer/table_of_contents.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

// What tells of tables of contents is no extractor, but reports like one.
constexpr std::string_view kTableExtractor = "layer/tableOfContents";
constexpr uint32_t kTableExtractorVersion = 1;

constexpr std::string_view kDisagrees =
    "it disagrees with the layer's content, which is what was scanned; a "
    "runtime that pulls lazily sees other files";

std::vector<std::string_view> WellKnownPaths(const Extractors& extractors) {
  std::vector<std::string_view> paths;
  for (const auto& extractor : extractors) {
    for (std::string_view path : extractor->WellKnownPaths()) {
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace

LayerReader::LayerReader(const Extractors& extractors, const Limits& limits,
                         int spill_fd, file_list::Writer::Sink files)
    : extractors_(extractors),
      limits_(limits),
      inflater_(NewSniffingInflater(limits, &parts_)),
      tar_(limits, *this),
      report_(limits, WellKnownPaths(extractors)),
      file_(limits, spill_fd),
      files_(limits, std::move(files)) {}

absl::Status LayerReader::Push(std::string_view compressed) {
  compressed_ += compressed.size();
  if (compressed_ > limits_.compressed_bytes) {
    return LimitExceeded("compressedSize", "the compressed size of the layer",
                         limits_.compressed_bytes);
  }
  return inflater_->Push(
      compressed, [this](std::string_view bytes) { return OnInflated(bytes); });
}

absl::StatusOr<model::LayerReport> LayerReader::Finish() {
  LANDWAITER_RETURN_IF_ERROR(inflater_->Finish(
      [this](std::string_view bytes) { return OnInflated(bytes); }));
  LANDWAITER_RETURN_IF_ERROR(tar_.Finish());
  const model::Digest diff_id = model::Digest::FromSha256Hex(hash_.FinishHex());
  LANDWAITER_ASSIGN_OR_RETURN(std::string problem, JudgeTable());
  if (!problem.empty()) {
    model::FileExtract extract;
    // No layer above replaces this one.
    extract.path =
        base::StrCat("table of contents of the layer ", diff_id.text());
    extract.extractor = kTableExtractor;
    extract.extractor_version = kTableExtractorVersion;
    extract.problem = std::move(problem);
    LANDWAITER_RETURN_IF_ERROR(report_.AddExtract(std::move(extract)));
  }
  model::LayerReport report = report_.Build();
  report.diff_id = diff_id;
  report.compressed_size = compressed_;
  report.uncompressed_size = inflated_;
  report.entries = entries_;
  LANDWAITER_ASSIGN_OR_RETURN(report.files, files_.Finish());
  return report;
}

absl::Status LayerReader::OnInflated(std::string_view bytes) {
  inflated_ += bytes.size();
  if (inflated_ > limits_.inflated_bytes) {
    return LimitExceeded("inflatedSize", "the inflated size of the layer",
                         limits_.inflated_bytes);
  }
  if (inflated_ > limits_.ratio_free_bytes &&
      inflated_ / limits_.ratio > compressed_) {
    return LimitExceeded("ratio", "the layer's ratio of compression",
                         limits_.ratio);
  }
  hash_.Update(bytes);
  return tar_.Push(bytes);
}

absl::StatusOr<bool> LayerReader::OnEntry(const TarEntry& entry) {
  if (++entries_ > limits_.entries) {
    return LimitExceeded("entries", "the number of the layer's entries",
                         limits_.entries);
  }
  const auto path = CleanPath(entry.path, clean_);
  if (!path || path->empty()) return false;
  LANDWAITER_ASSIGN_OR_RETURN(const bool whiteout, TakeWhiteout(*path));
  if (whiteout) {
    files_.AddHidden(entry, *path);
    return false;
  }
  const bool hard_link = entry.type == TarEntry::Type::kHardLink;
  const bool file = entry.type == TarEntry::Type::kFile;
  if (hard_link || file) FindWanting(*path);
  if (file) {
    LANDWAITER_RETURN_IF_ERROR(report_.AddEntry(entry.type, *path, {}));
    files_.Start(entry, *path);
    LANDWAITER_RETURN_IF_ERROR(StartFile(entry, *path));
    return true;
  }
  if (!hard_link) {
    LANDWAITER_RETURN_IF_ERROR(files_.Add(entry, *path));
    LANDWAITER_RETURN_IF_ERROR(report_.AddEntry(entry.type, *path, entry.link));
    return false;
  }
  const auto target = CleanPath(entry.link, clean_link_);
  if (target == path) return false;  // changes nothing
  LANDWAITER_RETURN_IF_ERROR(files_.Add(entry, *path));
  LANDWAITER_RETURN_IF_ERROR(
      RepeatExtracts(*path, target.value_or(std::string_view())));
  return false;
}

absl::StatusOr<bool> LayerReader::TakeWhiteout(std::string_view path) {
  constexpr std::string_view kPrefix = ".wh.";
  constexpr std::string_view kOpaque = ".wh..wh..opq";
  constexpr std::string_view kAufs = ".wh..wh.";
  const size_t slash = path.rfind('/');
  const size_t name_at = slash == path.npos ? 0 : slash + 1;
  const std::string_view name = path.substr(name_at);
  if (!name.starts_with(kPrefix)) return false;
  if (name == kOpaque) {
    const size_t parent = slash == path.npos ? 0 : slash;
    LANDWAITER_RETURN_IF_ERROR(
        report_.AddWhiteout(path.substr(0, parent), /*opaque=*/true));
    return true;
  }
  const std::string_view removed = name.substr(kPrefix.size());
  if (name.starts_with(kAufs) || removed.empty() || removed == "." ||
      removed == "..") {
    return true;
  }
  LANDWAITER_RETURN_IF_ERROR(report_.AddWhiteout(
      base::StrCat(path.substr(0, name_at), removed), /*opaque=*/false));
  return true;
}

void LayerReader::FindWanting(std::string_view path) {
  wanted_by_.clear();
  for (const auto& extractor : extractors_) {
    if (extractor->Wants(path)) wanted_by_.push_back(extractor.get());
  }
}

absl::Status LayerReader::StartFile(const TarEntry& entry,
                                    std::string_view path) {
  path_ = path;
  size_ = entry.size;
  table_ = path == kStargzTable;
  if (table_) {
    ++tables_;
    table_member_ = parts_.member;
    undecided_ = false;
    table_ = file_.Takes(entry.size);
    if (!table_) table_fault_ = "it is too large to be compared";
    return table_ ? file_.Start(entry.size) : absl::OkStatus();
  }
  undecided_ = wanted_by_.empty() && entry.size > 0;
  if (wanted_by_.empty()) return absl::OkStatus();
  return base::WithContext(file_.Start(entry.size), base::Printable(path));
}

absl::Status LayerReader::CollectHead(std::string_view bytes) {
  const size_t want = std::min<uint64_t>(extract::kHeadBytes, size_);
  if (head_.empty() && bytes.size() >= want) {
    LANDWAITER_RETURN_IF_ERROR(DecideByHead(bytes.substr(0, want)));
    return wanted_by_.empty() ? absl::OkStatus() : file_.Append(bytes);
  }
  const size_t more = std::min(bytes.size(), want - head_.size());
  head_.append(bytes.substr(0, more));
  if (head_.size() < want) return absl::OkStatus();
  const std::string head = std::exchange(head_, {});
  LANDWAITER_RETURN_IF_ERROR(DecideByHead(head));
  if (wanted_by_.empty()) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(file_.Append(head));
  return file_.Append(bytes.substr(more));
}

absl::Status LayerReader::DecideByHead(std::string_view head) {
  undecided_ = false;
  const extract::Candidate candidate{path_, size_, head};
  for (const auto& extractor : extractors_) {
    if (extractor->WantsContent(candidate)) {
      wanted_by_.push_back(extractor.get());
    }
  }
  if (wanted_by_.empty()) return absl::OkStatus();
  if (file_.Takes(size_)) return file_.Start(size_);
  // Nobody asked for it by name, so the layer is read on.
  const absl::Status added = AddProblem(
      path_, base::StrCat("it has ", size_,
                          " bytes, which is more than is read of a file"));
  wanted_by_.clear();
  return added;
}

absl::Status LayerReader::OnContent(std::string_view bytes) {
  files_.Append(bytes);
  if (undecided_) return CollectHead(bytes);
  const bool kept = table_ || !wanted_by_.empty();
  return kept ? file_.Append(bytes) : absl::OkStatus();
}

absl::Status LayerReader::OnContentEnd() {
  LANDWAITER_RETURN_IF_ERROR(files_.End());
  if (table_) LANDWAITER_RETURN_IF_ERROR(TakeTable());
  for (const extract::Extractor* extractor : wanted_by_) {
    absl::StatusOr<model::FileExtract> extract =
        extractor->Extract(path_, file_);
    if (!extract.ok()) {
      return base::WithContext(std::move(extract).status(),
                               base::Printable(path_));
    }
    extract->path = path_;
    extract->extractor = extractor->name();
    extract->extractor_version = extractor->version();
    LANDWAITER_RETURN_IF_ERROR(report_.AddExtract(*std::move(extract)));
  }
  return absl::OkStatus();
}

absl::Status LayerReader::RepeatExtracts(std::string_view path,
                                         std::string_view target) {
  std::vector<model::FileExtract> repeated;
  std::vector<const extract::Extractor*> missing;
  for (const extract::Extractor* extractor : wanted_by_) {
    const auto* found = report_.FindExtract(target, extractor->name());
    if (found != nullptr) {
      repeated.push_back(*found);
    } else {
      missing.push_back(extractor);
    }
  }
  LANDWAITER_RETURN_IF_ERROR(
      report_.AddEntry(TarEntry::Type::kHardLink, path, {}));
  for (model::FileExtract& extract : repeated) {
    extract.path = path;
    LANDWAITER_RETURN_IF_ERROR(report_.AddExtract(std::move(extract)));
  }
  wanted_by_ = std::move(missing);
  return AddProblem(
      path, base::StrCat("it is a hard link to ", base::Printable(target),
                         ", whose content was not kept"));
}

absl::Status LayerReader::AddProblem(std::string_view path,
                                     std::string_view problem) {
  for (const extract::Extractor* extractor : wanted_by_) {
    model::FileExtract extract;
    extract.path = path;
    extract.extractor = extractor->name();
    extract.extractor_version = extractor->version();
    extract.problem = problem;
    LANDWAITER_RETURN_IF_ERROR(report_.AddExtract(std::move(extract)));
  }
  return absl::OkStatus();
}

absl::Status LayerReader::TakeTable() {
  table_ = false;
  table_sum_ = files_.sum().Empty();
  LANDWAITER_ASSIGN_OR_RETURN(table_fault_, ReadTable(file_, table_sum_));
  return absl::OkStatus();
}

absl::StatusOr<std::string> LayerReader::JudgeTable() {
  if (!parts_.skippable.empty()) {
    return JudgeChunkedTable(parts_.skippable.back().payload);
  }
  // Without the footer no runtime takes the file for a table.
  const std::optional<uint64_t> footer = StargzFooter(parts_.extra);
  if (!footer) return std::string();
  if (tables_ != 1 || *footer != table_member_) {
    return std::string("the footer leads to none that is in the layer");
  }
  if (files_.cut()) {
    return std::string("the layer has too many files to be compared with it");
  }
  if (!table_fault_.empty()) return table_fault_;
  return std::string(table_sum_ == files_.sum() ? "" : kDisagrees);
}

absl::StatusOr<std::string> LayerReader::JudgeChunkedTable(
    std::string_view footer) {
  const std::optional<ChunkedFooter> place = ReadChunkedFooter(footer);
  if (!place) return std::string();
  const StreamParts::Skippable* table = FindTable(parts_, *place);
  if (table == nullptr) {
    return std::string("the footer leads to none that could be compared");
  }
  if (files_.cut() || !file_.Takes(place->inflated)) {
    return std::string("the layer has too many files to be compared with it");
  }
  LANDWAITER_RETURN_IF_ERROR(file_.Start(place->inflated));
  StreamParts none;
  const auto inflater = NewZstdInflater(limits_, none);
  uint64_t inflated = 0;
  const auto keep = [&](std::string_view bytes) {
    inflated += bytes.size();
    return inflated <= place->inflated ? file_.Append(bytes)
                                       : CorruptLayer("longer than told");
  };
  absl::Status status = inflater->Push(table->payload, keep);
  if (status.ok()) status = inflater->Finish(keep);
  if (!status.ok() || inflated != place->inflated) {
    return std::string("it cannot be inflated");
  }
  EntrySum sum = files_.sum().Empty();
  LANDWAITER_ASSIGN_OR_RETURN(std::string fault, ReadTable(file_, sum));
  if (!fault.empty()) return fault;
  return std::string(sum == files_.sum() ? "" : kDisagrees);
}

}  // namespace landwaiter::agent::layer
