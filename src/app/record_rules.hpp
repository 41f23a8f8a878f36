#pragma once

#include <adgenome/app/records.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/store/records.hpp>
#include <map>
#include <optional>
#include <string>

#include "record_values.hpp"

namespace adgenome::app {

/// What holds of the records of single types beyond the shape of their fields, and what follows
/// from storing one.
class RecordRules {
 public:
  RecordRules(store::Session& session, const RecordImport& request)
      : session_(session), request_(request) {}

  /// Checks, completes and stores a record, and does what that entails.
  store::Upsert put(ReadRecord& read, const std::string& brand_id);

  core::Json warnings() const;

 private:
  store::OnInsert before(ReadRecord& read, const std::string& brand_id);
  void after(const ReadRecord& read, const std::string& brand_id);
  store::Upsert put_mapping(ReadRecord& read, const std::string& brand_id);
  void check_reference(const ReadRecord& read, const store::RecordField& field,
                       const std::string& brand_id);
  void check_configs(const ReadRecord& read, const std::string& brand_id);
  void check_plan(const ReadRecord& read, const std::string& brand_id);
  store::OnInsert before_ad(ReadRecord& read, const std::string& brand_id);
  void before_deal(ReadRecord& read, const std::string& brand_id);
  store::OnInsert before_override(ReadRecord& read, const std::string& brand_id);
  store::OnInsert before_embedding(ReadRecord& read, const std::string& brand_id);
  void note_unknown_ad(const ReadRecord& read, const std::string& brand_id);

  store::Session& session_;
  const RecordImport& request_;
  std::optional<store::AdElements> earlier_;        ///< of the ad that is being stored
  std::map<std::string, std::int64_t> dimensions_;  ///< by model
  std::int64_t unknown_ads_ = 0;
};

}  // namespace adgenome::app
