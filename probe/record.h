// Writes the records into the ring and executes the traps.
#pragma once

#include <cstdint>

#include "wire.h"

namespace situ::probe {

// Whether the tracer wants records. False in a process that has no ring (the library was preloaded by hand)
// and in a fork's child (the flags page reads 0 there).
bool recording();

// What the program asked for.
struct Request {
  wire::Op op;
  std::uint64_t requested = 0;
  std::uint64_t alignment = 0;
  std::uint64_t argument = 0;
};

// Each appends a record and traps if the tracer asked for it. `frame` is the stack frame of the interposed
// function: labels set above it are looked at.
void record_allocation(Request request, void* result, const void* frame);
void record_release(Request request, const void* frame);
void record_realloc_begin(const Request& request);
void record_realloc_end(const Request& request, void* result);

}  // namespace situ::probe
