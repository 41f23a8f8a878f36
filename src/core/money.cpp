#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <charconv>
#include <cstdlib>

namespace adgenome::core {
namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw InvalidInput("not an amount: \"" + std::string(text) + "\"");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// ISO 4217 without metals and test codes, with those withdrawn since 2010 that old exports hold.
constexpr std::string_view kCurrencies =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD "
    "BTN BWP BYN BYR BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK "
    "DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD "
    "LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN "
    "NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK "
    "SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
    "UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "
    "ZWL ";

}  // namespace

std::string_view known_currency(std::string_view code) {
  if (code.size() != 3) return {};
  char upper[3];
  for (std::size_t i = 0; i < 3; ++i) {
    upper[i] = code[i] >= 'a' && code[i] <= 'z' ? static_cast<char>(code[i] - 'a' + 'A') : code[i];
    if (upper[i] < 'A' || upper[i] > 'Z') return {};
  }
  for (std::size_t at = 0; at < kCurrencies.size(); at += 4) {
    const std::string_view known = kCurrencies.substr(at, 3);
    if (known == std::string_view(upper, 3)) return known;
  }
  return {};
}

Currency::Currency(std::string_view code) : code_(known_currency(code)) {
  if (code_.empty()) {
    throw InvalidInput("not a currency: \"" + std::string(code) + "\"",
                       "write the three letters of ISO 4217, as in EUR");
  }
}

Money& Money::operator+=(const Money& other) {
  if (currency_ != other.currency_) {
    throw InvalidInput("cannot add " + currency_.code() + " and " + other.currency_.code());
  }
  micros_ = checked_add(micros_, other.micros_);
  return *this;
}

std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw InvalidInput("a sum does not fit 64 bits");
  return sum;
}

std::int64_t parse_micros(std::string_view decimal) {
  // Collects the digits and where the point stands, then places them relative to 10^-6.
  std::string_view rest = decimal;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  std::string digits;
  std::int64_t exponent = 0;
  std::size_t i = 0;
  for (; i < rest.size() && is_digit(rest[i]); ++i) digits += rest[i];
  if (i < rest.size() && rest[i] == '.') {
    for (++i; i < rest.size() && is_digit(rest[i]); ++i) {
      digits += rest[i];
      --exponent;
    }
  }
  if (digits.empty()) refuse(decimal);
  if (i < rest.size() && (rest[i] == 'e' || rest[i] == 'E')) {
    ++i;
    if (i < rest.size() && rest[i] == '+') ++i;
    int written = 0;
    const auto [end, error] = std::from_chars(rest.data() + i, rest.data() + rest.size(), written);
    if (error != std::errc{} || std::abs(written) > 400) refuse(decimal);
    i = static_cast<std::size_t>(end - rest.data());
    exponent += written;
  }
  if (i != rest.size()) refuse(decimal);

  const std::int64_t shift = exponent + 6;  // value = digits * 10^shift micros
  std::string kept = digits;
  bool round_up = false;
  if (shift < 0) {
    const auto dropped = static_cast<std::size_t>(-shift);
    if (dropped > kept.size()) kept.insert(0, dropped - kept.size(), '0');
    const std::string tail = kept.substr(kept.size() - dropped);
    kept.resize(kept.size() - dropped);
    const bool more_than_half =
        tail[0] > '5' || (tail[0] == '5' && tail.find_first_not_of('0', 1) != std::string::npos);
    const bool is_half = tail[0] == '5' && !more_than_half;
    const bool odd = !kept.empty() && ((kept.back() - '0') % 2 == 1);
    round_up = more_than_half || (is_half && odd);
  } else if (kept.find_first_not_of('0') != std::string::npos) {
    kept.append(static_cast<std::size_t>(shift), '0');
  }
  std::int64_t micros = 0;
  for (const char c : kept) {
    if (__builtin_mul_overflow(micros, 10, &micros) ||
        __builtin_add_overflow(micros, c - '0', &micros)) {
      throw InvalidInput("amount too large: \"" + std::string(decimal) + "\"");
    }
  }
  if (round_up) micros = checked_add(micros, 1);
  return negative ? -micros : micros;
}

std::string format_micros(std::int64_t micros) {
  const std::uint64_t magnitude =
      micros < 0 ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string fraction = std::to_string(magnitude % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  std::string text = (micros < 0 ? "-" : "") + std::to_string(magnitude / 1'000'000);
  if (!fraction.empty()) text += '.' + fraction;
  return text;
}

}  // namespace adgenome::core
