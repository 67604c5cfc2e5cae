// A table of buckets; the thread pointer's hash picks one, and only its 8 places are looked at (one cache
// line of owners). A place is occupied only while its thread is in an operator, so the table is full only
// when more than 8 threads of one bucket are in an operator at once; the block is then called malloc's.
//
// An exception (bad_alloc) or longjmp can leave a label behind. It is recognised as stale because it is used
// once, only for the same number of bytes or the same block, only deeper in the stack; and the thread's next
// operator replaces it.
#include "labels.h"

#include "next.h"

namespace situ::probe {
namespace {

constexpr unsigned buckets = 256, places = 8;
struct alignas(64) Owners {
  std::uint64_t thread[places];
};
Owners owners[buckets];
Label labels[buckets][places];

unsigned bucket_of(std::uint64_t thread) {
  return static_cast<unsigned>((thread * 0x9e3779b97f4a7c15) >> 56);
}

bool release_op(wire::Op op) {
  return op == wire::Op::operator_delete || op == wire::Op::operator_delete_array;
}

bool is_for(const Label& label, bool release, std::uint64_t value, std::uint64_t frame) {
  return release_op(label.op) == release && frame < label.frame && value - label.value <= label.slack;
}

// The place of this thread in its bucket; `places`: none.
unsigned place_of(const Owners& bucket, std::uint64_t thread) {
  unsigned place = 0;
  while (place < places && __atomic_load_n(&bucket.thread[place], __ATOMIC_RELAXED) != thread) ++place;
  return place;
}

}  // namespace

LabelScope::LabelScope(const Label& label) : owner_(nullptr) {
  const std::uint64_t thread = thread_pointer();
  const unsigned number = bucket_of(thread);
  Owners& bucket = owners[number];
  unsigned place = place_of(bucket, thread);
  if (place < places) {
    if (is_for(labels[number][place], release_op(label.op), label.value, label.frame)) return;
  } else {
    for (place = 0; place < places; ++place) {
      std::uint64_t nobody = 0;
      if (__atomic_compare_exchange_n(&bucket.thread[place], &nobody, thread, false, __ATOMIC_ACQ_REL,
                                      __ATOMIC_RELAXED))
        break;
    }
    if (place == places) return;
  }
  labels[number][place] = label;
  owner_ = &bucket.thread[place];
}

LabelScope::~LabelScope() {
  if (owner_ == nullptr) return;
  std::uint64_t thread = thread_pointer();
  __atomic_compare_exchange_n(owner_, &thread, std::uint64_t{0}, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

bool take_label(bool release, std::uint64_t value, std::uint64_t frame, Label& into) {
  const std::uint64_t thread = thread_pointer();
  const unsigned number = bucket_of(thread);
  const unsigned place = place_of(owners[number], thread);
  if (place == places || !is_for(labels[number][place], release, value, frame)) return false;
  into = labels[number][place];
  labels[number][place].frame = 0;  // used: no frame is below it any more
  return true;
}

}  // namespace situ::probe
