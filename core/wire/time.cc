#include "core/wire/time.h"

#include <algorithm>

namespace landwaiter::wire {
namespace {

constexpr int64_t kMinSeconds = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z

int32_t Nanos(absl::Duration sub_second) {
  return static_cast<int32_t>(absl::ToInt64Microseconds(sub_second) * 1000);
}

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  const absl::Time clamped =
      std::clamp(time, absl::FromUnixSeconds(kMinSeconds),
                 absl::FromUnixSeconds(kMaxSeconds));
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(clamped));
  timestamp.set_nanos(
      Nanos(clamped - absl::FromUnixSeconds(timestamp.seconds())));
  return timestamp;
}

absl::Time FromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(
             std::clamp(timestamp.seconds(), kMinSeconds, kMaxSeconds)) +
         absl::Nanoseconds(std::clamp(timestamp.nanos(), 0, 999'999'999));
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  // A Duration holds about 10,000 years; whole seconds and the rest have the
  // same sign.
  const absl::Duration clamped = std::clamp(
      duration, absl::Seconds(kMinSeconds), absl::Seconds(kMaxSeconds));
  google::protobuf::Duration proto;
  proto.set_seconds(absl::ToInt64Seconds(clamped));
  proto.set_nanos(Nanos(clamped - absl::Seconds(proto.seconds())));
  return proto;
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(
             std::clamp(duration.seconds(), kMinSeconds, kMaxSeconds)) +
         absl::Nanoseconds(duration.nanos());
}

}  // namespace landwaiter::wire
