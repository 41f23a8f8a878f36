#include "provider_options.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "commands.hpp"

namespace adgenome::commands {
namespace {

/// The section of one provider, with its defaults.
struct Given {
  std::string key;
  std::string key_file;
  providers::ProviderSettings settings;
  std::int64_t concurrency = 4;
  std::int64_t timeout_seconds = 180;
  std::int64_t max_wait_seconds = 120;
  std::int64_t tries = 6;
};

/// The options of a provider, bound to `given`.
cli::Command section_of(const providers::Provider& provider, const std::shared_ptr<Given>& given) {
  cli::Command section(std::string(provider.name), "how the provider is reached");
  providers::ProviderSettings& settings = given->settings;
  section.value("--key", given->key, "KEY", "the key; better in the environment or a file")
      .secret()
      .also_from({provider.key_variables.begin(), provider.key_variables.end()});
  section.value("--key-file", given->key_file, "FILE", "a file that holds nothing but the key");
  section.value("--base-url", settings.address, "URL", "https, or http of this machine")
      .shown_default(std::string(provider.address));
  if (provider.language) {
    section.value("--language-model", settings.language_model, "NAME", "reads texts and pictures")
        .shown_default(std::string(provider.language_model));
  }
  if (provider.image) {
    section.value("--image-model", settings.image_model, "NAME", "makes pictures")
        .shown_default(std::string(provider.image_model));
  }
  if (provider.embedder) {
    section.value("--embedding-model", settings.embedding_model, "NAME", "makes vectors of texts")
        .shown_default(std::string(provider.embedding_model));
  }
  section.value("--concurrency", given->concurrency, "N", "calls under way at once", 1, 64);
  section.value("--calls-a-minute", settings.calls_a_minute, "N", "0 is without a limit", 0, 1e6);
  section.value("--timeout", given->timeout_seconds, "SECONDS", "of one call", 1, 3600);
  section.value("--max-wait", given->max_wait_seconds, "SECONDS",
                "the longest that the provider may ask to wait before a call is given up", 0,
                86'400);
  section.value("--tries", given->tries, "N", "of one call, the first included", 1, 20);
  section.value("--wait-factor", settings.wait_factor, "X",
                "make every wait longer or shorter; for tests", 0, 10);
  return section;
}

std::string key_in(const std::string& file) {
  const std::string text(core::trim(core::read_all(file)));
  if (text.empty() || text.find_first_of("\n\r\t ") != std::string::npos)
    throw core::InvalidInput("expected one line with nothing but a key", "", file);
  return text;
}

providers::ProviderSettings settings_of(const cli::Context& context, const std::string& name) {
  const auto given = std::make_shared<Given>();
  const cli::Command section = section_of(providers::find_provider(name), given);
  for (const cli::Option& option : section.options) {
    const cli::Setting* setting = context.setting(name, option.name.substr(2));
    if (!setting) continue;
    try {
      option.assign({setting->value});
    } catch (const core::UsageError& error) {
      throw core::InvalidInput(name + " " + option.name.substr(2) + " " + error.what(),
                               error.hint(), setting->source);
    }
  }
  providers::ProviderSettings settings = std::move(given->settings);
  const std::string key(core::trim(given->key));
  if (!key.empty()) {
    settings.key = providers::Secret(key);
  } else if (!given->key_file.empty()) {
    settings.key = providers::Secret(key_in(given->key_file));
  }
  settings.concurrency = static_cast<int>(given->concurrency);
  settings.timeout = std::chrono::seconds(given->timeout_seconds);
  settings.longest_wait = std::chrono::seconds(given->max_wait_seconds);
  settings.tries = static_cast<int>(given->tries);
  return settings;
}

}  // namespace

std::vector<cli::Command> sections() {
  std::vector<cli::Command> list;
  for (const providers::Provider& provider : providers::providers())
    list.push_back(section_of(provider, std::make_shared<Given>()));
  return list;
}

cli::Command providers_topic() {
  cli::Command topic("providers", "models of other companies: keys, addresses, limits, prices");
  topic.details =
      "Without a word everything is made and judged here: no network is touched. gemini and openai "
      "make pictures where generate is told so (--provider), all three say what is seen in the "
      "pictures of templates (template analyze --provider), and how well headlines fit what they "
      "lead to (generate --wording; where pictures are made by a provider it does this too). "
      "Pictures, the texts of the ad and those of the catalogue that belong to it are sent to the "
      "provider then.\n"
      "Headlines are asked about once a batch: scores against the offer variant, the hero of its "
      "landing page and the belief, a wording for the persona, and one that fits better, which is "
      "taken where the mean of the scores is under 0.6 (brand set congruence_threshold=X). One "
      "that offers, counts or claims what was not given, makes a prohibited claim, has no room in "
      "the template or says what another headline says is not taken; quotations are never put in "
      "other words. The prompt keeps every text, and which model wrote it. Where no answer can be "
      "had the local measures speak, and a warning says so.\n"
      "Settings stand in a section of the config file under the provider's name, or in the "
      "environment as ADGENOME_GEMINI_BASE_URL and so on, which counts before the file. adgenome "
      "config shows each with its source.\n"
      "Keys come from the environment (GEMINI_API_KEY or GOOGLE_API_KEY, OPENAI_API_KEY, "
      "ANTHROPIC_API_KEY), or from a file that key-file names. They are not taken from the command "
      "line, are sent over HTTPS or to this machine only, and are in no message.\n"
      "A call that fails in passing (429, 5xx, network, time-out) is tried again after a wait that "
      "doubles each time, a random part of it, or after the wait that the provider asks for "
      "(Retry-After), up to max-wait; beyond that the attempt fails. An answer that cannot be used "
      "(HTML, cut off, against its schema, no picture, of a wrong size) is asked for once more. "
      "What is refused (a wrong key, no credit, safety rules) is not tried again. Only an attempt "
      "fails by this: the batch goes on, and the exit code is 6 where all failed.\n"
      "concurrency and calls-a-minute hold for all threads of a command together; several commands "
      "at once do not know of each other.\n"
      "Each asking is a row of the ledger (table provider_calls) with its step and price. Prices "
      "are settings of the brand: adgenome brand set prices.gemini.image=0.05. An answer that the "
      "provider itself wrote is counted as paid, also where it cannot be used.\n"
      "An answer is stored under the key of its attempt before anything is made of it: a batch "
      "that "
      "was interrupted, run again with the same --batch, pays no answer twice. A call that was "
      "under "
      "way when the process ended stands in the ledger as interrupted; whether the provider "
      "charges "
      "for it is not known here. With --cache the answer to the same request is taken over from "
      "whatever it was made for; pictures are kept in the store for that.";
  topic.examples = {
      {"GEMINI_API_KEY=... adgenome generate --selection S1 --provider gemini --batch noon",
       "pictures by a model; the same line goes on after an interruption"},
      {"printf '[openai]\\nkey-file = \"/run/secrets/openai\"\\ncalls-a-minute = 20\\n' > "
       "team.toml",
       "a key from a file, and a bound on calls"}};
  topic.children = sections();
  return topic;
}

app::ProviderAccess provider_access(const cli::Context& context, bool uses_cache) {
  return {.settings = [&context](const std::string& name) { return settings_of(context, name); },
          .sleep = [](providers::Milliseconds time) { std::this_thread::sleep_for(time); },
          .clock =
              [] {
                return std::chrono::duration_cast<providers::Milliseconds>(
                    std::chrono::steady_clock::now().time_since_epoch());
              },
          .seed = context.seed(),
          .note = [&context](const std::string& line) { context.info(line); },
          .uses_cache = uses_cache};
}

}  // namespace adgenome::commands
