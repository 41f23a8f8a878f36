#include "subjects.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/creative/congruence.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "app/ad_drawing.hpp"
#include "app/offer_targets.hpp"
#include "shown_exemplars.hpp"

namespace adgenome::app {
namespace {

void append_text(std::vector<std::string>& texts, const std::optional<std::string>& text) {
  if (text) texts.push_back(*text);
}

void append_texts(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  texts.insert(texts.end(), more.begin(), more.end());
}

// Everything in the catalogue that an ad of a product is held against.
struct ProductWords {
  std::vector<std::string> given;  ///< what names an offer or a claim which an ad may repeat
  std::vector<store::OfferVariant> variants;
};

ProductWords words_of_product(store::Session& session, const store::Brand& brand,
                              const std::string& product_id) {
  ProductWords words{.given = brand.required_disclaimers,
                     .variants = store::offer_variants(session, brand.id, product_id)};
  std::vector<std::string>& texts = words.given;
  if (const auto product = store::find_product(session, brand.id, product_id)) {
    append_text(texts, product->current_offer);
    append_text(texts, product->guarantee);
    append_texts(texts, product->benefits);
    append_texts(texts, product->unique_selling_points);
  }
  for (const store::OfferVariant& variant : words.variants) {
    append_text(texts, variant.message);
    append_text(texts, variant.hero_headline);
    append_text(texts, variant.hero_text);
    append_texts(texts, variant.benefits);
  }
  return words;
}

// How well the headline fits, by the measure that is stored with the ad.
std::optional<creative::HeadlineFit> stored_fit(const store::AdForReview& ad) {
  if (!ad.congruence_score) return std::nullopt;
  creative::HeadlineFit fit{.score = *ad.congruence_score, .method = "stored"};
  const auto content = ad.prompt.find("content");
  if (content == ad.prompt.end() || !content->is_object()) return fit;
  const core::Json parts = content->value("congruence", core::Json());
  if (!parts.is_object()) return fit;
  const core::Json method = parts.value("method", core::Json());
  if (method.is_string()) fit.method = method.get<std::string>();
  const auto score_of = [&](const char* target) -> std::optional<double> {
    const core::Json part = parts.value(target, core::Json());
    if (!part.is_object() || !part.contains("score") || !part.at("score").is_number())
      return std::nullopt;
    return part.at("score").get<double>();
  };
  fit.offer_variant = score_of("offer_variant");
  fit.landing_page = score_of("landing_page");
  fit.belief = score_of("belief");
  return fit;
}

// Where none is stored: the same measure taken now, against the variant of the prompt, else the
// product's first.
std::optional<creative::HeadlineFit> measured_fit(const store::AdForReview& ad,
                                                  const ProductWords& words) {
  if (!ad.headline || words.variants.empty()) return std::nullopt;
  const store::OfferVariant* variant = &words.variants.front();
  const auto product = ad.prompt.find("product");
  if (product != ad.prompt.end() && product->is_object()) {
    const core::Json named = product->value("offer_variant", core::Json());
    for (const store::OfferVariant& one : words.variants) {
      if (named == one.id) variant = &one;
    }
  }
  creative::CongruenceTargets targets = targets_of(*variant);
  targets.given = words.given;
  const creative::Congruence found =
      creative::measure_congruence(*ad.headline, targets, creative::TermWeights(words.given));
  if (!found.score) return std::nullopt;
  creative::HeadlineFit fit{.score = *found.score, .method = "local", .offer = variant->id};
  if (found.offer_variant) fit.offer_variant = found.offer_variant->score;
  if (found.landing_page) fit.landing_page = found.landing_page->score;
  return fit;
}

// The areas of the layout that was drawn: the template's own, else the built-in one of that name.
// Nothing where it is another by now.
std::optional<std::vector<creative::LayoutArea>> areas_of(const store::AdForReview& ad,
                                                          const creative::Rendering& rendering) {
  std::optional<creative::Layout> layout;
  if (ad.template_layout.is_object()) {
    try {
      layout = creative::parse_layout(ad.template_layout, "template of ad " + ad.id);
    } catch (const core::InvalidInput&) {
      return std::nullopt;  // not what was drawn
    }
  }
  if (!layout || layout->id() != rendering.layout) {
    layout = creative::find_layout(rendering.layout.substr(0, rendering.layout.rfind('/')));
  }
  if (!layout || layout->id() != rendering.layout) return std::nullopt;
  return creative::text_areas(*layout, creative::aspect_of(rendering.width, rendering.height));
}

std::optional<std::string> content_text(const core::Json& prompt, const char* name) {
  const auto content = prompt.find("content");
  if (content == prompt.end() || !content->is_object()) return std::nullopt;
  const auto member = content->find(name);
  if (member == content->end()) return std::nullopt;
  if (member->is_string()) return member->get<std::string>();
  if (member->is_object() && member->contains("text") && member->at("text").is_string()) {
    return member->at("text").get<std::string>();
  }
  return std::nullopt;
}

// The pictures of a role that the prompt names.
std::vector<std::string> prompt_images(const core::Json& prompt, std::string_view role) {
  std::vector<std::string> paths;
  const auto images = prompt.find("images");
  if (images == prompt.end() || !images->is_array()) return paths;
  for (const core::Json& image : *images) {
    if (image.is_object() && image.value("role", core::Json()) == role && image.contains("path") &&
        image.at("path").is_string()) {
      paths.push_back(image.at("path").get<std::string>());
    }
  }
  return paths;
}

void append_strings(std::vector<std::string>& texts, const core::Json& value) {
  if (value.is_string()) texts.push_back(value.get<std::string>());
  if (value.is_structured()) {
    for (const core::Json& part : value) append_strings(texts, part);
  }
}

// What a picture that something else made should show, and what else of the prompt may stand there.
void add_expected_texts(ReviewSubject& subject) {
  const auto expect = [&](const char* role, const std::optional<std::string>& text) {
    if (text && !text->empty()) subject.expected_texts.push_back({role, *text});
  };
  const auto in_prompt = content_text(subject.prompt, "headline");
  expect("headline", in_prompt ? in_prompt : subject.brief.headline);
  expect("subheadline", content_text(subject.prompt, "subheadline"));
  expect("cta", subject.brief.call_to_action);
  subject.known_texts = subject.brief.given;
  if (!subject.prompt.is_object()) return;
  for (const char* part : {"product", "content"}) {
    const auto found = subject.prompt.find(part);
    if (found != subject.prompt.end()) append_strings(subject.known_texts, *found);
  }
}

void add_pictures(const store::Session& session, ReviewSubject& subject) {
  std::vector<std::string> products;
  std::optional<std::string> logo;
  if (subject.rendering) {
    append_text(products, subject.rendering->product_image);
    logo = subject.rendering->logo_image;
  } else {
    products = prompt_images(subject.prompt, "product");
    const std::vector<std::string> logos = prompt_images(subject.prompt, "logo");
    if (!logos.empty()) logo = logos.front();
  }
  for (const std::string& path : products)
    subject.product_files.push_back(picture_file(session, path));
  if (logo) subject.logo_file = picture_file(session, *logo);
}

ReviewSubject subject_for(const store::Session& session, const store::AdForReview& ad,
                          const store::Brand& brand, const ProductWords& words) {
  ReviewSubject subject{.ad_id = ad.id, .brief = {}, .prompt = ad.prompt, .rendering = {}};
  creative::ReviewBrief& brief = subject.brief;
  brief.given = words.given;
  brief.prohibited_claims = brand.prohibited_claims;
  brief.required_disclaimers = brand.required_disclaimers;
  brief.headline = ad.headline;
  brief.call_to_action = content_text(ad.prompt, "call_to_action");
  brief.fit = stored_fit(ad);
  if (!brief.fit) brief.fit = measured_fit(ad, words);
  if (!ad.rendering.is_null()) {
    subject.rendering = creative::rendering_from_json(ad.rendering, "rendering of ad " + ad.id);
    brief.areas = areas_of(ad, *subject.rendering);
    for (const creative::PlacedText& text : subject.rendering->texts) {
      brief.texts.push_back(text.text);
    }
  } else {
    append_text(brief.texts, ad.headline);
    append_text(brief.texts, content_text(ad.prompt, "subheadline"));
    append_text(brief.texts, brief.call_to_action);
    add_expected_texts(subject);
  }
  if (ad.image_path) {
    subject.image_file = picture_file(session, *ad.image_path);
    add_pictures(session, subject);
  }
  return subject;
}

std::vector<store::AdForReview> named_ads(store::Session& session, const store::Brand& brand,
                                          const ReviewRequest& request) {
  if (request.batch) {
    auto ads = store::ads_for_review(session, brand.id, *request.batch);
    if (!ads) throw core::InvalidInput("brand " + brand.id + " has no batch " + *request.batch);
    return std::move(*ads);
  }
  std::vector<store::AdForReview> ads;
  std::set<std::string> seen;
  for (const std::string& id : request.ads) {
    if (!seen.insert(id).second) continue;
    auto ad = store::find_ad_for_review(session, brand.id, id);
    if (!ad) {
      throw core::InvalidInput("brand " + brand.id + " has no ad " + id,
                               "adgenome ads list shows them");
    }
    ads.push_back(std::move(*ad));
  }
  return ads;
}

}  // namespace

std::string picture_file(const store::Session& session, const std::string& path) {
  const std::filesystem::path beside = file_beside_store(session, path);
  return std::filesystem::exists(beside) ? beside.string() : path;
}

std::vector<WantedAd> wanted_ads(store::Session& session, const store::Brand& brand,
                                 const ReviewRequest& request, std::int64_t& not_generated) {
  std::map<std::string, ProductWords> words;
  const ExemplarShelf exemplars(session, brand);
  std::vector<WantedAd> wanted;
  for (store::AdForReview& ad : named_ads(session, brand, request)) {
    if (ad.status == "generation_failed") {
      ++not_generated;
      continue;
    }
    if (!words.contains(ad.product_id)) {
      words[ad.product_id] = words_of_product(session, brand, ad.product_id);
    }
    ReviewSubject subject = subject_for(session, ad, brand, words[ad.product_id]);
    subject.exemplars = exemplars.shown_with(ad.id);
    wanted.push_back({std::move(ad), std::move(subject)});
  }
  return wanted;
}

}  // namespace adgenome::app
