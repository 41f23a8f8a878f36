#include "postgres.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace adgenome::testing {
namespace {

namespace fs = std::filesystem;

/// The folder of initdb and pg_ctl, or nothing.
fs::path server_programs() {
  std::vector<fs::path> versions;
  const fs::path root = "/usr/lib/postgresql";
  if (fs::exists(root)) {
    for (const auto& entry : fs::directory_iterator(root)) {
      if (fs::exists(entry.path() / "bin" / "initdb")) versions.push_back(entry.path() / "bin");
    }
  }
  std::sort(versions.begin(), versions.end());
  return versions.empty() ? fs::path() : versions.back();
}

class Server {
 public:
  Server() : programs_(server_programs()) {
    if (programs_.empty()) return;
    char name[] = "/tmp/adgenome-postgres-XXXXXX";
    if (::mkdtemp(name) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = name;
    // The server refuses to run as root.
    as_ = ::geteuid() == 0 ? "runuser -u postgres -- " : "";
    if (::geteuid() == 0) run("chown postgres " + folder_);
    run(as_ + (programs_ / "initdb").string() + " -D " + folder_ +
        "/data -A trust -U adgenome -E UTF8 --locale=C.UTF-8 --no-sync");
    run(as_ + (programs_ / "pg_ctl").string() + " -D " + folder_ + "/data -w -l " + folder_ +
        "/log -o \"-k " + folder_ + " -c listen_addresses='' -c fsync=off\" start");
  }

  ~Server() {
    if (programs_.empty()) return;
    const std::string stop = as_ + (programs_ / "pg_ctl").string() + " -D " + folder_ +
                             "/data -m immediate stop >/dev/null 2>&1";
    static_cast<void>(std::system(stop.c_str()));
    fs::remove_all(folder_);
  }

  std::string fresh_database() {
    if (programs_.empty()) return "";
    const std::string name = "test" + std::to_string(++databases_);
    psql({"CREATE DATABASE " + name});
    return "postgres://adgenome@/" + name + "?host=" + folder_;
  }

  void copy_database(const std::string& from, const std::string& to) {
    psql({"DROP DATABASE " + name_in(to),
          "CREATE DATABASE " + name_in(to) + " TEMPLATE " + name_in(from)});
  }

 private:
  static std::string name_in(const std::string& url) {
    const std::size_t begin = url.find("@/") + 2;
    return url.substr(begin, url.find('?') - begin);
  }

  void psql(const std::vector<std::string>& statements) const {
    std::string command = (programs_ / "psql").string() + " -h " + folder_ +
                          " -U adgenome -d postgres -qX -v ON_ERROR_STOP=1";
    for (const std::string& statement : statements) command += " -c '" + statement + "'";
    run(command);
  }

  static void run(const std::string& command) {
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) {
      throw std::runtime_error("failed: " + command);
    }
  }

  fs::path programs_;
  std::string folder_;
  std::string as_;
  int databases_ = 0;
};

Server& server() {
  static Server server;
  return server;
}

}  // namespace

std::string fresh_postgres_database() {
  return server().fresh_database();
}

void copy_postgres_database(const std::string& from, const std::string& to) {
  server().copy_database(from, to);
}

}  // namespace adgenome::testing
