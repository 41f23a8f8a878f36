#include <adgenome/app/genome.hpp>
#include <adgenome/core/error.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "row_options.hpp"

namespace adgenome::commands {
namespace {

struct UpdateArguments {
  std::string input;
  RowOptions rows;
};

void refuse_classic(const cli::Context& context) {
  if (context.rules() == cli::Rules::kClassic) {
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

/// For people only: programs have the numbers.
void add_plots(core::Json& elements) {
  for (core::Json& element : elements) {
    const core::Json& interval = element.at("interval");
    element["plot"] =
        plot(interval.at(0).get<double>(), element.at("mean").get<double>(), interval.at(1));
  }
}

cli::Output output_of(app::Report report, cli::Context& context) {
  for (const std::string& note : report.notes) context.warn(note);
  std::vector<std::string> columns = {"dimension", "value", "mean", "interval", "observations"};
  if (context.format() == cli::Format::kTable) {
    add_plots(report.document["elements"]);
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
  command
      .value("--input", arguments->input, "FILE",
             "rows {\"ad_id\", \"run\", \"tags\": {}, \"reward\", \"weight\"} of one brand, "
             "JSONL or one JSON array; - is standard input")
      .required();
  arguments->rows.add_to(command);
  command.examples = {{"adgenome genome update --input rewarded.jsonl",
                       "element scores from rewards and tags in a file"},
                      {"jq -c '{ad_id, run, tags, reward, weight}' rewarded.json | adgenome genome "
                       "update --input - --format csv",
                       "the same at the end of a pipe"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    refuse_classic(context);
    core::Rejects rejects = arguments->rows.collector();
    app::Report report = app::genome_from_stream(arguments->input, rejects);
    arguments->rows.show(rejects, context);
    return output_of(std::move(report), context);
  };
  return command;
}

}  // namespace

cli::Command genome() {
  cli::Command command("genome", "what each element of ads is worth");
  command.examples = {{"adgenome genome update --input rewarded.jsonl", "learn from a file"},
                      {"adgenome genome update --help", "what the rows look like"}};
  command.children = {update()};
  return command;
}

}  // namespace adgenome::commands
