// Ctrl-C and Ctrl-\ while a program is traced: the first belongs to the program (the terminal sends it to
// both), the tracer only counts.
#pragma once

#include <sys/types.h>

namespace situ {

// Counts from now on; a second one stops `tracee` so that a waiting tracer wakes up. Signals that are ignored
// stay so.
void count_user_interrupts(pid_t tracee);
int user_interrupts();
// Gives the signals back the handlers they had.
void stop_counting_user_interrupts();

}  // namespace situ
