#include <adgenome/core/hash.hpp>
#include <adgenome/experiments/assignment.hpp>
#include <cmath>

namespace adgenome::experiments {
namespace {

constexpr int kBuckets = 10'000;

}  // namespace

std::string seed_key(std::string_view product_id, std::string_view template_id, core::Time began) {
  const std::string time = core::format_time(began);  // 2026-11-20T17:24:31Z
  std::string minute;
  for (const char c : time.substr(0, 16)) {
    if (c >= '0' && c <= '9') minute += c;
  }
  return core::sha256_hex(std::string(product_id) + ":" +
                          std::string(template_id.empty() ? "none" : template_id) + ":" + minute);
}

int bucket_of(std::string_view key, std::string_view experiment_id) {
  int bucket = 0;
  for (const char c : core::sha256_hex(std::string(key) + ":" + std::string(experiment_id))) {
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    bucket = (bucket * 16 + digit) % kBuckets;
  }
  return bucket;
}

bool is_variant(int bucket, double split) {
  constexpr double kRounding = 1e-9;  // 0.00015 times 10,000 is a little less than 1.5
  return bucket < static_cast<int>(std::floor(split * kBuckets + 0.5 + kRounding));
}

}  // namespace adgenome::experiments
