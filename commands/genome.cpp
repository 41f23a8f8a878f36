#include <adgenome/app/genome.hpp>
#include <adgenome/core/error.hpp>
#include <cmath>
#include <cstdio>
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
  AsOfOption as_of;
  RowOptions rows;
};

struct ShowArguments {
  std::optional<std::string> dimension;
  std::optional<std::string> product;
  AsOfOption as_of;
};

void refuse_classic(cli::Rules rules, const cli::Context& context) {
  if (rules == cli::Rules::kClassic) {
    throw core::UsageError("rules classic is not supported yet by " + context.command(), "",
                           "option --rules");
  }
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
      "the more ads its run has, because the ads of one run do alike. A later row of an ad takes "
      "the place of the earlier one.";
  command.value(
      "--input", arguments->input, "FILE",
      "rows {\"ad_id\", \"run\", \"tags\": {}, \"reward\", \"weight\"} of one brand instead "
      "of the store, JSONL or one JSON array; - is standard input");
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
      store::Session session = open_store(context);
      const store::Brand brand = as_of.brand(context, session);
      refuse_classic(rules_of(context, brand), context);
      return output_of(
          app::genome_in_store(session, brand.id, as_of.now(context), as_of.writes_nothing(context),
                               store::KnownAt(as_of.time())),
          context);
    }
    refuse_classic(context.rules(), context);
    core::Rejects rejects = arguments->rows.collector();
    app::Report report = app::genome_from_stream(*arguments->input, rejects);
    arguments->rows.show(rejects, context);
    return output_of(std::move(report), context);
  };
  return command;
}

cli::Command show() {
  auto arguments = std::make_shared<ShowArguments>();
  cli::Command command("show", "print what each element of the brand's ads is worth");
  command.schema = "genome/v1";
  command.details =
      "By dimension, the element of the highest lower bound first, so that a few lucky ads do not "
      "lead. The interval holds the mean with 95 % probability.";
  command.value("--dimension", arguments->dimension, "NAME", "only this dimension, as hook_type");
  command.value("--product", arguments->product, "ID", "ads of this product only");
  arguments->as_of.add_to(command);
  command.examples = {
      {"adgenome genome show", "every element of the brand with a plot of its interval"},
      {"adgenome genome show --dimension hook_type --format json | jq -r "
       "'.elements[0].value'",
       "the hook type that is surest to do well"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    if (arguments->product && !store::find_product(session, brand.id, *arguments->product)) {
      throw core::InvalidInput(
          "brand " + brand.id + " has no product \"" + *arguments->product + "\"", "",
          "option --product");
    }
    return output_of(
        app::genome_of_brand(session, brand.id, arguments->product.value_or(""),
                             arguments->dimension, store::KnownAt(arguments->as_of.time()).inputs),
        context);
  };
  return command;
}

}  // namespace

cli::Command genome() {
  cli::Command command("genome", "what each element of ads is worth");
  command.examples = {{"adgenome genome update", "take in new and revised rewards"},
                      {"adgenome genome show", "every element, by dimension"}};
  command.children = {update(), show()};
  return command;
}

}  // namespace adgenome::commands
