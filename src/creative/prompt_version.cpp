#include <adgenome/core/embedded.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/prompt_version.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome {

extern const std::span<const core::EmbeddedFile> prompt_files;

namespace creative {
namespace {

using core::InvalidInput;
using core::Json;

const std::vector<std::string>& known_facts() {
  static const std::vector<std::string> names{"product",     "brand",
                                              "width",       "height",
                                              "layout",      "headline",
                                              "subheadline", "call_to_action",
                                              "depiction",   "current_offer",
                                              "voice",       "benefits",
                                              "dimensions",  "prohibited_claims",
                                              "disclaimers"};
  return names;
}

}  // namespace

std::vector<std::string> prompt_version_names() {
  std::vector<std::string> names;
  for (const core::EmbeddedFile& file : prompt_files)
    names.emplace_back(file.name.substr(0, file.name.rfind('.')));
  std::sort(names.begin(), names.end());
  return names;
}

PromptVersion parse_prompt_version(std::string_view text, const std::string& name,
                                   const std::string& where) {
  const Json document = core::parse_json(text, where);
  const auto fail = [&](const std::string& what, const std::string& at) {
    throw InvalidInput(what, "a prompt version is {\"name\", \"brief\", \"rules\": [...]}",
                       where + " " + at);
  };
  if (!document.is_object()) fail("an object is expected", "/");
  PromptVersion version{.name = name, .brief = {}, .rules = {}};
  for (const auto& [member, value] : document.items()) {
    if (member == "name") {
      if (!value.is_string() || value.get<std::string>() != name)
        fail("the file is called after its name", "/name");
    } else if (member == "brief") {
      if (!value.is_string()) fail("a text is expected", "/brief");
      version.brief = value.get<std::string>();
    } else if (member == "rules") {
      if (!value.is_array()) fail("a list of texts is expected", "/rules");
      for (const Json& rule : value) {
        if (!rule.is_string()) fail("a list of texts is expected", "/rules");
        version.rules.push_back(rule.get<std::string>());
      }
    } else {
      fail("unknown member " + member, "/" + member);
    }
  }
  if (version.brief.empty()) fail("lacks brief", "/brief");
  check_phrase(version.brief, known_facts(), where + " /brief");
  for (std::size_t i = 0; i < version.rules.size(); ++i)
    check_phrase(version.rules[i], known_facts(), where + " /rules/" + std::to_string(i));
  return version;
}

PromptVersion built_in_prompt_version(const std::string& name) {
  for (const core::EmbeddedFile& file : prompt_files) {
    if (file.name == name + ".json")
      return parse_prompt_version(file.bytes, name, "prompt version " + name);
  }
  throw InvalidInput("no prompt version \"" + name + "\"",
                     "built in are: " + core::join(prompt_version_names(), ", "));
}

void check_phrase(std::string_view phrase, const std::vector<std::string>& known,
                  const std::string& where) {
  bool is_inside = false;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase[i] == '[' || phrase[i] == ']') {
      if (is_inside == (phrase[i] == '['))
        throw InvalidInput("brackets do not match", "an optional part is [text], not nested",
                           where);
      is_inside = !is_inside;
    } else if (phrase[i] == '{') {
      const std::size_t end = phrase.find('}', i);
      const std::string name(
          phrase.substr(i + 1, end == std::string_view::npos ? end : end - i - 1));
      if (end == std::string_view::npos ||
          std::find(known.begin(), known.end(), name) == known.end())
        throw InvalidInput("no fact is called \"" + name + "\"",
                           "facts are: " + core::join(known, ", "), where);
      i = end;
    }
  }
  if (is_inside) throw InvalidInput("a bracket is not closed", "", where);
}

std::optional<std::string> fill_phrase(std::string_view phrase, const PromptFacts& facts) {
  std::string text;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase[i] == '{') {
      const std::size_t end = phrase.find('}', i);
      const auto fact = facts.find(phrase.substr(i + 1, end - i - 1));
      if (fact == facts.end()) return std::nullopt;
      text += fact->second;
      i = end;
    } else if (phrase[i] == '[') {
      const std::size_t end = phrase.find(']', i);
      for (const std::string& choice : core::split(phrase.substr(i + 1, end - i - 1), '|')) {
        const auto filled = fill_phrase(choice, facts);
        if (!filled) continue;
        text += *filled;
        break;
      }
      i = end;
    } else {
      text += phrase[i];
    }
  }
  return text;
}

}  // namespace creative
}  // namespace adgenome
