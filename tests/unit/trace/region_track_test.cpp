#include "trace/region_track.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace situ {
namespace {

using testing::ElementsAre;

class RegionTracks : public testing::Test {
 protected:
  RegionTracks() { recording_.threads.resize(2); }
  static Mapping mapping(std::uint64_t low, std::uint64_t high, std::string path = {}) {
    Mapping made;
    made.range = {{low}, {high}};
    made.readable = made.writable = true;
    made.path = std::move(path);
    return made;
  }
  void refresh(StepIndex step, const std::vector<Mapping>& maps, const std::vector<StackPointer>& pointers) {
    regions_.refresh(step, maps, modules_, pointers, {});
  }
  const Region& region(std::optional<RegionId> id) { return recording_.at(id.value()); }

  Recording recording_;
  TypeTable types_{recording_.types};
  UserCode user_code_{UserCode::Options{}};
  ModuleMap modules_{recording_, types_, user_code_};
  RegionTrack regions_{recording_};
};

TEST_F(RegionTracks, AnAlternateStackIsFoundBeforeTheRegionAroundIt) {
  refresh(0, {mapping(0x1000, 0x9000, "[stack]")}, {});
  regions_.see_alternate_stack(3, ThreadId{0}, {{0x3000}, {0x5000}});
  EXPECT_EQ(region(regions_.stack_at({0x4000})).kind, RegionKind::alternate_stack);
  EXPECT_EQ(region(regions_.stack_at({0x5000})).kind, RegionKind::stack);
  EXPECT_EQ(region(regions_.at({0x4000})).life, (Lifetime{3, {}}));
  EXPECT_THAT(recording_.threads[0].stacks, ElementsAre(RegionId{0}, RegionId{1}));
}

TEST_F(RegionTracks, SeenAgainItIsTheSameAndAnotherOneTakesItsPlace) {
  refresh(0, {mapping(0x1000, 0x9000, "[heap]")}, {});
  regions_.see_alternate_stack(1, ThreadId{1}, {{0x3000}, {0x5000}});
  regions_.see_alternate_stack(2, ThreadId{1}, {{0x3000}, {0x5000}});
  ASSERT_EQ(recording_.regions.size(), 2U);
  regions_.see_alternate_stack(3, ThreadId{1}, {{0x5000}, {0x6000}});
  EXPECT_EQ(recording_.regions[1].life.died, 3U);
  EXPECT_EQ(regions_.stack_at({0x4000}), std::nullopt);
  EXPECT_TRUE(regions_.stack_at({0x5000}));
  regions_.end_alternate_stack(4, ThreadId{0});
  EXPECT_TRUE(regions_.stack_at({0x5000}));
  regions_.end_alternate_stack(5, ThreadId{1});
  EXPECT_EQ(recording_.regions[2].life.died, 5U);
}

TEST_F(RegionTracks, AMappingMadeForAnAlternateStackIsThatStackUntilItIsUnmapped) {
  const std::vector<Mapping> maps = {mapping(0x1000, 0x2000), mapping(0x3000, 0x5000)};
  refresh(0, maps, {});
  regions_.see_alternate_stack(1, ThreadId{0}, {{0x3000}, {0x5000}});
  EXPECT_EQ(recording_.regions[1].life.died, 1U);
  refresh(2, maps, {});
  EXPECT_EQ(recording_.regions.size(), 3U);
  refresh(3, {maps[0]}, {});
  EXPECT_EQ(recording_.regions[2].life.died, 3U);
  EXPECT_EQ(regions_.at({0x4000}), std::nullopt);
}

TEST_F(RegionTracks, AnAlternateStackInAFrameIsOverWithThatFrame) {
  refresh(0, {mapping(0x1000, 0x9000, "[stack]")}, {});
  regions_.see_alternate_stack(1, ThreadId{0}, {{0x3000}, {0x5000}});
  EXPECT_EQ(region(regions_.stack_at({0x3000})).kind, RegionKind::stack);
  EXPECT_EQ(region(regions_.stack_at({0x3008})).kind, RegionKind::alternate_stack);
  regions_.see_stack_pointer(2, ThreadId{0}, {0x2ff0});
  regions_.see_stack_pointer(2, ThreadId{0}, {0x4000});
  regions_.see_stack_pointer(2, ThreadId{1}, {0x6000});
  EXPECT_EQ(recording_.regions[1].life.died, std::nullopt);
  regions_.see_stack_pointer(3, ThreadId{0}, {0x5000});
  EXPECT_EQ(recording_.regions[1].life.died, 3U);
}

TEST_F(RegionTracks, ASecondStackWithoutASignalIsNoAlternateOne) {
  refresh(0, {mapping(0x1000, 0x2000), mapping(0x3000, 0x5000, "[stack]")}, {});
  refresh(1, {mapping(0x1000, 0x2000), mapping(0x3000, 0x5000, "[stack]")}, {{ThreadId{0}, {0x1800}}});
  EXPECT_EQ(region(regions_.stack_at({0x1800})).kind, RegionKind::stack);
  EXPECT_EQ(region(regions_.stack_at({0x1800})).thread, ThreadId{0});
}

}  // namespace
}  // namespace situ
