#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace adgenome::core {

/// A document: an object keeps the order in which its members were added.
using Json = nlohmann::ordered_json;

/// A number that is written digit by digit as given, for what a double cannot hold (money).
Json exact_number(std::string digits);

/// An amount of money as the major unit, exact to the last micro.
Json money_number(std::int64_t micros);

/// An integer of 64 bits without sign: a number below 2^53, from there on a string.
Json wide_integer(std::uint64_t value);

/// The document as text; `indent` below 0 is one line. Doubles are written so that they read
/// back the same. Throws Error (internal) for NaN and infinity, which no output may hold.
std::string dump(const Json& document, int indent = -1);

/// Reads one document. Throws InvalidInput with `name`, line and column.
Json parse_json(std::string_view text, const std::string& name);

/// Reads one document from a file, "-" being standard input.
Json read_json(const std::string& path);

}  // namespace adgenome::core
