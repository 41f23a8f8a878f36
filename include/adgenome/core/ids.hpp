#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/core/time.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace adgenome::core {

/// UUID version 7 (RFC 9562) of a time, with the other 74 bits from two random words.
std::string uuid7(Time time, std::uint64_t random_a, std::uint64_t random_b);

/// New ids of one run of a command: the clock is the run's, the random bits come from the seed's
/// stream `ids/COMMAND` by position, so that a run with the same seed and clock repeats its ids.
class IdSource {
 public:
  IdSource(std::uint64_t seed, std::string_view command, Time now);
  std::string next();

 private:
  RandomStream stream_;
  Time now_;
};

/// Whether the text is a UUID in its canonical lower-case form.
bool is_uuid(std::string_view text);

/// The last eight hex digits of an id that is a UUID, of any other id those of its SHA-256:
/// what stands in a platform ad's name and leads back to our ad.
std::string short_id(std::string_view id);

}  // namespace adgenome::core
