#include "symbols/debug_file.h"

#include <array>
#include <filesystem>

#include "base/error.h"

namespace situ {
namespace {

constexpr std::string_view debug_root = "/usr/lib/debug";

// The CRC-32 of ISO 3309, as .gnu_debuglink uses it.
std::uint32_t crc32(std::span<const std::byte> bytes) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
    table.at(i) = value;
  }
  std::uint32_t crc = ~0U;
  for (const std::byte byte : bytes)
    crc = table.at((crc ^ std::to_integer<std::uint32_t>(byte)) & 0xff) ^ (crc >> 8);
  return ~crc;
}

std::unique_ptr<ElfImage> open_if_there(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return nullptr;
  try {
    return ElfImage::open(path.string());
  } catch (const Error&) {
    return nullptr;  // a damaged debug file is none
  }
}

}  // namespace

std::unique_ptr<ElfImage> find_debug_file(const ElfImage& image) {
  const std::string id = image.build_id();
  if (id.size() > 2) {
    const auto path =
        std::filesystem::path(debug_root) / ".build-id" / id.substr(0, 2) / (id.substr(2) + ".debug");
    if (auto found = open_if_there(path); found && found->build_id() == id) return found;
  }
  const auto link = image.debug_link();
  if (!link || link->file.find('/') != std::string::npos) return nullptr;
  std::error_code error;
  const auto directory = std::filesystem::absolute(image.path(), error).parent_path();
  if (error) return nullptr;
  const auto mirrored = std::filesystem::path(debug_root) / directory.relative_path();
  for (const auto& place : {directory, directory / ".debug", mirrored}) {
    auto found = open_if_there(place / link->file);
    if (!found) continue;
    const bool same = id.empty() ? crc32(found->whole_file()) == link->crc : found->build_id() == id;
    if (same) return found;
  }
  return nullptr;
}

}  // namespace situ
