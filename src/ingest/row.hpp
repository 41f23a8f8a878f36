#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/ingest/performance.hpp>
#include <map>
#include <string>
#include <string_view>

#include "cells.hpp"
#include "fields.hpp"

namespace adgenome::ingest {

/// A bad value of a field; the message names the field, `reason` does not.
struct BadField : core::InvalidInput {
  BadField(Field bad_field, const std::string& why, std::string hint = "")
      : InvalidInput(std::string(name_of(bad_field)) + ": " + why, std::move(hint)),
        field(bad_field),
        reason(why) {}
  Field field;
  std::string reason;
};

/// How the texts of a row are to be read.
struct Writing {
  DateOrder dates = DateOrder::kYearMonthDay;
  Decimals decimals = Decimals::kPlain;
};

/// Makes performance rows of texts and checks them: the one place that says what a good row is.
class RowMaker {
 public:
  explicit RowMaker(const PerformanceOptions& options) : options_(options) {}

  /// The row of these texts, whose views it keeps. Throws BadField.
  PerformanceRow make(const FieldTexts& texts, const Writing& writing);

  /// The currency of a row: its own, else that of its account, else the default; empty where none
  /// is known. Throws BadField where there is no such currency.
  std::string_view currency_of(std::string_view platform, std::string_view account_id,
                               std::string_view named);

 private:
  std::string_view known_currency(std::string_view code);
  std::string_view account_currency(std::string_view platform, std::string_view account_id);
  core::Day date(Field field, std::string_view text, DateOrder order);

  const PerformanceOptions& options_;
  // What the row before said: rows of one file say much the same.
  std::string currency_text_;
  std::string_view currency_;
  std::map<std::string, std::string_view, std::less<>> account_currencies_;
  std::string date_text_;
  core::Day date_{};
};

/// Counts what is odd but not bad over the rows of a file.
class Oddities {
 public:
  void see(const PerformanceRow& row);
  std::vector<std::string> warnings() const;

 private:
  std::int64_t more_clicks_ = 0;
  std::int64_t first_more_clicks_ = 0;  ///< line
  std::int64_t long_ids_ = 0;
  std::int64_t rounded_ids_ = 0;
};

}  // namespace adgenome::ingest
