#pragma once

#include <adgenome/providers/models.hpp>
#include <string>

namespace adgenome::app {

/// The picture of a file as a model is shown it: as it is where it is small enough, else scaled
/// down to `longest_side` pixels. Throws InvalidInput for a file that is no picture.
providers::ModelPicture picture_for_model(const std::string& file, std::string caption,
                                          int longest_side);

}  // namespace adgenome::app
