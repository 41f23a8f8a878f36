#include <adgenome/app/settings.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

const std::vector<std::string> kColumns = {"key", "value", "source", "takes", "read_by"};

struct SetOptions {
  std::vector<std::string> assignments;
  std::string by = "command line";
  std::optional<std::string> account;

  app::SettingsChange change(const cli::Context& context) const {
    app::SettingsChange change{
        .values = {}, .by = by, .now = context.now(), .is_dry_run = context.is_dry_run()};
    for (const std::string& text : assignments) {
      change.values.push_back(cli::name_and_value(text, "argument KEY=VALUE"));
    }
    return change;
  }
};

void add_set_options(cli::Command& command, SetOptions& options) {
  command.schema = "settings/v1";
  command.writes = true;
  command.positional("KEY=VALUE", options.assignments, "what to set; KEY= takes it away")
      .required();
  command.value("--by", options.by, "NAME", "who is noted to have changed it");
}

cli::Command brand_list() {
  cli::Command command("list", "list the brands of the store");
  command.schema = "brands/v1";
  command.examples = {
      {"adgenome brand list", "every brand with its organization and accounts"},
      {"adgenome brand list --format json | jq -r '.items[].brand_id'", "their ids"}};
  command.run = [](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    core::Json items = core::Json::array();
    for (const store::Brand& brand : store::brands(session)) {
      core::Json accounts = core::Json::array();
      for (const store::Account& account : store::accounts(session, brand.id)) {
        accounts.push_back(account.id);
      }
      items.push_back({{"brand_id", brand.id},
                       {"name", brand.name},
                       {"organization_id", brand.organization_id},
                       {"currency", brand.currency ? core::Json(*brand.currency) : core::Json()},
                       {"products", store::products(session, brand.id).size()},
                       {"accounts", std::move(accounts)}});
    }
    core::Json reason;
    if (items.empty()) reason = "the store has no brand";
    return {.document = {{"reason", std::move(reason)}, {"items", std::move(items)}},
            .list = "items",
            .columns = {"brand_id", "name", "organization_id", "currency", "products"}};
  };
  return command;
}

cli::Command brand_show() {
  cli::Command command("show", "show the settings of a brand");
  command.schema = "settings/v1";
  command.details = "Every setting that something reads, with its value and where that comes from.";
  command.examples = {{"adgenome brand show --brand demo-brand", "what is set, and what counts"},
                      {"adgenome brand show --format json | jq '.items[] | select(.source != "
                       "\"default\")'",
                       "only what is not as it comes"}};
  command.run = [](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::brand_settings(session, brand_of(context, session)),
            .list = "items",
            .columns = kColumns};
  };
  return command;
}

cli::Command brand_set() {
  auto options = std::make_shared<SetOptions>();
  cli::Command command("set", "change settings of a brand");
  add_set_options(command, *options);
  command.details =
      "A change of how ads are selected and measured is kept as a version with time "
      "and name; none is overwritten.\n\nKeys: " +
      app::describe_brand_keys() + ".";
  command.examples = {
      {"adgenome brand set tier=premium weights.fatigue=0.6", "two settings at once"},
      {"adgenome brand set rules=classic --by ann", "the rules in common use, for this brand"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {
        .document = app::set_brand(session, brand_of(context, session), options->change(context)),
        .list = "items",
        .columns = kColumns};
  };
  return command;
}

cli::Command account_show() {
  auto options = std::make_shared<SetOptions>();
  cli::Command command("show", "show the settings of an ad account");
  command.schema = "settings/v1";
  command.details = "An account's own settings count before those of its brand.";
  command.value("--account", options->account, "ID", "the account; may be left out if it is alone");
  command.examples = {{"adgenome account show", "the settings of the brand's only account"},
                      {"adgenome account show --account act_123 --format json", "as a document"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    return {.document = app::account_settings(
                session, brand, app::resolve_account(session, brand, options->account)),
            .list = "items",
            .columns = kColumns};
  };
  return command;
}

cli::Command account_set() {
  auto options = std::make_shared<SetOptions>();
  cli::Command command("set", "change settings of an ad account");
  add_set_options(command, *options);
  command.details = "Each change is kept as a version with time and name.\n\nKeys: " +
                    app::describe_account_keys() + ".";
  command.value("--account", options->account, "ID", "the account; may be left out if it is alone");
  command.examples = {
      {"adgenome account set conversion_event=lead",
       "count leads where the brand counts purchases"},
      {"adgenome account set conversion_event= --account act_123", "as the brand again"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    return {.document = app::set_account(session, brand,
                                         app::resolve_account(session, brand, options->account),
                                         options->change(context)),
            .list = "items",
            .columns = kColumns};
  };
  return command;
}

}  // namespace

cli::Command brand() {
  cli::Command command("brand", "brands and their settings");
  command.examples = {{"adgenome brand list", "every brand of the store"},
                      {"adgenome brand set tier=growth", "a stricter asset gate"}};
  command.children = {brand_list(), brand_show(), brand_set()};
  return command;
}

cli::Command account() {
  cli::Command command("account", "ad accounts and their settings");
  command.examples = {{"adgenome account show", "what counts for the brand's only account"},
                      {"adgenome account set currency=EUR", "the currency of its amounts"}};
  command.children = {account_show(), account_set()};
  return command;
}

}  // namespace adgenome::commands
