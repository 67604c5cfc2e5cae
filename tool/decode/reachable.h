// Which heap blocks the program could still reach when it ended, told as valgrind's leak check tells it: from
// the words of statics, thread-locals and live stacks, and of blocks so reached. A word anywhere into a block
// reaches it. Registers at the exit are not recorded, and memory that was never read has no say.
#pragma once

#include <vector>

#include "model/recording.h"

namespace situ {

struct Unreachable {
  BlockId block;
  bool direct = true;  // false: only reached from another block that nothing reaches
};
// The blocks alive at the end that nothing reaches, in order of their ids; none for a recording that does not
// hold the program's end.
std::vector<Unreachable> unreachable_blocks(const Recording& recording);

}  // namespace situ
