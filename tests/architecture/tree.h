// Which names and texts the source tree may have.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace situ {

// What a command printed; throws if it could not be run or failed.
std::string output_of(const std::string& command);

// The project's files, relative to `root`: what git tracks, or, outside a checkout, everything but build
// folders.
std::vector<std::filesystem::path> project_files(const std::filesystem::path& root);

// Folders whose name says nothing: util, common, helpers, misc, core.
std::vector<std::string> nameless_folders(const std::vector<std::filesystem::path>& files);

// Names at the top that do not belong there.
std::vector<std::string> strangers_at_the_top(const std::vector<std::filesystem::path>& files);

// Files whose text names somebody's home or work folder: "file: the path".
std::vector<std::string> private_paths(const std::filesystem::path& root,
                                       const std::vector<std::filesystem::path>& files);

}  // namespace situ
