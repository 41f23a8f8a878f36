#include <adgenome/core/module_loader.hpp>
#include <adgenome/imaging/renderer.hpp>

namespace adgenome::imaging {

std::unique_ptr<Renderer> make_renderer() {
  return std::unique_ptr<Renderer>(core::create_from_module<Renderer>("drawing"));
}

}  // namespace adgenome::imaging
