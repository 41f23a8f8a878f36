#include "shown_exemplars.hpp"

#include "subjects.hpp"

namespace adgenome::app {

creative::ExemplarAd to_exemplar_ad(const store::Exemplar& exemplar) {
  return {
      .ad_id = exemplar.ad_id,
      .kind =
          creative::parse_exemplar_kind(exemplar.kind).value_or(creative::ExemplarKind::kEdgeCase),
      .traits = {exemplar.category, exemplar.size, exemplar.color_mode},
      .at = exemplar.added_at};
}

ExemplarShelf::ExemplarShelf(store::Session& session, const store::Brand& brand)
    : session_(session), brand_id_(brand.id), stored_(store::exemplars(session, brand.id)) {
  for (const store::Exemplar& exemplar : stored_) ads_.push_back(to_exemplar_ad(exemplar));
}

std::vector<store::Exemplar> ExemplarShelf::nearest(const std::string& ad_id) const {
  std::vector<store::Exemplar> chosen;
  if (ads_.empty()) return chosen;
  const auto traits = store::find_ad_traits(session_, brand_id_, ad_id);
  if (!traits) return chosen;
  for (const std::size_t i : creative::exemplars_for_review(
           ads_, ad_id, {traits->category, traits->size, traits->color_mode})) {
    chosen.push_back(stored_[i]);
  }
  return chosen;
}

std::vector<ShownExemplar> ExemplarShelf::shown_with(const std::string& ad_id) const {
  std::vector<ShownExemplar> shown;
  for (const store::Exemplar& exemplar : nearest(ad_id)) {
    shown.push_back({.ad_id = exemplar.ad_id,
                     .kind = exemplar.kind,
                     .score = exemplar.score,
                     .reason = exemplar.reason,
                     .headline = exemplar.headline,
                     .image_file = exemplar.image_path
                                       ? picture_file(session_, *exemplar.image_path)
                                       : std::string()});
  }
  return shown;
}

}  // namespace adgenome::app
