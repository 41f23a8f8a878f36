#pragma once

#include <adgenome/core/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// How the same facts are put to whoever makes the picture: a named file of the brief and the
/// rules. `{name}` is a fact of the prompt; `[a|b]` is `a` where all facts in it are known, else
/// `b`, else nothing; a rule that comes out empty is left out.
struct PromptVersion {
  std::string name;
  std::string brief;
  std::vector<std::string> rules;
};

/// Reads a version from its file. Throws InvalidInput for what is no version of that name, and for
/// facts that do not exist.
PromptVersion parse_prompt_version(std::string_view text, const std::string& name,
                                   const std::string& where);

/// The built-in version of that name. Throws InvalidInput with those there are.
PromptVersion built_in_prompt_version(const std::string& name);

/// The built-in ones, sorted.
std::vector<std::string> prompt_version_names();

/// The facts of a prompt by their names; what is not known is absent.
using PromptFacts = std::map<std::string, std::string, std::less<>>;

/// Throws InvalidInput for brackets that do not close and for a name that `known` lacks.
void check_phrase(std::string_view phrase, const std::vector<std::string>& known,
                  const std::string& where);

/// The phrase with its facts; nothing where a fact outside brackets is not known.
std::optional<std::string> fill_phrase(std::string_view phrase, const PromptFacts& facts);

}  // namespace adgenome::creative
