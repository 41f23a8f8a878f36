#include <adgenome/app/review.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <sstream>

namespace adgenome::app {
namespace {

std::vector<std::string> ads_of_generation(const core::Json& document, const std::string& name) {
  std::vector<std::string> ids;
  const core::Json& ads = document.at("ads");
  for (std::size_t i = 0; ads.is_array() && i < ads.size(); ++i) {
    const core::Json& ad = ads[i];
    if (ad.is_object() && ad.value("status", core::Json()) == "generation_failed") continue;
    if (!ad.is_object() || !ad.contains("ad_id") || !ad.at("ad_id").is_string()) {
      throw core::InvalidInput("expected an ad with ad_id", "give the output of generate",
                               name + " /ads/" + std::to_string(i));
    }
    ids.push_back(ad.at("ad_id").get<std::string>());
  }
  return ids;
}

std::vector<std::string> ads_of_records(const std::string& text, const std::string& name) {
  std::vector<std::string> ids;
  core::RecordReader reader({name, std::make_unique<std::istringstream>(text)});
  while (const auto record = reader.next()) {
    if (record->optional_string("status") == "generation_failed") continue;
    ids.push_back(record->at("ad_id").as_id());
  }
  return ids;
}

}  // namespace

std::vector<std::string> ads_of_input(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  const std::string text = core::read_all(path);
  core::Json document;
  try {
    document = core::parse_json(text, name);
  } catch (const core::InvalidInput&) {
    return ads_of_records(text, name);  // not one document: lines, or what is wrong with them
  }
  const bool is_generation = document.is_object() && document.contains("ads");
  return is_generation ? ads_of_generation(document, name) : ads_of_records(text, name);
}

}  // namespace adgenome::app
