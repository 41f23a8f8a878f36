#include "record_rules.hpp"

#include <adgenome/app/settings.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/ids.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/fatigue_thresholds.hpp>
#include <adgenome/learning/maturity_thresholds.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/decisions.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/reviews.hpp>
#include <adgenome/store/settings.hpp>
#include <algorithm>
#include <array>

#include "ad_uses.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using store::RecordField;
using Kind = RecordField::Kind;

/// The members of a plan's item and the tables whose ids they are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPlanReferences{
    {{"angle_id", "angles"},
     {"persona_id", "personas"},
     {"template_id", "templates"},
     {"hook_id", "hooks"}}};

/// A currency is written as ISO 4217 writes it.
void settle_currency(ReadRecord& read) {
  const auto given = read.text("currency");
  if (!given) return;
  try {
    read.set("currency", core::Currency(*given).code());
  } catch (const core::InvalidInput& error) {
    read.fail("currency", error.what());
  }
}

/// What the readers of a config would refuse.
void check_config(const ReadRecord& read, const char* field, const Json& config,
                  const std::string& whose = "") {
  try {
    learning::fatigue_thresholds_from(settings_group(config, "fatigue"));
    learning::maturity_thresholds_from(settings_group(config, "maturity"));
  } catch (const core::InvalidInput& error) {
    read.fail(field, whose + error.where() + ": " + error.what());
  }
}

}  // namespace

void RecordRules::check_reference(const ReadRecord& read, const RecordField& field,
                                  const std::string& brand_id) {
  const auto check = [&](const std::string& id) {
    if (!store::has_record(session_, field.refers_to, brand_id, id)) {
      read.fail(field.name, "no \"" + id + "\" in " + std::string(field.refers_to));
    }
  };
  if (field.kind == Kind::kTexts) {
    for (const Json& id : read.json(field.name)) check(id.get<std::string>());
  } else if (const auto id = read.text(field.name); id && !id->empty()) {
    check(*id);
  }
}

void RecordRules::check_plan(const ReadRecord& read, const std::string& brand_id) {
  const Json items = read.json("items");
  if (!items.is_array()) read.fail("items", "expected a list of items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string which = "item " + std::to_string(i + 1) + ": ";
    if (!items[i].is_object()) read.fail("items", which + "expected an object");
    for (const auto& [name, value] : items[i].items()) {
      const auto reference =
          std::find_if(kPlanReferences.begin(), kPlanReferences.end(),
                       [&name = name](const auto& one) { return one.first == name; });
      if (name == "count") {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 1) {
          read.fail("items", which + "count is a whole number from 1 on");
        }
      } else if (name == "made") {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0) {
          read.fail("items", which + "made is a whole number from 0 on");
        }
      } else if (reference == kPlanReferences.end()) {
        read.fail("items", which + "unknown field " + name);
      } else if (!value.is_null() &&
                 (!value.is_string() || !store::has_record(session_, reference->second, brand_id,
                                                           value.get<std::string>()))) {
        read.fail("items",
                  which + "no " + core::dump(value) + " in " + std::string(reference->second));
      }
    }
  }
}

store::OnInsert RecordRules::before_ad(ReadRecord& read, const std::string& brand_id) {
  const std::string id = *read.text("id");
  earlier_ = store::find_ad_elements(session_, brand_id, id);
  const bool is_new = !earlier_;
  if (!read.text("name") && (is_new || read.given("name"))) read.set("name", id);
  if (!read.time("created_at") && (is_new || read.given("created_at"))) {
    read.set("created_at", request_.now);
  }
  return {{"short_id", core::short_id(id)},  {"ad_run_id", id},
          {"prompt_index", std::int64_t{1}}, {"canvas_size", std::string()},
          {"color_mode", std::string()},     {"provider", std::string("imported")}};
}

void RecordRules::note_unknown_ad(const ReadRecord& read, const std::string& brand_id) {
  const auto ad = read.text("ad_id");
  if (ad && !store::has_record(session_, "ads", brand_id, *ad)) ++unknown_ads_;
}

void RecordRules::before_deal(ReadRecord& read, const std::string& brand_id) {
  const auto& amount = read.values().fields[read.type().index("amount")];
  const bool has_amount = amount && !std::holds_alternative<std::monostate>(*amount);
  if (has_amount && !read.text("currency")) {
    std::optional<std::string> currency;
    if (const auto account = read.text("account_id")) {
      currency = store::find_account(session_, brand_id, *account)->currency;
    }
    if (!currency) currency = store::find_brand(session_, brand_id)->currency;
    if (!currency) read.fail("amount", "an amount needs a currency, and the brand has none");
    read.set("currency", *currency);
  }
  note_unknown_ad(read, brand_id);
}

store::OnInsert RecordRules::before_override(ReadRecord& read, const std::string& brand_id) {
  const std::string ad = *read.text("ad_id");
  const auto verdict = store::machine_verdict(session_, brand_id, ad);
  const bool is_verdict = verdict->status == "approved" || verdict->status == "rejected";
  if (*read.text("action") == "confirm" && !is_verdict &&
      !store::has_override(session_, brand_id, ad, *read.time("at"), *read.text("by"))) {
    read.fail("action", "there is no verdict to confirm: the ad is " + verdict->status);
  }
  return {{"machine_status", verdict->status}, {"machine_score", store::or_null(verdict->score)}};
}

