#include <adgenome/app/genome.hpp>
#include <adgenome/core/error.hpp>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct UpdateArguments {
  std::optional<std::string> input;
  std::optional<double> half_life;
  AsOfOption as_of;
  RowOptions rows;
};

/// What commands on the genome of the store take.
struct ScopeArguments {
  std::optional<std::string> product;
  AsOfOption as_of;

  void add_to(cli::Command& command) {
    command.value("--product", product, "ID", "ads of this product only");
    as_of.add_to(command);
  }
};

/// The store, the brand and the options of a command.
struct Opened {
  store::Session session;
  store::Brand brand;
  app::GenomeOptions options;
  std::string product_id;
};

Opened open(const cli::Context& context, const AsOfOption& as_of,
            const std::optional<std::string>& product = std::nullopt) {
  store::Session session = open_store(context);
  store::Brand brand = as_of.brand(context, session);
  if (product && !store::find_product(session, brand.id, *product)) {
    throw core::InvalidInput("brand " + brand.id + " has no product \"" + *product + "\"", "",
                             "option --product");
  }
  app::GenomeOptions options = {.now = as_of.now(context),
                                .rules = learning_rules(rules_of(context, brand)),
                                .is_dry_run = as_of.writes_nothing(context),
                                .known_at = store::KnownAt(as_of.time())};
  return {std::move(session), std::move(brand), options, product.value_or("")};
}

/// Tags as they are typed, NAME=VALUE.
std::map<std::string, std::string> tags_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> tags;
  for (const std::string& text : texts) {
    auto [name, value] = cli::name_and_value(text, "--tag");
    if (!tags.emplace(name, value).second) {
      throw core::UsageError("the tag " + name + " is given twice", "", "option --tag");
    }
  }
  return tags;
}

/// The interval as a line from 0 to 1 with the mean on it: "....---o----........".
std::string plot(double low, double mean, double high) {
  constexpr int kWidth = 30;
  const auto column = [](double x) {
    return std::min(kWidth - 1, static_cast<int>(std::floor(x * kWidth)));
  };
  std::string line(kWidth, '.');
  for (int at = column(low); at <= column(high); ++at) line[static_cast<std::size_t>(at)] = '-';
  line[static_cast<std::size_t>(column(mean))] = 'o';
  return line;
}

/// For people only, who read a plot and three decimals; programs have the numbers.
void prepare_for_table(core::Json& elements) {
  for (core::Json& element : elements) {
    const double low = element.at("interval").at(0).get<double>();
    const double high = element.at("interval").at(1).get<double>();
    element["plot"] = plot(low, element.at("mean").get<double>(), high);
    char text[32];
    std::snprintf(text, sizeof text, "%.3f to %.3f", low, high);
    element["interval"] = text;
  }
}

cli::Output output_of(app::Report report, cli::Context& context) {
  for (const std::string& note : report.notes) context.warn(note);
  std::vector<std::string> columns = {"dimension", "value", "mean", "interval", "observations"};
  if (context.format() == cli::Format::kTable) {
    prepare_for_table(report.document["elements"]);
    columns.push_back("plot");
  }
  return {
      .document = std::move(report.document), .list = "elements", .columns = std::move(columns)};
}

