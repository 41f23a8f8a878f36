#!/usr/bin/env python3
"""Plants violations in a small tree and holds scripts/check to finding each, and nothing else.

usage: check_test.py PATH-OF-scripts/check
"""
import pathlib
import subprocess
import sys
import tempfile

GOOD = {
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\n",
    "src/core/CMakeLists.txt": 'adgenome_module(core\n  DESCRIPTION "basis"\n  LIBRARIES simdjson::simdjson)\n',
    "src/stats/CMakeLists.txt": 'adgenome_module(stats DESCRIPTION "numbers" DEPENDS core)\n',
    "src/visual/CMakeLists.txt": 'adgenome_module(visual DESCRIPTION "vectors" DEPENDS stats)\n',
    "src/store/CMakeLists.txt": 'adgenome_module(store DESCRIPTION "truth"\n  DEPENDS core LIBRARIES SQLiteCpp)\n',
    "include/adgenome/core/text.hpp": "#pragma once\n",
    "include/adgenome/store/session.hpp": "#pragma once\n",
    # What comments and strings say is no violation; core is reached through stats.
    "src/visual/fine.cpp": "#include <adgenome/core/text.hpp>\n#include <vector>\n\n"
                           "// std::shuffle and getenv( are not for here\n"
                           'const char* const kText = "std::mt19937 \\" catch (...) {}";\n'
                           "static const int kTable[] = {1};\n",
    "src/store/ads.cpp": '#include <SQLiteCpp/SQLiteCpp.h>\n\nconst char* const kAll = "SELECT id FROM ads";\n',
    "src/core/ids.cpp": "#include <random>\n\nint seed() { return std::random_device{}(); }  // check: allow random_device\n",
    "scripts/run": "#!/usr/bin/env bash\necho done\n",
}

# Name of the file, its text, and the lines that must be reported: "line: beginning of what".
PLANTED = [
    ("src/visual/a.cpp", "#include <adgenome/store/session.hpp>\n", ["1: visual includes adgenome/store/session.hpp, but does not depend on store"]),
    ("src/store/a.cpp", "#include <adgenome/visual/x.hpp>\n", ["1: store includes adgenome/visual/x.hpp"]),
    ("include/adgenome/stats/a.hpp", "#pragma once\n\n#include <adgenome/visual/x.hpp>\n", ["3: stats includes"]),
    ("src/visual/a.cpp", '#include "stats/detail.hpp"\n', ["1: visual includes the private header"]),
    ("src/visual/a.cpp", '#include "../stats/detail.hpp"\n', ["1: visual includes the private header"]),
    ("src/core/a.cpp", "#include <sqlite3.h>\n", ["1: core includes sqlite3.h, which is for store"]),
    ("commands/a.cpp", "#include <pqxx/pqxx>\n", ["1: commands includes pqxx/pqxx, which is for store"]),
    ("src/store/a.cpp", "#include <CLI/CLI.hpp>\n", ["1: store includes CLI/CLI.hpp"]),
    ("src/store/a.cpp", "#include <Eigen/Core>\n", ["1: store includes Eigen/Core"]),
    ("src/store/a.cpp", "#include <acme/acme.hpp>\n", ["1: acme/acme.hpp is not in the table"]),
    ("src/ingest/CMakeLists.txt", 'adgenome_module(ingest DESCRIPTION "x"\n  LIBRARIES CURL::libcurl)\n', ["1: ingest links CURL::libcurl"]),
    ("src/ingest/CMakeLists.txt", 'adgenome_module(ingest DESCRIPTION "x" LIBRARIES acme)\n', ["1: library acme is not in the table"]),
    ("src/scoring/CMakeLists.txt", '\nadgenome_module(scoring DESCRIPTION "x" DEPENDS store)\n', ["2: scoring is pure and depends on store"]),
    ("src/core/CMakeLists.txt", 'adgenome_module(core DESCRIPTION "x" DEPENDS stats)\n', ["1: core depends on itself", None]),
    ("src/stats/CMakeLists.txt", 'adgenome_module(stats DESCRIPTION "x" DEPENDS core gone)\n', ["1: stats depends on gone, which is no module"]),
    ("src/stats/a.cpp", "#include <fstream>\n", ["1: stats is pure and includes <fstream>"]),
    ("src/stats/a.cpp", "#include <thread>\n", ["1: stats is pure and includes <thread>"]),
    ("src/stats/a.cpp", "#include <unistd.h>\n", ["1: stats is pure and includes unistd.h"]),
    ("src/stats/a.cpp", "\nauto a() { return std::getenv(\"HOME\"); }\n", ["2: stats is pure and reads the environment"]),
    ("src/stats/a.cpp", "auto a() { return std::chrono::system_clock::now(); }\n", ["1: stats is pure and reads the clock"]),
    ("src/stats/a.cpp", "int a() {\n  static int calls = 0;\n  return ++calls;\n}\n", ["2: stats is pure and holds state"]),
    ("src/store/a.cpp", "int a() { return std::random_device{}(); }\n", ["1: std::random_device"]),
    ("src/store/a.cpp", "std::normal_distribution<> a;\n", ["1: std distributions"]),
    ("src/store/a.cpp", "\n\nvoid a() { std::shuffle(x, y, z); }\n", ["3: std::shuffle"]),
    ("src/store/a.cpp", "std::mt19937_64 a;\n", ["1: mt19937"]),
    ("src/store/a.cpp", "void a() {\n  try {\n    b();\n  } catch (...) {\n  }\n}\n", ["4: an error is swallowed"]),
    ("src/store/a.cpp", "void a() {\n  try {\n    b();\n  } catch (const Error& error) { /* never mind */\n  }\n}\n", ["4: an error is swallowed"]),
    ("commands/a.cpp", 'const char* const kSql = "SELECT id FROM ads";\n', ["1: SQL outside the store"]),
    ("src/app/a.cpp", 'const char* const kSql = "DELETE FROM ads";\n', ["1: SQL outside the store"]),
    ("include/adgenome/core/a.hpp", "int a();\n", ["1: a header without #pragma once"]),
    ("CMakeLists.txt", "\nadd_compile_options(-ffast-math)\n", ["2: sums have to be the same"]),
    ("README.md", "run it\nfrom /ho" "me/me/adgenome\n", ["2: a path of one machine"]),
    ("scripts/a", "#!/usr/bin/env bash\nif true; then\n", ["3: syntax error"]),
    ("scripts/a.py", "x = 1\ndef broken(:\n", ["2: "]),
    ("src/store/a.cpp", "int a(){return 1;}\n", ["1: not formatted"]),
]


def run(check, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return subprocess.run([sys.executable, check, "--root", folder], capture_output=True, text=True)


def main():
    check = sys.argv[1]
    failures = []
    clean = run(check, GOOD)
    if clean.returncode != 0 or clean.stdout:
        failures.append(f"the tree without violations: exit {clean.returncode}\n{clean.stdout}{clean.stderr}")
    for name, text, expected in PLANTED:
        done = run(check, {**GOOD, name: text})
        lines = done.stdout.splitlines()
        missing = [e for e in expected if e and not any(line.startswith(f"{name}:{e}") for line in lines)]
        if done.returncode != 1 or missing or (None not in expected and len(lines) != len(expected)):
            failures.append(f"{name}: {text!r}\n  expected {expected}\n  exit {done.returncode}, found {lines} {done.stderr[-300:]}")
    print("\n".join(failures + [f"{1 + len(PLANTED) - len(failures)} of {1 + len(PLANTED)} as expected"]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
