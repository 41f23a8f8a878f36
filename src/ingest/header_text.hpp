#pragma once

#include <string>
#include <string_view>

namespace adgenome::ingest {

/// A column's name as it is compared: lower case, without accents, blanks and apostrophes of one
/// kind. Exports write "Käufe", "KÄUFE" and "Ka\u0308ufe".
std::string folded(std::string_view name);

}  // namespace adgenome::ingest
