#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/run_program.h"

namespace situ::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string temporary(const std::string& name) {
  return testing::TempDir() + "situ-cli-" + std::to_string(getpid()) + "-" + name;
}

Ran situ(std::vector<std::string> words) {
  words.insert(words.begin(), SITU);
  return run_program(words);
}

TEST(Cli, HelpLeadsWithExamples) {
  const Ran ran = situ({"--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("situ run ./box"));
  EXPECT_EQ(situ({"run", "--help"}).status, 0);
}

TEST(Cli, WrongUsageIsStatus2AndSaysWhatToDo) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"run"},
                                                {"nonsense"},
                                                {"run", "--nonsense", TARGET_EXIT},
                                                {"run", "--json", TARGET_EXIT}}) {
    const Ran ran = situ(words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("situ: "));
    EXPECT_EQ(ran.out, "");
  }
}

TEST(Cli, WhatCannotBeTracedIsStatus3) {
  const std::string script = temporary("script");
  std::ofstream(script) << "#!/bin/sh\ntrue\n";
  chmod(script.c_str(), 0755);
  const Ran ran = situ({"run", script});
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(ran.err, HasSubstr("/bin/sh"));
  EXPECT_EQ(situ({"run", "/no/such/program"}).status, 3);
  EXPECT_EQ(situ({"run", "/"}).status, 3);
  unlink(script.c_str());
}

TEST(Cli, TheProgramsOutputIsItsOwn) {
  const std::string json = temporary("out.json");
  const Ran ran = situ({"run", "--json", "-o", json, TARGET_EXIT});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "out 1\n");
  EXPECT_THAT(ran.err, HasSubstr("err\n"));
  unlink(json.c_str());
}

TEST(Cli, ExitStatusIsSitusOwnUnlessAskedFor) {
  EXPECT_EQ(situ({"run", TARGET_EXIT, "7"}).status, 0);
  EXPECT_EQ(situ({"run", "--exit-code=program", TARGET_EXIT, "7"}).status, 7);
  EXPECT_EQ(situ({"run", TARGET_EXIT, "abort"}).status, 4);
  EXPECT_EQ(situ({"run", "--exit-code", "program", TARGET_EXIT, "abort"}).status, 128 + 6);
}

TEST(Cli, AnUnwritableResultIsStatus5) {
  EXPECT_EQ(situ({"run", "-o", "/no/such/folder/story", TARGET_EXIT}).status, 5);
}

TEST(Cli, TheResultFileIsPrivateAndWhole) {
  const std::string json = temporary("private.json");
  ASSERT_EQ(situ({"run", "--json", "-o", json, TARGET_EXIT, "3"}).status, 0);
  struct stat info {};
  ASSERT_EQ(stat(json.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  const auto recording = nlohmann::json::parse(read_file(json));
  EXPECT_EQ(recording["format"], "situ-recording");
  EXPECT_EQ(recording["program"]["exit"]["code"], 3);
  unlink(json.c_str());
}

TEST(Cli, AStaticProgramsStackIsTracedAndItsHeapIsSaidToBeUnseen) {
  const Ran ran = situ({"run", TARGET_STATIC, "5"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.err, HasSubstr("statically linked"));
  EXPECT_THAT(ran.out, HasSubstr("status_of"));
}

TEST(Cli, APlaceThatIsNowhereIsAnErrorNotAnEmptyStory) {
  const Ran ran = situ({"run", "--from", "no_such_function", TARGET_EXIT});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("no_such_function"));
}

TEST(Cli, AWindowRecordsOnlyItsPart) {
  const std::string json = temporary("window.json");
  ASSERT_EQ(situ({"run", "--json", "-o", json, "--from", "status_of", TARGET_EXIT, "3"}).status, 0);
  const auto recording = nlohmann::json::parse(read_file(json));
  std::string first_call;
  for (const auto& step : recording["steps"])
    if (first_call.empty() && step["cause"] == "call")
      first_call = recording["functions"][step["function"].get<std::size_t>()]["name"];
  EXPECT_EQ(first_call, "status_of");
  unlink(json.c_str());
}

TEST(Cli, ColourIsOnlyWhereItWasAskedFor) {
  EXPECT_THAT(situ({"run", TARGET_EXIT}).out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(situ({"run", "--color=always", TARGET_EXIT}).out, HasSubstr("\x1b["));
}

}  // namespace
}  // namespace situ::test
