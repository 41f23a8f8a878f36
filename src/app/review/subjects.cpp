#include "subjects.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "app/ad_drawing.hpp"
#include "shown_exemplars.hpp"

namespace adgenome::app {
namespace {

void append_text(std::vector<std::string>& texts, const std::optional<std::string>& text) {
  if (text) texts.push_back(*text);
}

void append_texts(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  texts.insert(texts.end(), more.begin(), more.end());
}

// Everything in the catalogue that names an offer or a claim which an ad may repeat.
std::vector<std::string> given_texts(store::Session& session, const store::Brand& brand,
                                     const std::string& product_id) {
  std::vector<std::string> texts = brand.required_disclaimers;
  if (const auto product = store::find_product(session, brand.id, product_id)) {
    append_text(texts, product->current_offer);
    append_text(texts, product->guarantee);
    append_texts(texts, product->benefits);
    append_texts(texts, product->unique_selling_points);
  }
  for (const store::OfferVariant& variant : store::offer_variants(session, brand.id, product_id)) {
    append_text(texts, variant.message);
    append_text(texts, variant.hero_headline);
    append_text(texts, variant.hero_text);
    append_texts(texts, variant.benefits);
  }
  return texts;
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
                          const store::Brand& brand, const std::vector<std::string>& given) {
  ReviewSubject subject{.ad_id = ad.id, .brief = {}, .prompt = ad.prompt, .rendering = {}};
  creative::ReviewBrief& brief = subject.brief;
  brief.given = given;
  brief.prohibited_claims = brand.prohibited_claims;
  brief.required_disclaimers = brand.required_disclaimers;
  brief.headline = ad.headline;
  brief.call_to_action = content_text(ad.prompt, "call_to_action");
  if (!ad.rendering.is_null()) {
    subject.rendering = creative::rendering_from_json(ad.rendering, "rendering of ad " + ad.id);
    for (const creative::PlacedText& text : subject.rendering->texts) {
      brief.texts.push_back(text.text);
    }
  } else {
    append_text(brief.texts, ad.headline);
    append_text(brief.texts, content_text(ad.prompt, "subheadline"));
    append_text(brief.texts, brief.call_to_action);
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
  std::map<std::string, std::vector<std::string>> given;
  const ExemplarShelf exemplars(session, brand);
  std::vector<WantedAd> wanted;
  for (store::AdForReview& ad : named_ads(session, brand, request)) {
    if (ad.status == "generation_failed") {
      ++not_generated;
      continue;
    }
    if (!given.contains(ad.product_id)) {
      given[ad.product_id] = given_texts(session, brand, ad.product_id);
    }
    ReviewSubject subject = subject_for(session, ad, brand, given[ad.product_id]);
    subject.exemplars = exemplars.shown_with(ad.id);
    wanted.push_back({std::move(ad), std::move(subject)});
  }
  return wanted;
}

}  // namespace adgenome::app
