#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "architecture/includes.h"
#include "architecture/tree.h"

namespace situ {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A small project in a folder of its own, for planted violations.
class Planted {
 public:
  Planted() {
    std::string name = (fs::temp_directory_path() / "situ-architecture-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    root_ = name;
  }
  ~Planted() { fs::remove_all(root_); }
  Planted(const Planted&) = delete;

  Planted& file(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
    return *this;
  }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

const fs::path root = SITU_ROOT;

TEST(Includes, EachRoomIncludesOnlyWhatTheTableAllows) {
  EXPECT_THAT(include_violations(root), IsEmpty());
}

TEST(Includes, AnIncludeAcrossTheHalvesIsFound) {
  Planted planted;
  planted.file("tool/render/text.cpp",
               "// a\n#include \"render/text.h\"\n  #  include \"process/tracee.h\"\n");
  planted.file("tool/unwind/a.h", "#include \"inspect/places.h\"\n#include \"base/address.h\"\n");
  planted.file("tool/cli/run.cpp", "#include \"render/text.h\"\n#include \"trace/session.h\"\n");
  planted.file("tool/util/a.h", "#include \"base/address.h\"\n");
  planted.file("probe/record.cpp",
               "#include \"base/address.h\"\n#include \"probe/wire.h\"\n#include \"record.h\"\n");
  planted.file("probe/record.h", "");
  planted.file("tool/heap/ring.cpp", "#include \"probe/wire.h\"\n");
  planted.file("tool/heap/ledger.cpp", "#include \"probe/record.h\"\n");
  EXPECT_THAT(include_violations(planted.root()),
              ElementsAre(HasSubstr("probe/record.cpp:1: the probe includes only itself"),
                          HasSubstr("tool/heap/ledger.cpp:1: heap may not include probe"),
                          HasSubstr("tool/render/text.cpp:3: render may not include process"),
                          HasSubstr("tool/unwind/a.h:1: unwind may not include inspect"),
                          HasSubstr("tool/util/a.h:1: the table has no room util")));
}

TEST(Includes, AThirdPartyHeaderOutsideItsRoomIsFound) {
  Planted planted;
  planted.file("tool/decode/value.cpp", "#include <elfutils/libdw.h>\n#include <vector>\n");
  planted.file("tool/process/tracee.cpp", "#include <sys/ptrace.h>\n#include <Zydis/Zydis.h>\n");
  planted.file("tool/trace/session.cpp", "#include <sys/wait.h>\n#include <fmt/format.h>\n");
  planted.file("tool/base/error.h", "#include <fmt/format.h>\n");
  planted.file("tool/base/error.cpp", "#include <fmt/format.h>\n");
  EXPECT_THAT(include_violations(planted.root()),
              ElementsAre(HasSubstr("tool/base/error.h:1: libfmt"),
                          HasSubstr("tool/decode/value.cpp:1: <elfutils/libdw.h> is not for decode"),
                          HasSubstr("tool/trace/session.cpp:1: <sys/wait.h> is not for trace")));
}

TEST(Symbols, TheViewHalfNeedsNoLibdwLibunwindOrPtrace) {
  std::istringstream libraries(SITU_VIEW_LIBRARIES);
  int checked = 0;
  for (std::string library; std::getline(libraries, library, ':'); ++checked) {
    EXPECT_THAT(capture_symbols(output_of(SITU_NM " -u '" + library + "'")), IsEmpty()) << library;
  }
  EXPECT_GE(checked, 4);
}

TEST(Symbols, ASymbolOfTheCapturingHalfIsFound) {
  EXPECT_THAT(capture_symbols("a.o:\n U malloc\n U ptrace@GLIBC_2.2.5\n U _Unwind_Resume\n U dwarf_diename\n"
                              " U unw_step\n U _Ux86_64_init_remote\n U my_ptrace\n"),
              ElementsAre("ptrace", "dwarf_diename", "unw_step", "_Ux86_64_init_remote"));
}

TEST(Tree, NoFolderHasANameThatSaysNothing) {
  EXPECT_THAT(nameless_folders(project_files(root)), IsEmpty());
}

TEST(Tree, TheTopHoldsOnlyWhatBelongsThere) {
  EXPECT_THAT(strangers_at_the_top(project_files(root)), IsEmpty());
}

TEST(Tree, NoFileNamesAHomeOrWorkFolder) {
  EXPECT_THAT(private_paths(root, project_files(root)), IsEmpty());
}

TEST(Tree, ViolationsAreFound) {
  Planted planted;
  const std::string slash = "/";
  planted.file("tool/util/strings.cpp", "");
  planted.file("docs/core/index.md", "see " + slash + "home/ann/notes");
  planted.file("notes.txt", "the framework" + slash + "work/x is no path");
  planted.file("tests/run", "cd " + slash + "work/tree\n");
  planted.file("tests/example", "as in " + slash + "home/me/box.rs");
  planted.file(".hidden", "");
  planted.file("build/tool/misc/object.txt", slash + "work/tree");
  const auto files = project_files(planted.root());
  EXPECT_THAT(nameless_folders(files), ElementsAre("docs/core", "tool/util"));
  EXPECT_THAT(strangers_at_the_top(files), ElementsAre("notes.txt"));
  EXPECT_THAT(private_paths(planted.root(), files),
              testing::UnorderedElementsAre("docs/core/index.md: " + slash + "home/ann/notes",
                                            "tests/run: " + slash + "work/tree"));
}

}  // namespace
}  // namespace situ
