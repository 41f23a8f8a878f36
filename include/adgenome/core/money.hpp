#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace adgenome::core {

/// The ISO 4217 code that is meant, in upper case and as long as the program lasts; empty where
/// there is no such currency.
std::string_view known_currency(std::string_view code);

/// A currency of ISO 4217.
class Currency {
 public:
  /// Throws InvalidInput unless there is such a currency; lower case is folded.
  explicit Currency(std::string_view code);
  const std::string& code() const noexcept { return code_; }
  auto operator<=>(const Currency&) const = default;

 private:
  std::string code_;
};

/// An amount in millionths of the major unit. Arithmetic is checked: an overflow or a sum of two
/// currencies throws InvalidInput.
class Money {
 public:
  Money(std::int64_t micros, Currency currency) : micros_(micros), currency_(std::move(currency)) {}
  std::int64_t micros() const noexcept { return micros_; }
  const Currency& currency() const noexcept { return currency_; }
  Money& operator+=(const Money& other);
  friend Money operator+(Money a, const Money& b) { return a += b; }
  bool operator==(const Money&) const = default;

 private:
  std::int64_t micros_;
  Currency currency_;
};

/// Reads a plain decimal (`-12.5`, `1e-3`) into millionths, exactly; more than six decimals are
/// rounded half to even. Throws InvalidInput for anything else and for what does not fit.
std::int64_t parse_micros(std::string_view decimal);

/// Millionths as a decimal with no more decimals than needed: `12.5`, `0.000001`, `-3`.
std::string format_micros(std::int64_t micros);

/// `a + b`, or InvalidInput where it does not fit 64 bits.
std::int64_t checked_add(std::int64_t a, std::int64_t b);

}  // namespace adgenome::core
