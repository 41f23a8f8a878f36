#pragma once

#include <adgenome/providers/registry.hpp>

namespace adgenome::providers {

Provider anthropic_row();
Provider gemini_row();
Provider openai_row();

}  // namespace adgenome::providers
