#include "meta_errors.hpp"

#include <algorithm>

namespace adgenome::providers {

MetaError meta_error(const core::RecordView& error) {
  return {.code = error.optional_int64("code").value_or(0),
          .subcode = error.optional_int64("error_subcode").value_or(0),
          .is_transient = error.optional_bool("is_transient").value_or(false),
          .message = error.optional_string("message").value_or("an error without a message"),
          .trace = error.optional_string("fbtrace_id").value_or("")};
}

// developers.facebook.com/docs: graph-api/guides/error-handling, graph-api/overview/rate-limiting,
// marketing-api/insights/error-codes
MetaError::Kind MetaError::kind() const {
  const auto is_one_of = [](std::int64_t number, std::initializer_list<std::int64_t> known) {
    return std::ranges::find(known, number) != known.end();
  };
  // Under several codes, of which some stand for passing failures as well: so these come first.
  if (is_one_of(subcode, {1487534, 1504018, 1504038}) ||
      message.find("reduce the amount of data") != std::string::npos) {
    return Kind::kTooMuch;
  }
  if (is_one_of(code, {4, 17, 32, 341, 613}) || (code >= 80000 && code <= 80014))
    return Kind::kThrottled;
  if (is_one_of(code, {102, 190})) return Kind::kToken;
  if (code == 10 || (code >= 200 && code <= 299)) return Kind::kForbidden;
  if (code == 2635) return Kind::kVersion;
  if (is_transient || is_one_of(code, {-2, -1, 1, 2, 99})) return Kind::kPassing;
  return Kind::kInvalid;
}

std::string MetaError::shown() const {
  std::string text = "(#" + std::to_string(code);
  if (subcode != 0) text += ", subcode " + std::to_string(subcode);
  text += ") " + message;
  if (!trace.empty()) text += " [trace " + trace + "]";
  return text;
}

std::string MetaError::hint() const {
  switch (kind()) {
    case Kind::kToken:
      return "make a new access token for the system user and put it into ADGENOME_META_TOKEN";
    case Kind::kForbidden:
      return "the token needs the permission ads_read, and its user access to the ad account";
    case Kind::kVersion:
      return "this version of adgenome speaks a version of the API that has ended: update it";
    default:
      return "";
  }
}

}  // namespace adgenome::providers
