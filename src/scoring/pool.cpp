#include <adgenome/core/text.hpp>
#include <adgenome/scoring/pool.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::scoring {

std::uint32_t Interner::intern(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(ids_.size());
  ids_.emplace(std::string(text), id);
  return id;
}

std::uint32_t Interner::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? kNone : found->second;
}

std::vector<std::string_view> Interner::texts() const {
  std::vector<std::string_view> list(ids_.size());
  for (const auto& [text, id] : ids_) list[id] = text;
  return list;
}

std::uint32_t AssetSets::intern(std::span<const std::uint32_t> tags) {
  sorted_.assign(tags.begin(), tags.end());
  std::sort(sorted_.begin(), sorted_.end());
  sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
  const auto [at, is_new] = ids_.try_emplace(sorted_, static_cast<std::uint32_t>(sets_.size()));
  if (is_new) sets_.push_back(sorted_);
  return at->second;
}

void TextColumn::push_back(std::string_view text) {
  bytes_ += text;
  ends_.push_back(bytes_.size());
}

std::string_view TextColumn::operator[](std::size_t i) const {
  const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(bytes_).substr(begin, ends_[i] - begin);
}

void Pool::add(const Candidate& candidate) {
  ids.push_back(candidate.id);
  category.push_back(candidate.category ? names.intern(*candidate.category) : Interner::kNone);
  awareness.push_back(static_cast<std::int8_t>(candidate.awareness_level.value_or(0)));
  sex.push_back(candidate.target_sex ? names.intern(core::to_lower(*candidate.target_sex))
                                     : Interner::kNone);

  required.push_back(candidate.asset_set ? *candidate.asset_set
                                         : asset_set(candidate.required_assets));
  is_detected.push_back(candidate.is_detected);
  product_usage.push_back(candidate.product_usage);
  audience_usage.push_back(candidate.audience_usage.value_or(candidate.product_usage));
  evaluation.push_back(candidate.evaluation);
  posterior_mean.push_back(
      candidate.posterior_mean.value_or(std::numeric_limits<double>::quiet_NaN()));
  combination_uses.push_back(candidate.combination_uses.value_or(-1));
  combination_usage.push_back(candidate.combination_last_used
                                  ? Usage::at(*candidate.combination_last_used)
                                  : Usage::date_unknown());
  if (candidate.ad_library.is_known() || has_ad_library()) {
    ad_library.resize(ids.size());
    ad_library.back() = candidate.ad_library;
  }
  double squares = 0;
  for (const float value : candidate.embedding) squares += static_cast<double>(value) * value;
  if (squares > 0 || !embedding_ends.empty()) {
    embedding_ends.resize(ids.size(), embeddings.size());
    if (squares > 0) {
      const double length = std::sqrt(squares);
      for (const float value : candidate.embedding) {
        embeddings.push_back(static_cast<float>(value / length));
      }
    }
    embedding_ends.back() = embeddings.size();
  }
}

std::uint32_t Pool::asset_set(std::span<const std::string_view> tags) {
  std::vector<std::uint32_t> numbers;
  for (const std::string_view tag : tags) numbers.push_back(names.intern(tag));
  return asset_sets.intern(numbers);
}

std::span<const float> Pool::embedding(std::size_t row) const {
  if (embedding_ends.empty()) return {};
  const std::uint64_t begin = row == 0 ? 0 : embedding_ends[row - 1];
  return std::span(embeddings).subspan(begin, embedding_ends[row] - begin);
}

}  // namespace adgenome::scoring