store::OnInsert RecordRules::before_embedding(ReadRecord& read, const std::string& brand_id) {
  const std::string id = *read.text("id");
  const std::string kind = *read.text("kind");
  if (!store::has_record(session_, kind == "ad" ? "ads" : "templates", brand_id, id)) {
    read.fail("id", "no " + kind + " \"" + id + "\"");
  }
  const std::string model = *read.text("model");
  const auto& vector = std::get<store::Bytes>(*read.values().fields[read.type().index("vector")]);
  const auto length = static_cast<std::int64_t>(vector.bytes.size() / sizeof(float));
  auto known = dimensions_.find(model);
  if (known == dimensions_.end()) {
    const auto stored = store::model_dimensions(session_, brand_id, model);
    known = dimensions_.emplace(model, stored.value_or(length)).first;
  }
  if (length != known->second) {
    read.fail("vector", "has " + std::to_string(length) + " dimensions, those of model " + model +
                            " have " + std::to_string(known->second));
  }
  return {{"dimensions", length}};
}

void RecordRules::check_configs(const ReadRecord& read, const std::string& brand_id) {
  const bool is_brand = read.type().name == "brand";
  const char* field = is_brand ? "account_config" : "config";
  const Json given = read.json(field);
  if (given.is_null()) return;
  // What an account leaves to its brand has to agree with what it has of its own.
  if (is_brand) {
    store::Brand brand;
    brand.account_config = given;
    check_config(read, field, given);
    for (const store::Account& account : store::accounts(session_, *read.text("id"))) {
      check_config(read, field, effective_config(brand, account), "account " + account.id + ": ");
    }
  } else {
    store::Account account;
    account.config = given;
    check_config(read, field, effective_config(*store::find_brand(session_, brand_id), account));
  }
}

store::OnInsert RecordRules::before(ReadRecord& read, const std::string& brand_id) {
  const store::RecordType& type = read.type();
  for (const RecordField& field : type.fields) {
    // The brand and the product were needed to get here.
    if (field.refers_to.empty() || field.name == "brand_id") continue;
    check_reference(read, field, brand_id);
  }
  if (type.index("currency") < type.fields.size()) settle_currency(read);
  if (type.name == "brand" || type.name == "account") {
    for (const char* field : {"selection_config", "account_config", "config"}) {
      if (type.index(field) == type.fields.size() || read.json(field).is_null()) continue;
      if (!read.json(field).is_object()) read.fail(field, "expected an object");
    }
    check_configs(read, brand_id);
  } else if (type.name == "plan") {
    check_plan(read, brand_id);
  } else if (type.name == "competitor_ad") {
    const auto first = read.time("first_seen");
    const auto last = read.time("last_seen");
    if (first && last && *last < *first) read.fail("last_seen", "is before first_seen");
  } else if (type.name == "ad") {
    return before_ad(read, brand_id);
  } else if (type.name == "deal_event") {
    before_deal(read, brand_id);
    return {{"learned_at", request_.now}};
  } else if (type.name == "click") {
    if (!read.text("ad_id") && !read.text("platform_ad_id")) {
      read.record().fail("a click names its ad_id or platform_ad_id");
    }
    note_unknown_ad(read, brand_id);
  } else if (type.name == "override") {
    return before_override(read, brand_id);
  } else if (type.name == "embedding") {
    return before_embedding(read, brand_id);
  }
  return {};
}

void RecordRules::after(const ReadRecord& read, const std::string& brand_id) {
  const store::RecordType& type = read.type();
  if (type.name == "ad") {
    count_uses(session_, brand_id, *read.text("id"), earlier_);
  } else if (type.name == "override") {
    const std::string ad = *read.text("ad_id");
    store::settle_human_decision(session_, brand_id, ad);
    store::answer_audit(session_, brand_id, ad, *read.text("action"), *read.time("at"),
                        *read.text("by"));
  } else if (type.name == "brand") {
    keep_brand_settings(session_, *read.text("id"), request_.by, request_.now);
  } else if (type.name == "account") {
    keep_account_settings(session_, brand_id, *read.text("id"), request_.by, request_.now);
  }
}

/// What a platform ad was mapped to before is kept for replays.
store::Upsert RecordRules::put_mapping(ReadRecord& read, const std::string& brand_id) {
  const store::PlatformAd wanted{.platform = *read.text("platform"),
                                 .platform_ad_id = *read.text("platform_ad_id"),
                                 .name = {},
                                 .account_id = {},
                                 .adset_id = {},
                                 .adset_name = {},
                                 .campaign_id = {}};
  const store::PlatformAd* const one = &wanted;
  const auto before = store::find_platform_ads(session_, brand_id, {&one, 1}).front().ad_id;
  const std::string ad = *read.text("ad_id");
  if (before != ad) {
    store::put_mapping(session_, brand_id, wanted.platform, wanted.platform_ad_id, ad, "mapping",
                       request_.now);
  }
  const store::Upsert rest = store::upsert_record(session_, read.type(), brand_id, read.values());
  if (!before) return store::Upsert::kNew;
  return before == ad ? rest : store::Upsert::kChanged;
}

store::Upsert RecordRules::put(ReadRecord& read, const std::string& brand_id) {
  const store::OnInsert on_insert = before(read, brand_id);
  if (read.type().name == "mapping") return put_mapping(read, brand_id);
  const store::Upsert outcome =
      store::upsert_record(session_, read.type(), brand_id, read.values(), on_insert);
  if (outcome != store::Upsert::kUnchanged) after(read, brand_id);
  return outcome;
}

Json RecordRules::warnings() const {
  Json list = Json::array();
  if (unknown_ads_ > 0) {
    list.push_back(std::to_string(unknown_ads_) + " records name an ad that is not in the store");
  }
  return list;
}

}  // namespace adgenome::app
