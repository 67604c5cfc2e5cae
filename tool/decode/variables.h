// One variable at one step: where it is, its bytes, its value and its state (design: semantics, Variables).
#pragma once

#include <optional>
#include <vector>

#include "decode/moment.h"
#include "decode/timeline.h"

namespace situ {

struct VariableNow {
  const Place* place = nullptr;
  VariableState state = VariableState::unknown;
  Value value;
  std::optional<StepIndex> seen;
  bool in_scope = false;
  std::vector<std::byte> bytes;  // the leading ones that are known
  std::optional<Address> at;
};

class VariableReader {
 public:
  VariableReader(const Recording& recording, const Timeline& timeline, const DecodeOptions& options)
      : recording_(recording), timeline_(timeline), options_(options) {}

  VariableNow read(VariableId id, StepIndex step) const;
  // The same without the value.
  VariableNow locate(VariableId id, StepIndex step) const;
  // Where the mark was written for a frame or the frame it is inlined in.
  std::vector<AddressRange> marked(std::optional<FrameId> frame) const;
  // The same for a variable, which may lie in another frame than its own (a parameter, a returned value).
  std::vector<AddressRange> marked(VariableId id, StepIndex step) const;

 private:
  void load(VariableNow& now, const Variable& variable, std::uint64_t size, StepIndex step) const;
  std::vector<std::byte> bytes_of(const Place& place, const Variable& variable, std::uint64_t size,
                                  StepIndex step) const;
  // A value in pieces of which some are nowhere: all that is known of it.
  Value scattered(const VariableNow& now, const Variable& variable, const DecodeInput& input,
                  StepIndex step) const;
  VariableState state_of(const VariableNow& now, const Variable& variable, std::uint64_t size,
                         StepIndex step) const;
  std::vector<AddressRange> marked(const Variable& variable, const Place* place) const;
  bool holds_mark(const VariableNow& now, const Variable& variable, std::uint64_t size) const;

  const Recording& recording_;
  const Timeline& timeline_;
  DecodeOptions options_;
};

// The place at a step; a frame's last one at the step it died. Null: nowhere yet.
const Place* place_at(const Variable& variable, StepIndex step);
// The physical frame an inlined one belongs to; itself otherwise.
FrameId physical_frame(const Recording& recording, FrameId frame);

}  // namespace situ
