#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::core {
namespace {

// Documents hold no binary values, so that one can stand for a number given by its digits.
constexpr std::uint64_t kExactNumber = 0x6164;

void write_string(const std::string& value, std::string& out) {
  out += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write(const Json& value, int indent, int depth, std::string& out) {
  const auto new_line = [&](int at) {
    if (indent < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent * at), ' ');
  };
  switch (value.type()) {
    case Json::value_t::object:
    case Json::value_t::array: {
      const bool is_object = value.is_object();
      out += is_object ? '{' : '[';
      bool first = true;
      for (const auto& item : value.items()) {
        if (!first) out += indent < 0 ? "," : ",";
        first = false;
        new_line(depth + 1);
        if (is_object) {
          write_string(item.key(), out);
          out += indent < 0 ? ":" : ": ";
        }
        write(item.value(), indent, depth + 1, out);
      }
      if (!first) new_line(depth);
      out += is_object ? '}' : ']';
      return;
    }
    case Json::value_t::number_float: {
      const double number = value.get<double>();
      if (!std::isfinite(number)) {
        throw Error(ExitCode::kInternal, "a result is not a finite number");
      }
      // Zero has no sign in an output: -0 and 0 are the same answer.
      std::string text = number == 0 ? "0.0" : format_double(number);
      if (text.find_first_of(".e") == std::string::npos) text += ".0";
      out += text;
      return;
    }
    case Json::value_t::binary: {
      const auto& digits = value.get_binary();
      out.append(digits.begin(), digits.end());
      return;
    }
    case Json::value_t::string:
      write_string(value.get_ref<const std::string&>(), out);
      return;
    default:
      out += value.dump();
      return;
  }
}

}  // namespace

Json exact_number(std::string digits) {
  return Json::binary(Json::binary_t::container_type(digits.begin(), digits.end()), kExactNumber);
}

Json money_number(std::int64_t micros) {
  return exact_number(format_micros(micros));
}

Json wide_integer(std::uint64_t value) {
  if (value < (std::uint64_t{1} << 53)) return value;
  return std::to_string(value);
}

std::string dump(const Json& document, int indent) {
  std::string out;
  write(document, indent, 0, out);
  return out;
}

Json parse_json(std::string_view text, const std::string& name) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < error.byte && i < text.size(); ++i) {
      column = text[i] == '\n' ? 1 : column + 1;
      if (text[i] == '\n') ++line;
    }
    const std::string reason = error.what();
    const std::size_t detail = reason.find("syntax error");
    throw InvalidInput(
        "not JSON: " + (detail == std::string::npos ? reason : reason.substr(detail)), "",
        name + ":" + std::to_string(line) + ":" + std::to_string(column));
  } catch (const Json::out_of_range& error) {
    const std::string reason = error.what();
    throw InvalidInput("not JSON: " + reason.substr(reason.find("] ") + 2), "", name);
  }
}

Json read_json(const std::string& path) {
  return parse_json(read_all(path), path == "-" ? "standard input" : path);
}

}  // namespace adgenome::core
