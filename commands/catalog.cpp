#include <adgenome/app/catalog.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct CatalogArguments {
  std::string type;
  std::string id;
  std::optional<std::string> product;
  std::optional<std::string> awareness;
  std::optional<std::string> analysed;
  store::TemplateFilter filter;

  bool narrows() const {
    return filter.category || filter.niche || filter.target_sex || awareness || analysed ||
           filter.unused_by || product;
  }
};

/// The brand in whose light entries are seen: the one named, the store's only one, or none for
/// types that belong to no brand.
std::optional<store::Brand> brand_for(const cli::Context& context, store::Session& session,
                                      const store::RecordType& type, bool is_needed) {
  if (type.scope == store::RecordScope::kShared && !is_needed && !context.options().brand) {
    const std::vector<store::Brand> all = store::brands(session);
    const bool is_template = type.name == "template" || type.name == "template_evaluation";
    return is_template && all.size() == 1 ? std::optional(all.front()) : std::nullopt;
  }
  return brand_of(context, session);
}

app::CatalogView view_of(const CatalogArguments& given, const cli::Context& context,
                         store::Session& session, const store::RecordType& type) {
  const bool is_needed = given.product || given.filter.unused_by;
  app::CatalogView view{.brand = brand_for(context, session, type, is_needed),
                        .product = given.product,
                        .now = context.now()};
  for (const auto& product : {given.product, given.filter.unused_by}) {
    if (product && !store::find_product(session, view.brand->id, *product)) {
      throw core::InvalidInput("brand " + view.brand->id + " has no product \"" + *product + "\"",
                               "adgenome catalog list product shows those there are");
    }
  }
  return view;
}

void require_template(const CatalogArguments& given) {
  if (given.type != "template" && given.narrows()) {
    throw core::UsageError("only templates are narrowed by what they are and seen for a product",
                           "of other types --limit and --after choose the entries");
  }
}

cli::Command list() {
  auto given = std::make_shared<CatalogArguments>();
  given->filter.limit = 30;
  store::TemplateFilter& filter = given->filter;
  cli::Command command("list", "list the entries of a type");
  command.schema = "catalog/v1";
  command.details =
      "Types: organization, brand, account, product, offer_variant, persona, brand_asset, "
      "template, "
      "template_evaluation, product_image, hook, angle, plan, competitor_ad.\n\n"
      "Of templates also when the brand used them last (for --product: for that product), the "
      "share "
      "of their required assets that the product has pictures of, and the mean of what they are "
      "worth.";
  command.positional("TYPE", given->type, "the type, as in the records of a catalogue");
  command.value("--product", given->product, "ID", "see templates for this product");
  command.value("--category", filter.category, "NAME", "templates of this category");
  command.value("--awareness", given->awareness, "STAGE",
                "templates for this stage, 1 to 5 or its name");
  command.value("--niche", filter.niche, "NAME", "templates of this niche");
  command.value("--target-sex", filter.target_sex, "NAME", "templates made for this sex");
  command.value("--unused-by", filter.unused_by, "PRODUCT", "templates that it never used");
  command
      .value("--analysed", given->analysed, "WHETHER",
             "templates whose pictures were analysed, or not")
      .choice({"yes", "no"});
  command.value("--limit", filter.limit, "N", "at most so many; `total` says how many there are",
                0);
  command.value("--after", filter.after, "ID", "go on behind this entry");
  command.examples = {{"adgenome catalog list template --product serum --unused-by serum",
                       "what could still be tried for a product, and what it lacks"},
                      {"adgenome catalog list hook --limit 100 --format csv", "hooks as a table"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    require_template(*given);
    const store::RecordType& type = app::catalog_type(given->type);
    store::TemplateFilter wanted = given->filter;
    if (given->awareness) wanted.awareness_level = app::parse_awareness(*given->awareness);
    if (given->analysed) wanted.is_analysed = given->analysed == "yes";
    store::Session session = open_store(context);
    core::Json document =
        app::list_catalog(session, type, view_of(*given, context, session, type), wanted);
    std::vector<std::string> columns;
    if (given->type == "template") {
      columns = {"id",          "name", "category",     "awareness_level",
                 "asset_score", "uses", "last_used_at", "posterior_mean"};
    } else {
      for (const store::RecordField& field : type.fields) columns.emplace_back(field.name);
    }
    return {.document = std::move(document), .list = "items", .columns = std::move(columns)};
  };
  return command;
}

cli::Command show() {
  auto given = std::make_shared<CatalogArguments>();
  cli::Command command("show", "show one entry with all that is known of it");
  command.schema = "catalog_record/v1";
  command.positional("TYPE", given->type, "the type, as in the records of a catalogue");
  command.positional("ID", given->id, "the entry");
  command.value("--product", given->product, "ID", "see a template for this product");
  command.examples = {{"adgenome catalog show template tpl-testimonial-01 --product serum",
                       "a template, and how it stands for a product"},
                      {"adgenome catalog show product serum --format json | jq .record.benefits",
                       "one field of a record"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    require_template(*given);
    const store::RecordType& type = app::catalog_type(given->type);
    store::Session session = open_store(context);
    return {.document = app::show_catalog(session, type, given->id,
                                          view_of(*given, context, session, type))};
  };
  return command;
}

}  // namespace

cli::Command catalog() {
  cli::Command command("catalog", "what ads are made of: templates, products, hooks and the rest");
  command.examples = {{"adgenome catalog list template", "the first thirty templates"},
                      {"adgenome catalog show persona new-mothers", "one entry"}};
  command.children = {list(), show()};
  return command;
}

}  // namespace adgenome::commands
