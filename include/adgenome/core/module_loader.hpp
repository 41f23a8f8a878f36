#pragma once

#include <string>

namespace adgenome::core {

/// The address of the factory `adgenome_module_NAME` in the shared object adgenome_NAME.so, which
/// is looked for beside the program (lib/adgenome/) and where it was installed
/// (../lib/adgenome/). It is opened at the first call and stays open. Throws Error (internal)
/// with a hint where it is missing: the installation is not whole.
void* load_module(const std::string& name);

/// Calls the factory of a module: `T* adgenome_module_NAME()`; the caller owns what it gives.
template <class T>
T* create_from_module(const std::string& name) {
  return reinterpret_cast<T* (*)()>(load_module(name))();
}

}  // namespace adgenome::core
