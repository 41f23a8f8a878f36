#include <dlfcn.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/module_loader.hpp>
#include <filesystem>

namespace adgenome::core {

void* load_module(const std::string& name) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const std::string file = "adgenome_" + name + ".so";
  std::string reasons;
  for (const auto& folder : {program.parent_path() / "lib" / "adgenome",
                             program.parent_path().parent_path() / "lib" / "adgenome"}) {
    const std::filesystem::path path = folder / file;
    if (!std::filesystem::exists(path)) continue;
    // Opening twice gives the same handle; it stays open until the process ends.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* factory = handle ? ::dlsym(handle, ("adgenome_module_" + name).c_str()) : nullptr;
    if (factory) return factory;
    reasons += std::string(": ") + ::dlerror();
  }
  throw Error(ExitCode::kInternal, "cannot load the part \"" + name + "\"" + reasons,
              "the installation is not whole: " + file +
                  " belongs in lib/adgenome beside or above " + program.parent_path().string());
}

}  // namespace adgenome::core
