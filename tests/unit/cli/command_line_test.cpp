#include "cli/command_line.h"

#include <gmock/gmock.h>

namespace situ {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CommandLine split(const std::vector<std::string>& words) {
  return split_command_line(words, [](std::string_view command, std::string_view option) {
    return command == "run" && (option == "-o" || option == "--at");
  });
}

TEST(CommandLine, TheFirstWordAfterTheCommandBeginsTheProgram) {
  const CommandLine line = split({"run", "--every", "./box", "--its-own", "-o", "x"});
  EXPECT_THAT(line.own, ElementsAre("run", "--every"));
  EXPECT_THAT(line.program, ElementsAre("./box", "--its-own", "-o", "x"));
}

TEST(CommandLine, AnOptionsValueIsNotTheProgram) {
  const CommandLine line = split({"run", "-o", "file", "--at", "main", "./box"});
  EXPECT_THAT(line.own, ElementsAre("run", "-o", "file", "--at", "main"));
  EXPECT_THAT(line.program, ElementsAre("./box"));
}

TEST(CommandLine, AValueAfterAnEqualsSignTakesNoFurtherWord) {
  EXPECT_THAT(split({"run", "--at=main", "./box"}).program, ElementsAre("./box"));
}

TEST(CommandLine, TwoDashesEndSitusOptions) {
  const CommandLine line = split({"run", "--", "--odd-name", "--", "x"});
  EXPECT_THAT(line.own, ElementsAre("run"));
  EXPECT_THAT(line.program, ElementsAre("--odd-name", "--", "x"));
}

TEST(CommandLine, AMistypedOptionIsNotTakenForTheProgram) {
  const CommandLine line = split({"run", "--evry", "./box"});
  EXPECT_THAT(line.own, ElementsAre("run", "--evry"));
  EXPECT_THAT(line.program, ElementsAre("./box"));
}

TEST(CommandLine, WithoutAProgramThereIsNone) {
  EXPECT_THAT(split({"run", "-o"}).program, IsEmpty());
}

}  // namespace
}  // namespace situ
