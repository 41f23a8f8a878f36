#include <adgenome/app/cluster.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct ClusterArguments {
  visual::DbscanSettings settings;
  std::optional<std::string> input;
  std::optional<std::string> npy;
  AsOfOption as_of;
  RowOptions rows;
};

void check(const ClusterArguments& given) {
  if (given.input && given.npy) throw core::UsageError("give --input or --npy, not both");
  given.as_of.need_store(given.input || given.npy);
  if (!given.input && !given.npy && (given.rows.rejects || given.rows.strict)) {
    throw core::UsageError("--rejects and --strict are about --input and --npy");
  }
  if (given.settings.eps <= 0) throw core::UsageError("--eps must be above 0");
}

core::Json run(const ClusterArguments& given, cli::Context& context) {
  if (!given.input && !given.npy) {
    store::Session session = open_store(context);
    return app::cluster_ads(session, brand_of(context, session).id, given.settings,
                            given.as_of.now(context), given.as_of.writes_nothing(context),
                            store::KnownAt(given.as_of.time()).inputs);
  }
  core::Rejects rejects = given.rows.collector();
  core::Json document = given.npy ? app::cluster_npy(*given.npy, given.settings, rejects)
                                  : app::cluster_records(*given.input, given.settings, rejects);
  given.rows.show(rejects, context);
  return document;
}

}  // namespace

cli::Command cluster() {
  auto given = std::make_shared<ClusterArguments>();
  cli::Command command("cluster", "find groups of ads that look alike");
  command.schema = "clusters/v1";
  command.writes = true;
  command.details =
      "DBSCAN on the cosine distance of image vectors, exact: a vector with enough neighbours "
      "within eps is a core point, core points within eps of each other are one cluster, and what "
      "no core point reaches is noise (-1).\n\n"
      "On the store, the color layouts of the brand's ads are clustered, and the styles that were "
      "found take the place of the former ones. With --input or --npy no store is opened. --as-of "
      "clusters the ads that were made by then, by the vectors that they have now.";
  command.value("--input", given->input, "FILE|-",
                "vectors, one a line: {\"id\", \"embedding\": [...]} and perhaps \"reward\"");
  command.value("--npy", given->npy, "FILE|-",
                "vectors as the rows of a NumPy file of float32 or float64; ids are row numbers");
  command.value("--eps", given->settings.eps, "X", "largest distance of neighbours, above 0", 0, 2);
  command.value("--min-samples", given->settings.min_samples, "N",
                "neighbours that make a core point, itself counted", 1, 1'000'000'000);
  given->as_of.add_to(command);
  given->rows.add_to(command);
  command.examples = {
      {"adgenome cluster --eps 0.2", "the styles of the brand's ads"},
      {"adgenome cluster --npy vectors.npy --format jsonl | jq -r 'select(.cluster < 0).id'",
       "rows that are like no others"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    check(*given);
    core::Json document = run(*given, context);
    if (document["reason"].is_string()) context.info(document["reason"].get<std::string>());
    return {.document = std::move(document),
            .list = "items",
            .columns = {"id", "cluster", "core"},
            .text = {}};
  };
  return command;
}

}  // namespace adgenome::commands
