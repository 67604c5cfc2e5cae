#include "process/executable.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace situ {
namespace {

using testing::HasSubstr;

// A folder of its own, removed with everything in it.
class ExecutableTest : public testing::Test {
 protected:
  ExecutableTest() {
    std::string name = (std::filesystem::temp_directory_path() / "situ-executable-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ExecutableTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes, mode_t mode = 0755) const {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    ::chmod(path.c_str(), mode);
    return path.string();
  }

  static std::string elf(Elf64_Ehdr header, const std::vector<Elf64_Phdr>& segments) {
    std::string bytes(sizeof header + segments.size() * sizeof(Elf64_Phdr), '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    for (std::size_t i = 0; i < segments.size(); ++i)
      std::memcpy(bytes.data() + sizeof header + i * sizeof(Elf64_Phdr), &segments[i], sizeof(Elf64_Phdr));
    return bytes;
  }

  static Elf64_Ehdr header(unsigned segments) {
    Elf64_Ehdr out{};
    std::memcpy(out.e_ident, ELFMAG, SELFMAG);
    out.e_ident[EI_CLASS] = ELFCLASS64;
    out.e_ident[EI_DATA] = ELFDATA2LSB;
    out.e_type = ET_DYN;
    out.e_machine = EM_X86_64;
    out.e_entry = 0x1000;
    out.e_phoff = sizeof out;
    out.e_phentsize = sizeof(Elf64_Phdr);
    out.e_phnum = static_cast<Elf64_Half>(segments);
    return out;
  }

  static Error refusal(const std::string& name) {
    try {
      find_executable(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::cannot_trace);
      return error;
    }
    ADD_FAILURE() << name << " was accepted";
    return {ErrorKind::usage, "", ""};
  }

  std::filesystem::path folder_;
};

TEST_F(ExecutableTest, TellsDynamicStaticAndFixedProgramsApart) {
  Elf64_Phdr interpreter{}, load{};
  interpreter.p_type = PT_INTERP;
  load.p_type = PT_LOAD;
  const Executable dynamic = find_executable(write("dynamic", elf(header(2), {load, interpreter})));
  EXPECT_TRUE(dynamic.has_interpreter && dynamic.position_independent && !dynamic.set_id);
  Elf64_Ehdr fixed = header(1);
  fixed.e_type = ET_EXEC;
  const Executable alone = find_executable(write("static", elf(fixed, {load}), 04755));
  EXPECT_TRUE(!alone.has_interpreter && !alone.position_independent && alone.set_id);
}

TEST_F(ExecutableTest, IsLookedUpInPathAndMadeAbsolute) {
  const Executable shell = find_executable("sh");
  EXPECT_EQ(shell.path[0], '/');
  EXPECT_TRUE(std::filesystem::exists(shell.path));
}

TEST_F(ExecutableTest, ThatIsNotFoundIsSuggestedFromHere) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  write("no_such_program_in_path", "x");
  EXPECT_THAT(refusal("no_such_program_in_path").remedy, HasSubstr("./no_such_program_in_path"));
  std::filesystem::current_path(before);
  EXPECT_THAT(refusal("no_such_program_in_path").why, HasSubstr("PATH"));
  EXPECT_THAT(refusal((folder_ / "missing").string()).why, HasSubstr("No such file"));
  EXPECT_THAT(refusal("").why, HasSubstr("empty"));
}

TEST_F(ExecutableTest, OfAnotherKindIsRefusedWithItsKind) {
  EXPECT_THAT(refusal(folder_.string()).why, HasSubstr("directory"));
  EXPECT_THAT(refusal(write("plain", "text", 0644)).remedy, HasSubstr("chmod +x"));
  EXPECT_THAT(refusal(write("text", "text")).why, HasSubstr("not an ELF"));
  EXPECT_THAT(refusal(write("empty", "")).why, HasSubstr("empty"));
  const Error script = refusal(write("script", "#! /usr/bin/env python3\nprint()\n"));
  EXPECT_THAT(script.why, HasSubstr("script for /usr/bin/env python3"));
  EXPECT_THAT(script.remedy, HasSubstr("/usr/bin/env python3 "));
  EXPECT_THAT(refusal(write("bare", "#!")).why, HasSubstr("script"));
}

TEST_F(ExecutableTest, OfAnotherArchitectureOrADamagedOneIsRefused) {
  Elf64_Ehdr wrong = header(0);
  wrong.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_THAT(refusal(write("narrow", elf(wrong, {}))).why, HasSubstr("32-bit"));
  wrong = header(0);
  wrong.e_machine = EM_AARCH64;
  EXPECT_THAT(refusal(write("arm", elf(wrong, {}))).why, HasSubstr("another processor"));
  wrong = header(0);
  wrong.e_type = ET_REL;
  EXPECT_THAT(refusal(write("object", elf(wrong, {}))).why, HasSubstr("object file"));
  wrong = header(0);
  wrong.e_entry = 0;
  EXPECT_THAT(refusal(write("library", elf(wrong, {}))).why, HasSubstr("not a program"));
  EXPECT_THAT(refusal(write("cut", std::string(ELFMAG) + "\2\1")).why, HasSubstr("cut off"));
  EXPECT_THAT(refusal(write("segments", elf(header(3), {}))).why, HasSubstr("damaged"));
  wrong = header(1);
  wrong.e_phoff = ~Elf64_Off{0} - 8;
  EXPECT_THAT(refusal(write("offset", elf(wrong, {}))).why, HasSubstr("damaged"));
}

}  // namespace
}  // namespace situ
