#include <adgenome/cli/command.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::cli {
namespace {

using core::UsageError;

std::string number_text(std::int64_t value) {
  return std::to_string(value);
}
std::string number_text(double value) {
  return core::format_double(value);
}

template <class Number>
Number read_number(const std::string& text, Number low, Number high) {
  std::optional<Number> value;
  if constexpr (std::is_same_v<Number, double>) {
    value = core::to_double(text);
  } else {
    value = core::to_int64(text);
  }
  if (!value) {
    throw UsageError("expected " +
                     std::string(std::is_same_v<Number, double> ? "a number" : "a whole number") +
                     ", found \"" + text + "\"");
  }
  if (*value < low || *value > high) {
    std::string range;
    if (high == std::numeric_limits<Number>::max()) {
      range = "at least " + number_text(low);
    } else if (low == std::numeric_limits<Number>::lowest()) {
      range = "at most " + number_text(high);
    } else {
      range = "between " + number_text(low) + " and " + number_text(high);
    }
    throw UsageError("must be " + range + ", not " + text);
  }
  return *value;
}

/// An option that takes one text: `take` puts it where it belongs.
template <class Take>
Option one_value(std::string name, std::string value_name, std::string help, Take take) {
  Option option;
  option.name = std::move(name);
  option.value_name = std::move(value_name);
  option.help = std::move(help);
  option.assign = [take](const std::vector<std::string>& values) { take(values.back()); };
  return option;
}

}  // namespace

Option& Option::secret() {
  is_secret = true;
  return *this;
}

Option& Option::also_from(std::vector<std::string> known_variables) {
  variables = std::move(known_variables);
  return *this;
}

Option& Option::required() {
  is_required = true;
  return *this;
}

Option& Option::choice(std::vector<std::string> allowed) {
  choices = std::move(allowed);
  // A list is judged entry by entry, as it will be split.
  const bool is_list = form == Form::kList;
  assign = [inner = assign, allowed_now = choices,
            is_list](const std::vector<std::string>& values) {
    const std::vector<std::string> entries =
        is_list ? core::split(core::join(values, ","), ',') : values;
    for (const std::string& text : entries) {
      if (std::find(allowed_now.begin(), allowed_now.end(), text) == allowed_now.end()) {
        throw UsageError("must be one of " + core::join(allowed_now, ", ") + ", not \"" + text +
                         "\"");
      }
    }
    inner(values);
  };
  return *this;
}

Option& Option::shown_default(std::string text) {
  default_text = std::move(text);
  return *this;
}

Option& Command::add(Option option) {
  return options.emplace_back(std::move(option));
}

Option& Command::flag(std::string option, bool& target, std::string help) {
  Option made;
  made.name = std::move(option);
  made.help = std::move(help);
  made.form = Option::Form::kFlag;
  made.assign = [&target](const std::vector<std::string>& values) {
    const std::string text = values.empty() ? "true" : values.back();
    if (text != "true" && text != "false")
      throw UsageError("must be true or false, not \"" + text + "\"");
    target = text == "true";
  };
  return add(std::move(made));
}

Option& Command::value(std::string option, std::string& target, std::string value_name,
                       std::string help) {
  Option& made = add(one_value(std::move(option), std::move(value_name), std::move(help),
                               [&target](const std::string& text) { target = text; }));
  made.default_text = target;
  return made;
}

Option& Command::value(std::string option, std::optional<std::string>& target,
                       std::string value_name, std::string help) {
  return add(one_value(std::move(option), std::move(value_name), std::move(help),
                       [&target](const std::string& text) { target = text; }));
}

Option& Command::value(std::string option, std::int64_t& target, std::string value_name,
                       std::string help, std::int64_t low, std::int64_t high) {
  Option& made = add(one_value(
      std::move(option), std::move(value_name), std::move(help),
      [&target, low, high](const std::string& text) { target = read_number(text, low, high); }));
  made.default_text = std::to_string(target);
  return made;
}

Option& Command::value(std::string option, std::optional<std::int64_t>& target,
                       std::string value_name, std::string help, std::int64_t low,
                       std::int64_t high) {
  return add(one_value(
      std::move(option), std::move(value_name), std::move(help),
      [&target, low, high](const std::string& text) { target = read_number(text, low, high); }));
}

Option& Command::value(std::string option, double& target, std::string value_name, std::string help,
                       double low, double high) {
  Option& made = add(one_value(
      std::move(option), std::move(value_name), std::move(help),
      [&target, low, high](const std::string& text) { target = read_number(text, low, high); }));
  made.default_text = core::format_double(target);
  return made;
}

Option& Command::value(std::string option, std::optional<double>& target, std::string value_name,
                       std::string help, double low, double high) {
  return add(one_value(
      std::move(option), std::move(value_name), std::move(help),
      [&target, low, high](const std::string& text) { target = read_number(text, low, high); }));
}

Option& Command::list(std::string option, std::vector<std::string>& target, std::string value_name,
                      std::string help) {
  Option made;
  made.name = std::move(option);
  made.value_name = std::move(value_name);
  made.help = std::move(help);
  made.form = Option::Form::kList;
  made.default_text = core::join(target, ",");
  made.assign = [&target](const std::vector<std::string>& values) {
    target.clear();
    for (const std::string& text : values) {
      for (std::string& part : core::split(text, ',')) {
        if (part.empty()) throw UsageError("has an empty entry: \"" + text + "\"");
        target.push_back(std::move(part));
      }
    }
  };
  return add(std::move(made));
}

Option& Command::repeated(std::string option, std::vector<std::string>& target,
                          std::string value_name, std::string help) {
  Option made;
  made.name = std::move(option);
  made.value_name = std::move(value_name);
  made.help = std::move(help);
  made.form = Option::Form::kList;
  made.assign = [&target](const std::vector<std::string>& values) { target = values; };
  return add(std::move(made));
}

Option& Command::positional(std::string shown, std::string& target, std::string help) {
  Option& made = value(std::move(shown), target, "", std::move(help));
  made.form = Option::Form::kPositional;
  if (target.empty()) made.is_required = true;
  return made;
}

Option& Command::positional(std::string shown, std::optional<std::string>& target,
                            std::string help) {
  Option& made = value(std::move(shown), target, "", std::move(help));
  made.form = Option::Form::kPositional;
  return made;
}

Option& Command::positional(std::string shown, std::vector<std::string>& target, std::string help) {
  Option& made = repeated(std::move(shown), target, "", std::move(help));
  made.form = Option::Form::kPositionalList;
  return made;
}

std::pair<std::string, std::string> name_and_value(const std::string& text,
                                                   const std::string& option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError("expected NAME=VALUE, found \"" + text + "\"", "", option);
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace adgenome::cli
