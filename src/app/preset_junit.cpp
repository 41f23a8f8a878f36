#include <adgenome/app/preset_check.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // Control characters cannot stand in XML at all.
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

struct Suite {
  std::string cases;
  int tests = 0;
  int failures = 0;

  void add(const std::string& name, const std::string& failure) {
    ++tests;
    cases += "    <testcase classname=\"adgenome.preset\" name=\"" + escaped(name) + "\"";
    if (failure.empty()) {
      cases += "/>\n";
      return;
    }
    ++failures;
    cases += ">\n      <failure message=\"" + escaped(failure) + "\"/>\n    </testcase>\n";
  }
};

std::string text_or(const Json& value, const std::string& otherwise) {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

/// One case for the file, or one for each thing that is wrong with it; one an expectation and
/// product.
Suite suite_of(const Json& preset) {
  Suite suite;
  const std::string source = preset.at("source");
  for (const Json& failure : preset.at("failures")) {
    if (failure.at("check") == "preset") {
      suite.add(text_or(failure.at("where"), source), failure.at("message"));
    }
  }
  if (suite.tests == 0) suite.add(source + " is a preset", "");
  for (const Json& pool : preset.at("pools")) {
    const std::string product = text_or(pool.at("product_id"), "");
    for (const Json& each : pool.at("expectations")) {
      const std::string name = each.at("name");
      std::string failure;
      if (each.at("holds") != true) {
        failure = "expected " + each.at("expected").dump() + ", found " + each.at("found").dump();
      }
      suite.add(product.empty() ? name : name + " for product " + product, failure);
    }
  }
  return suite;
}

std::string counts(int tests, int failures) {
  return "tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\"";
}

}  // namespace

std::string junit_report(const Json& check) {
  std::string suites;
  int tests = 0;
  int failures = 0;
  for (const Json& preset : check.at("presets")) {
    const Suite suite = suite_of(preset);
    tests += suite.tests;
    failures += suite.failures;
    suites += "  <testsuite name=\"" + escaped(preset.at("source")) + "\" " +
              counts(suite.tests, suite.failures) + ">\n" + suite.cases + "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts(tests, failures) +
         ">\n" + suites + "</testsuites>\n";
}

}  // namespace adgenome::app
