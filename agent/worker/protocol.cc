#include "agent/worker/protocol.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"
#include "core/wire/layer_report.h"

namespace landwaiter::agent::worker {
namespace {

using base::FailureCode;

constexpr uint64_t kMagic = 0x3177'6c2d'7265'6b77;
constexpr char kReport = 'R';
constexpr char kFailure = 'F';
constexpr size_t kMaxMessage = 1000;
constexpr size_t kMaxCause = 40;

using Numbers = std::array<uint64_t, 16>;

uint64_t Seconds(absl::Duration duration) {
  return static_cast<uint64_t>(absl::ToInt64Seconds(duration));
}

Numbers ToNumbers(const layer::Limits& limits) {
  return {kMagic,
          limits.compressed_bytes,
          limits.inflated_bytes,
          limits.ratio,
          limits.ratio_free_bytes,
          limits.entries,
          limits.path_bytes,
          limits.header_bytes,
          limits.file_bytes,
          limits.file_memory_bytes,
          static_cast<uint64_t>(limits.zstd_window_log),
          limits.report_bytes,
          limits.memory_bytes,
          Seconds(limits.deadline),
          limits.sparse_bytes,
          limits.file_list_bytes};
}

layer::Limits FromNumbers(const Numbers& numbers) {
  layer::Limits limits;
  limits.compressed_bytes = numbers[1];
  limits.inflated_bytes = numbers[2];
  limits.ratio = numbers[3];
  limits.ratio_free_bytes = numbers[4];
  limits.entries = numbers[5];
  limits.path_bytes = numbers[6];
  limits.header_bytes = numbers[7];
  limits.file_bytes = numbers[8];
  limits.file_memory_bytes = numbers[9];
  limits.zstd_window_log = static_cast<int>(numbers[10]);
  limits.report_bytes = numbers[11];
  limits.memory_bytes = numbers[12];
  limits.deadline = absl::Seconds(numbers[13]);
  limits.sparse_bytes = numbers[14];
  limits.file_list_bytes = numbers[15];
  return limits;
}

// What cannot do harm in a log or on a terminal.
std::string Harmless(std::string_view text, size_t max) {
  std::string result(text.substr(0, max));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  return result;
}

absl::Status Unbelievable(std::string_view why) {
  return base::Failure(FailureCode::kParserCrashed,
                       base::StrCat("the worker's reply is refused: ", why));
}

// "CODE\nCAUSE\nMESSAGE" as the status it was.
absl::Status DecodeFailure(std::string_view text) {
  const auto code_rest = base::SplitOnce(text, '\n');
  const auto cause_message =
      code_rest ? base::SplitOnce(code_rest->second, '\n') : std::nullopt;
  if (!cause_message) return Unbelievable("it is malformed");
  constexpr FailureCode kPossible[] = {
      FailureCode::kCorruptLayer, FailureCode::kLimitExceeded,
      FailureCode::kUnsupportedMedia, FailureCode::kInternal};
  const auto code = base::FailureCodeFromString(code_rest->first);
  if (!code || std::find(std::begin(kPossible), std::end(kPossible), *code) ==
                   std::end(kPossible)) {
    return Unbelievable("its failure code is none of a worker's");
  }
  return base::Failure(*code, Harmless(cause_message->second, kMaxMessage),
                       Harmless(cause_message->first, kMaxCause));
}

}  // namespace

std::string EncodeRequest(const Request& request) {
  std::string bytes;
  for (const uint64_t number : ToNumbers(request.limits)) {
    for (int i = 0; i < 8; ++i) {
      bytes.push_back(static_cast<char>(number >> (8 * i)));
    }
  }
  bytes.append(request.blob_digest.hex());
  bytes.resize(kRequestBytes);
  return bytes;
}

absl::StatusOr<Request> DecodeRequest(std::string_view bytes) {
  if (bytes.size() != kRequestBytes) {
    return absl::InvalidArgumentError("the worker's request is incomplete");
  }
  Numbers numbers = {};
  for (size_t i = 0; i < numbers.size(); ++i) {
    for (size_t byte = 8; byte-- > 0;) {
      numbers[i] = numbers[i] << 8 | static_cast<uint8_t>(bytes[i * 8 + byte]);
    }
  }
  const std::string_view hex = bytes.substr(numbers.size() * 8);
  if (numbers[0] != kMagic || !base::IsLowerHex(hex)) {
    return absl::InvalidArgumentError("the worker's request is malformed");
  }
  return Request{FromNumbers(numbers), model::Digest::FromSha256Hex(hex)};
}

std::string EncodeReply(const absl::StatusOr<model::LayerReport>& result) {
  if (result.ok()) {
    std::string reply(1, kReport);
    wire::AppendLayerReport(*result, reply);
    return reply;
  }
  const absl::Status& status = result.status();
  return base::StrCat(
      std::string(1, kFailure), base::ToString(base::FailureCodeOf(status)),
      "\n", base::FailureCauseOf(status), "\n", base::ToStd(status.message()));
}

absl::StatusOr<model::LayerReport> DecodeReply(std::string_view bytes) {
  if (bytes.empty()) return Unbelievable("it is empty");
  const std::string_view content = bytes.substr(1);
  if (bytes[0] == kFailure) return DecodeFailure(content);
  if (bytes[0] != kReport) return Unbelievable("it is malformed");
  absl::StatusOr<model::LayerReport> report = wire::ParseLayerReport(content);
  if (!report.ok()) {
    return Unbelievable(base::ToStd(report.status().message()));
  }
  return report;
}

size_t MaxReplyBytes() { return wire::kMaxLayerReportBytes + 1; }

}  // namespace landwaiter::agent::worker
