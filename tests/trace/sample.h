// A fixture for what the article claims: a sample built without optimisation, by every compiler that is here.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/recording_json.h"

namespace situ::test {

inline std::vector<std::string> compilers() {
  return {COMPILERS};
}

class Sample : public testing::TestWithParam<std::string> {
 protected:
  static bool rust() { return GetParam() == "rust"; }
  // The recording of the sample, which must have ended well.
  static RecordingJson recorded(const std::string& stem, const std::string& optimisation = "O0") {
    Recorded run = record({std::string(SAMPLES) + "/" + GetParam() + "/" + optimisation + "/" + stem});
    EXPECT_EQ(run.ran.status, 0) << run.ran.err;
    EXPECT_EQ(run.recording.program().at("exit"), Json({{"code", 0}}));
    EXPECT_EQ(run.recording.program().at("lost_events"), 0);
    return std::move(run.recording);
  }
};

inline std::string compiler_name(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace situ::test
