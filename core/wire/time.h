#ifndef LANDWAITER_CORE_WIRE_TIME_H_
#define LANDWAITER_CORE_WIRE_TIME_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

namespace landwaiter::wire {

// Times at the microsecond, clamped to what a Timestamp may hold (years 1 to
// 9999). InfiniteFuture and InfinitePast have no Timestamp: callers leave the
// field out.
google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time FromProto(const google::protobuf::Timestamp& timestamp);
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Duration FromProto(const google::protobuf::Duration& duration);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_TIME_H_
