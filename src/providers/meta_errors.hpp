#pragma once

#include <adgenome/core/records.hpp>
#include <cstdint>
#include <string>

namespace adgenome::providers {

/// The "error" of an answer of Meta's, or that of a report which failed.
struct MetaError {
  std::int64_t code = 0;
  std::int64_t subcode = 0;
  bool is_transient = false;
  std::string message = {};
  std::string trace = {};  ///< what Meta's support asks for

  enum class Kind {
    kPassing,    ///< may be gone when asked again
    kThrottled,  ///< too many calls
    kTooMuch,    ///< too many rows or days
    kToken,      ///< the token is not, or no longer, valid
    kForbidden,  ///< the token does not allow it
    kVersion,    ///< this version of the API is no longer answered
    kInvalid,    ///< everything else: asking again gives the same
  };
  Kind kind() const;
  /// "(#100, subcode 33) Unsupported get request [trace AbC]"
  std::string shown() const;
  /// What a user can do about it; empty where nothing is known.
  std::string hint() const;
};

MetaError meta_error(const core::RecordView& error);

}  // namespace adgenome::providers
