#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::commands {

/// What `generate` and `estimate` are told about the ads that are wanted.
struct WantedAds {
  std::optional<std::string> input;
  std::optional<std::string> selection;
  std::vector<std::string> templates;
  std::optional<std::string> template_image;
  std::optional<std::string> retry_rejected;
  std::optional<std::string> product;
  std::optional<std::string> persona;
  std::optional<std::string> offer_variant;
  std::vector<std::string> sizes{"1:1"};
  std::vector<std::string> colors;
  std::int64_t hooks = 1;
  std::string source = "hooks";
  std::optional<std::string> angle;
  std::optional<std::string> plan;
  std::string elements = "sample";
  std::string prompt_version = "1";
  std::string prompt_folder;
  std::string provider = "local";
  bool ignores_experiment = false;
  std::optional<std::string> wording;
};

void bind_wanted_ads(cli::Command& command, WantedAds& given);

/// A request and the brand that it is for, with the store that it was read from.
struct ReadRequest {
  app::GenerateRequest request;
  store::Session session;
  store::Brand brand;
};

/// Reads the selection, the store and all that was given. Throws UsageError for what the command
/// line alone shows to be wrong.
ReadRequest read_request(const WantedAds& given, const cli::Context& context);

}  // namespace adgenome::commands
