// operator new and delete, all forms, under their mangled names (Itanium C++ ABI). Each forwards to the next
// definition, libstdc++'s, and only leaves a label: the malloc or free it causes is what gets recorded. An
// exception of the next definition passes through: the frames have unwind tables and nothing to clean up.
#include "labels.h"
#include "next.h"
#include "record.h"

using namespace situ::probe;
using situ::wire::Op;

extern "C" void* malloc(std::size_t);
extern "C" void* aligned_alloc(std::size_t, std::size_t);
extern "C" void free(void*);

namespace {

// The next definition, kept once it was found.
void* next_definition(void*& kept, const char* symbol) {
  void* next = __atomic_load_n(&kept, __ATOMIC_RELAXED);
  if (next == nullptr) {
    next = find_next_operator(symbol);
    __atomic_store_n(&kept, next, __ATOMIC_RELAXED);
  }
  return next;
}

struct NewCall {
  Op op;
  const void* frame;
  std::size_t bytes;
  std::size_t alignment = 0;
};

template <class Next, class... Arguments>
inline void* forward_new(Next* next, const NewCall& call, Arguments... arguments) {
  if (next == nullptr)
    return call.alignment != 0 ? aligned_alloc(call.alignment, call.bytes) : malloc(call.bytes);
  if (!recording()) return next(arguments...);
  // libstdc++ asks malloc for 1 byte when asked for 0, and rounds up to the alignment.
  const std::size_t slack = call.alignment != 0 ? call.alignment : call.bytes == 0 ? 1 : 0;
  const LabelScope label(
      {call.op, call.bytes, slack, call.alignment, 0, reinterpret_cast<std::uint64_t>(call.frame)});
  return next(arguments...);
}

struct DeleteCall {
  Op op;
  const void* frame;
  void* block;
  std::size_t bytes = 0;
  std::size_t alignment = 0;
};

template <class Next, class... Arguments>
inline void forward_delete(Next* next, const DeleteCall& call, Arguments... arguments) {
  if (next == nullptr) return free(call.block);
  if (call.block == nullptr || !recording()) return next(arguments...);
  const LabelScope label({call.op, reinterpret_cast<std::uint64_t>(call.block), 0, call.alignment, call.bytes,
                          reinterpret_cast<std::uint64_t>(call.frame)});
  next(arguments...);
}

}  // namespace

#define INTERPOSED extern "C" [[gnu::visibility("default")]]
// The next definition of SYMBOL, with the parameters of the function it stands in.
#define NEXT(SYMBOL, TYPE) \
  static void* kept;       \
  auto* const next = reinterpret_cast<TYPE>(next_definition(kept, #SYMBOL))
#define FRAME __builtin_frame_address(0)

#define NEW_FORMS(PLAIN, NOTHROW, ALIGNED, ALIGNED_NOTHROW, OP)                                 \
  INTERPOSED void* PLAIN(std::size_t bytes) {                                                   \
    NEXT(PLAIN, void* (*)(std::size_t));                                                        \
    return forward_new(next, {OP, FRAME, bytes}, bytes);                                        \
  }                                                                                             \
  INTERPOSED void* NOTHROW(std::size_t bytes, const void* tag) {                                \
    NEXT(NOTHROW, void* (*)(std::size_t, const void*));                                         \
    return forward_new(next, {OP, FRAME, bytes}, bytes, tag);                                   \
  }                                                                                             \
  INTERPOSED void* ALIGNED(std::size_t bytes, std::size_t alignment) {                          \
    NEXT(ALIGNED, void* (*)(std::size_t, std::size_t));                                         \
    return forward_new(next, {OP, FRAME, bytes, alignment}, bytes, alignment);                  \
  }                                                                                             \
  INTERPOSED void* ALIGNED_NOTHROW(std::size_t bytes, std::size_t alignment, const void* tag) { \
    NEXT(ALIGNED_NOTHROW, void* (*)(std::size_t, std::size_t, const void*));                    \
    return forward_new(next, {OP, FRAME, bytes, alignment}, bytes, alignment, tag);             \
  }

#define DELETE_FORMS(PLAIN, SIZED, NOTHROW, ALIGNED, SIZED_ALIGNED, ALIGNED_NOTHROW, OP) \
  INTERPOSED void PLAIN(void* block) {                                                   \
    NEXT(PLAIN, void (*)(void*));                                                        \
    forward_delete(next, {OP, FRAME, block}, block);                                     \
  }                                                                                      \
  INTERPOSED void SIZED(void* block, std::size_t bytes) {                                \
    NEXT(SIZED, void (*)(void*, std::size_t));                                           \
    forward_delete(next, {OP, FRAME, block, bytes}, block, bytes);                       \
  }                                                                                      \
  INTERPOSED void NOTHROW(void* block, const void* tag) {                                \
    NEXT(NOTHROW, void (*)(void*, const void*));                                         \
    forward_delete(next, {OP, FRAME, block}, block, tag);                                \
  }                                                                                      \
  INTERPOSED void ALIGNED(void* block, std::size_t alignment) {                          \
    NEXT(ALIGNED, void (*)(void*, std::size_t));                                         \
    forward_delete(next, {OP, FRAME, block, 0, alignment}, block, alignment);            \
  }                                                                                      \
  INTERPOSED void SIZED_ALIGNED(void* block, std::size_t bytes, std::size_t alignment) { \
    NEXT(SIZED_ALIGNED, void (*)(void*, std::size_t, std::size_t));                      \
    forward_delete(next, {OP, FRAME, block, bytes, alignment}, block, bytes, alignment); \
  }                                                                                      \
  INTERPOSED void ALIGNED_NOTHROW(void* block, std::size_t alignment, const void* tag) { \
    NEXT(ALIGNED_NOTHROW, void (*)(void*, std::size_t, const void*));                    \
    forward_delete(next, {OP, FRAME, block, 0, alignment}, block, alignment, tag);       \
  }

NEW_FORMS(_Znwm, _ZnwmRKSt9nothrow_t, _ZnwmSt11align_val_t, _ZnwmSt11align_val_tRKSt9nothrow_t,
          Op::operator_new)
NEW_FORMS(_Znam, _ZnamRKSt9nothrow_t, _ZnamSt11align_val_t, _ZnamSt11align_val_tRKSt9nothrow_t,
          Op::operator_new_array)
DELETE_FORMS(_ZdlPv, _ZdlPvm, _ZdlPvRKSt9nothrow_t, _ZdlPvSt11align_val_t, _ZdlPvmSt11align_val_t,
             _ZdlPvSt11align_val_tRKSt9nothrow_t, Op::operator_delete)
DELETE_FORMS(_ZdaPv, _ZdaPvm, _ZdaPvRKSt9nothrow_t, _ZdaPvSt11align_val_t, _ZdaPvmSt11align_val_t,
             _ZdaPvSt11align_val_tRKSt9nothrow_t, Op::operator_delete_array)
