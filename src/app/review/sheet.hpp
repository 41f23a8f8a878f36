#pragma once

#include <adgenome/imaging/contact_sheet.hpp>
#include <string>

#include "panel.hpp"

namespace adgenome::app {

/// Whether a contact sheet can be written to a file of this name (.html, .htm, .png).
bool is_sheet_name(const std::string& path);

/// The card of a reviewed ad. Reads its picture.
imaging::SheetCard card_of(const Work& work);

/// Writes the sheet in the form that the file's name asks for.
void write_sheet(const imaging::ContactSheet& sheet, const std::string& path);

}  // namespace adgenome::app
