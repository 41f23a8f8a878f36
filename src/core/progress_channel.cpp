#include <unistd.h>

#include <adgenome/core/json.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <adgenome/core/text.hpp>
#include <cstdlib>
#include <string>

namespace adgenome::core {

void report_progress(const Json& members) {
  const char* text = std::getenv(std::string(kProgressChannel).c_str());
  if (text == nullptr) return;
  const auto descriptor = to_int64(text);
  if (!descriptor) return;
  const std::string line = dump(members) + '\n';
  // Nobody may be listening any more: the work goes on all the same.
  static_cast<void>(!::write(static_cast<int>(*descriptor), line.data(), line.size()));
}

}  // namespace adgenome::core
