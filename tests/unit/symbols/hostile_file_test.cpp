// Files that are not what they seem: no crash, no hang, and an Error only where there is no ELF file at all.
#include <fstream>
#include <iterator>
#include <random>

#include "base/error.h"
#include "opened_file.h"

namespace situ {
namespace {

std::vector<std::byte> bytes_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

// Opens and asks everything; Errors are fine.
void ask_everything(std::vector<std::byte> image) {
  std::vector<Type> types;
  TypeTable table(types);
  const UserCode user;
  try {
    const auto file = SymbolFile::from_memory(std::move(image), table, user);
    for (const FunctionInfo* function : file->user_functions()) {
      file->function_at(function->entry);
      file->line_at(function->body);
      SymbolFile::scopes_at(*function, function->body);
    }
    file->vtables();
    file->build_id();
    file->symbol_at({0x1200});
    file->symbol_address("main");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::file);
  }
}

TEST(HostileFile, IsAnErrorWhenItIsNotElf) {
  std::vector<Type> types;
  TypeTable table(types);
  const UserCode user;
  const std::string path = ::testing::TempDir() + "situ_not_elf";
  std::ofstream(path) << "#!/bin/sh\necho no\n";
  EXPECT_THROW(SymbolFile::open(path, table, user), Error);
  EXPECT_THROW(SymbolFile::open("/nowhere/at/all", table, user), Error);
  EXPECT_THROW(SymbolFile::open("/", table, user), Error);
  EXPECT_THROW(SymbolFile::from_memory({}, table, user), Error);
}

TEST(HostileFile, SurvivesBeingCutOffAnywhere) {
  const std::vector<std::byte> whole = bytes_of(target_path("sym_units.gcc"));
  ASSERT_GT(whole.size(), 1000U);
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97)
    ask_everything({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
}

TEST(HostileFile, SurvivesOverwrittenBytes) {
  const std::vector<std::byte> whole = bytes_of(target_path("sym_units.gcc"));
  std::mt19937 random(20);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::byte> damaged = whole;
    for (int i = 0; i < 40; ++i)
      damaged[64 + random() % (damaged.size() - 64)] = static_cast<std::byte>(random());
    ask_everything(std::move(damaged));
  }
}

TEST(FromMemory, ReadsTheSameAsFromAFile) {
  std::vector<Type> types;
  TypeTable table(types);
  const UserCode user;
  const auto file = SymbolFile::from_memory(bytes_of(target_path("sym_units.gcc")), table, user);
  EXPECT_TRUE(file->has_debug_info());
  EXPECT_FALSE(file->user_functions().empty());
}

}  // namespace
}  // namespace situ
