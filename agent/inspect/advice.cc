#include "agent/inspect/advice.h"

#include <string>

#include "core/base/failure.h"

namespace landwaiter::agent::inspect {
namespace {

using base::FailureCode;

std::string_view NetworkAdvice(std::string_view cause) {
  if (cause == "Dns") return "Check the registry's name.";
  if (cause == "Tls") {
    return "For a private CA give its certificate with --ca-file; for a "
           "registry without TLS use --plain-http.";
  }
  if (cause == "Protocol") {
    return "Check that a registry listens there, and whether it speaks "
           "http (--plain-http) or https.";
  }
  return "Check that the registry is up and that its port can be reached from "
         "here.";
}

}  // namespace

std::string_view Advice(const absl::Status& status) {
  switch (base::FailureCodeOf(status)) {
    case FailureCode::kUnauthorized:
    case FailureCode::kFailedToVerifyUsernameOrPwd:
      return "Give an account that may pull with --username and "
             "--password-file. Registries also answer so when the repository "
             "does not exist.";
    case FailureCode::kNotFound:
      return "Check the name and the tag; --platform chooses among the images "
             "of an index.";
    case FailureCode::kNetworkConnectError:
      return NetworkAdvice(base::FailureCauseOf(status));
    case FailureCode::kRateLimited:
      return "Wait, or log in: registries allow more to known accounts.";
    case FailureCode::kNetworkError:
    case FailureCode::kDeadlineExceeded:
      return "Try again.";
    case FailureCode::kDigestMismatch:
    case FailureCode::kDiffIdMismatch:
    case FailureCode::kCorruptLayer:
      return "The image is damaged where it is stored, or on the way: try "
             "again, then push it anew.";
    case FailureCode::kParserCrashed:
      return "This is a defect of Landwaiter, or of the image's making: please "
             "report it with the image's name.";
    default:
      return "";
  }
}

}  // namespace landwaiter::agent::inspect