cli::Command update() {
  auto arguments = std::make_shared<UpdateArguments>();
  cli::Command command("update", "learn from rewards how well each element of ads does");
  command.schema = "genome/v1";
  command.details =
      "Every value of every dimension has a Beta distribution of its mean reward that starts "
      "even: a reward adds itself to alpha and the rest of 1 to beta, times its weight, and less "
      "the more ads its run has, because the ads of one run do alike; ads made elsewhere count "
      "0.3. "
      "Classic rules add 1 to alpha from one half on, else to beta. A later row of an ad takes "
      "the place of the earlier one.\n"
      "Until a brand has 30 days of its own, what similar brands of its organization found stands "
      "in (where both share), and in the first two weeks young ads count with a provisional reward "
      "from clicks and their cost; after that the prior counts as 10 observations.";
  command.value(
      "--input", arguments->input, "FILE",
      "rows {\"ad_id\", \"run\", \"tags\": {}, \"reward\", \"weight\"} of one brand instead "
      "of the store, JSONL or one JSON array; - is standard input");
  command.value("--half-life", arguments->half_life, "WEEKS",
                "rewards count half as much so many weeks after they matured; rows of --input say "
                "when with matured_at",
                0.01, 10000);
  arguments->as_of.add_to(command);
  arguments->rows.add_to(command);
  command.writes = true;
  command.examples = {
      {"adgenome genome update --brand demo", "take in the rewards that are new or revised"},
      {"adgenome genome update --input rewarded.jsonl",
       "element scores from rewards and tags in a file"},
      {"jq -c '{ad_id, run, tags, reward, weight}' rewarded.json | adgenome genome "
       "update --input - --format csv",
       "the same at the end of a pipe"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    const AsOfOption& as_of = arguments->as_of;
    as_of.need_store(arguments->input.has_value());
    if (!arguments->input) {
      Opened opened = open(context, as_of);
      opened.options.half_life_weeks = arguments->half_life;
      return output_of(app::genome_in_store(opened.session, opened.brand, opened.options), context);
    }
    core::Rejects rejects = arguments->rows.collector();
    app::Report report = app::genome_from_stream(*arguments->input, rejects,
                                                 {.now = context.now(),
                                                  .rules = learning_rules(context.rules()),
                                                  .half_life_weeks = arguments->half_life});
    arguments->rows.show(rejects, context);
    return output_of(std::move(report), context);
  };
  return command;
}

cli::Command show() {
  auto arguments = std::make_shared<ScopeArguments>();
  auto dimension = std::make_shared<std::optional<std::string>>();
  cli::Command command("show", "print what each element of the brand's ads is worth");
  command.schema = "genome/v1";
  command.details =
      "By dimension, the element of the highest lower bound first, so that a few lucky ads do not "
      "lead. The interval holds the mean with 95 % probability.";
  command.value("--dimension", *dimension, "NAME", "only this dimension, as hook_type");
  arguments->add_to(command);
  command.examples = {
      {"adgenome genome show", "every element of the brand with a plot of its interval"},
      {"adgenome genome show --dimension hook_type --format json | jq -r "
       "'.elements[0].value'",
       "the hook type that is surest to do well"}};
  command.run = [arguments, dimension](cli::Context& context) -> cli::Output {
    Opened opened = open(context, arguments->as_of, arguments->product);
    return output_of(app::genome_of_brand(opened.session, opened.brand, opened.product_id,
                                          *dimension, opened.options),
                     context);
  };
  return command;
}

cli::Command sample() {
  struct Arguments {
    std::string dimension;
    std::vector<std::string> values;
    ScopeArguments scope;
  };
  auto arguments = std::make_shared<Arguments>();
  cli::Command command("sample", "choose a value of a dimension, mostly a good one");
  command.schema = "genome_sample/v1";
  command.details =
      "Thompson sampling: one draw from what is believed of each value, and the greatest wins, so "
      "that a value is chosen as often as it is likely to be the best. With probability "
      "max(0.05, 0.30 exp(-ads with rewards / 100)) any value is chosen instead.";
  command.value("--dimension", arguments->dimension, "NAME", "the dimension, as hook_type")
      .required();
  command.list("--values", arguments->values, "VALUE,...",
               "the values to choose from; those that are known where absent");
  arguments->scope.add_to(command);
  command.examples = {
      {"adgenome genome sample --dimension hook_type --seed 7", "a hook type, the same every time"},
      {"adgenome genome sample --dimension persona --values runner,walker --format json | jq -r "
       ".choice",
       "one of two, also when neither was tried before"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    Opened opened = open(context, arguments->scope.as_of, arguments->scope.product);
    app::SampledElement sampled = app::sample_element(
        opened.session, opened.brand,
        {.dimension = arguments->dimension,
         .values = arguments->values,
         .product_id = opened.product_id},
        opened.options, context.random("genome-sample/" + arguments->dimension));
    sampled.document["seed"] = core::wide_integer(context.seed());
    return {.document = std::move(sampled.document),
            .list = "values",
            .columns = {"rank", "value", "draw", "propensity", "mean", "observations"}};
  };
  return command;
}

cli::Command context_command() {
  auto arguments = std::make_shared<ScopeArguments>();
  cli::Command command("context", "print what is known of the elements, as advice for prompts");
  command.schema = "genome_context/v1";
  command.details =
      "Ads with rewards, the approval rate of 30 days, the best and the weak values of each "
      "dimension, combinations that won, synergies and conflicts, pairs that were hardly tried, "
      "the best style, how much is still chosen at random, and all of it in a paragraph. It is "
      "advice: nothing is filtered by it.";
  arguments->add_to(command);
  command.examples = {
      {"adgenome genome context", "what prompts are told"},
      {"adgenome genome context --format json | jq -r .paragraph", "the same in plain words"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    Opened opened = open(context, arguments->as_of, arguments->product);
    return {.document =
                app::genome_context(opened.session, opened.brand, opened.product_id, opened.options)
                    .document,
            .list = "dimensions"};
  };
  return command;
}

cli::Command score() {
  struct Arguments {
    std::vector<std::string> tags;
    ScopeArguments scope;
  };
  auto arguments = std::make_shared<Arguments>();
  cli::Command command("score", "say what an ad of these elements is expected to earn");
  command.schema = "genome_score/v1";
  command.details =
      "The mean of what is believed of its elements, the surer ones counting more (by the inverse "
      "of their variances), with a 95 % interval. Elements of which nothing is known are listed "
      "and left out.";
  command.repeated("--tag", arguments->tags, "NAME=VALUE", "an element of the ad").required();
  arguments->scope.add_to(command);
  command.examples = {
      {"adgenome genome score --tag hook_type=story --tag persona=runner",
       "what such an ad is worth before it is made"},
      {"adgenome genome score --tag hook_type=question --format json | jq '.score, .interval'",
       "the score and how sure it is"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    const auto tags = tags_of(arguments->tags);
    Opened opened = open(context, arguments->scope.as_of, arguments->scope.product);
    return {.document = app::genome_score(opened.session, opened.brand, tags, opened.product_id,
                                          opened.options),
            .list = "elements",
            .columns = {"dimension", "value", "mean", "weight", "observations"}};
  };
  return command;
}

cli::Command validate() {
  struct Arguments {
    std::int64_t weeks = 4;
    AsOfOption as_of;
  };
  auto arguments = std::make_shared<Arguments>();
  cli::Command command("validate", "check whether scores foresee what ads do, and for drift");
  command.schema = "genome_validation/v1";
  command.writes = true;
  command.details =
      "Over the ads that matured in the last weeks: the rank correlation of the score before "
      "generation with the click rate, with its 95 % interval, from 20 ads on, and what ads of "
      "each "
      "fifth of the scores earned. Beside it how far the mix of tags moved against the half year "
      "before (population stability index, shifted from 0.25 on) and how rewards changed. Alerts "
      "are opened once, and settle by themselves; the exit code stays 0.";
  command.value("--weeks", arguments->weeks, "N", "how far to look back", 1, 52);
  arguments->as_of.add_to(command);
  command.examples = {
      {"adgenome genome validate", "the last four weeks"},
      {"adgenome genome validate --weeks 8 --dry-run --format json | jq .rank_correlation",
       "the last eight, without opening alerts"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    Opened opened = open(context, arguments->as_of);
    app::Report report =
        app::validate_genome(opened.session, opened.brand,
                             {.genome = opened.options, .weeks = arguments->weeks}, context.ids());
    return {
        .document = std::move(report.document),
        .list = "calibration",
        .columns = {"ads", "lowest_score", "highest_score", "mean_score", "ctr", "mean_reward"}};
  };
  return command;
}

}  // namespace

cli::Command genome() {
  cli::Command command("genome", "what each element of ads is worth");
  command.examples = {{"adgenome genome update", "take in new and revised rewards"},
                      {"adgenome genome show", "every element, by dimension"}};
  command.children = {update(), show(), sample(), context_command(), score(), validate()};
  return command;
}

}  // namespace adgenome::commands
