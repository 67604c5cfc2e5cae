#include "heap/purpose.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

using Stack = std::vector<std::string>;

TEST(Purpose, WhatTheCallerWantsHasNone) {
  EXPECT_EQ(purpose_of({}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "operator new(unsigned long)",
                        "std::vector<int, std::allocator<int> >::push_back(int const&)"}),
            Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "alloc::alloc::alloc", "alloc::boxed::Box<T>::new"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "__rust_alloc", "alloc::vec::Vec<T,A>::push"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "strdup"}), Purpose::none);
}

TEST(Purpose, AStreamAndItsBufferAreStdio) {
  EXPECT_EQ(purpose_of({"malloc", "_IO_file_doallocate", "_IO_doallocbuf", "_IO_file_overflow",
                        "_IO_file_xsputn", "puts"}),
            Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "__GI__IO_file_doallocate", "printf"}), Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "__fopen_internal", "_IO_new_fopen"}), Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "fopen@@GLIBC_2.2.5"}), Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "operator new[](unsigned long)",
                        "std::basic_filebuf<char, std::char_traits<char> >::_M_allocate_internal_buffer()"}),
            Purpose::stdio);
}

TEST(Purpose, RustsStandardStreamsAreStdioAndTheLineReadIsTheCallers) {
  EXPECT_EQ(purpose_of({"malloc", "alloc::vec::Vec::with_capacity<u8>",
                        "std::io::buffered::linewriter::LineWriter::new<std::io::stdio::StdoutRaw>",
                        "std::io::stdio::stdout::{closure#0}", "std::io::stdio::_print"}),
            Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "alloc::vec::Vec<T,A>::reserve", "std::io::append_to_string",
                        "std::io::stdio::Stdin::read_line"}),
            Purpose::none);
}

TEST(Purpose, AStreamsBufferIsStdioAndTheLineTheCallersInGetline) {
  EXPECT_EQ(purpose_of({"malloc", "_IO_file_doallocate", "_IO_doallocbuf", "_IO_file_underflow", "getdelim"}),
            Purpose::stdio);
  EXPECT_EQ(purpose_of({"malloc", "__GI___getdelim", "__getline"}), Purpose::none);
  EXPECT_EQ(purpose_of({"realloc", "getdelim"}), Purpose::none);
}

TEST(Purpose, TheStringOfAsprintfIsTheCallers) {
  EXPECT_EQ(purpose_of({"malloc", "_IO_str_overflow", "_IO_default_xsputn", "__vfprintf_internal",
                        "__vasprintf_internal", "asprintf"}),
            Purpose::none);
}

TEST(Purpose, AThreadsOwnBlocksAreThread) {
  EXPECT_EQ(purpose_of({"calloc", "allocate_dtv", "__GI__dl_allocate_tls", "allocate_stack",
                        "__pthread_create_2_1", "std::thread::_M_start_thread"}),
            Purpose::thread);
  EXPECT_EQ(purpose_of({"calloc", "_dl_allocate_tls", "pthread_create@@GLIBC_2.34"}), Purpose::thread);
  EXPECT_EQ(purpose_of({"calloc", "__cxa_thread_atexit_impl"}), Purpose::thread);
  EXPECT_EQ(purpose_of({"malloc", "alloc::sync::Arc::new_uninit_in<std::thread::thread::Inner>",
                        "std::thread::thread::Thread::new", "std::thread::lifecycle::spawn_unchecked"}),
            Purpose::thread);
}

TEST(Purpose, ReadsRustNamesWithTheirTypeInBrackets) {
  EXPECT_EQ(
      purpose_of({"malloc", "<std::thread::thread::Thread>::new", "std::thread::lifecycle::spawn_unchecked"}),
      Purpose::thread);
  EXPECT_EQ(purpose_of({"malloc", "<std::io::stdio::Stdin>::read_line"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "<alloc::vec::Vec<fn(i32) -> i32> as core::clone::Clone>::clone"}),
            Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "<std::sys::thread_local::Key as core::ops::Drop>::drop"}),
            Purpose::thread);
  EXPECT_EQ(purpose_of({"malloc", "<", "<a", "<>", ">::f"}), Purpose::none);
}

TEST(Purpose, AStreamThatAThreadFunctionOpensIsForTheThread) {
  EXPECT_EQ(purpose_of({"malloc", "__fopen_internal", "_IO_new_fopen", "__pthread_getattr_np",
                        "std::sys::pal::unix::stack_overflow::imp::get_stack_start", "std::rt::init",
                        "std::rt::lang_start_internal"}),
            Purpose::thread);
}

TEST(Purpose, TheBoxOfAThreadsClosureIsTheUsersAndTheRestOfSpawningIsNot) {
  const Stack spawn = {"std::thread::lifecycle::spawn_unchecked<a::main::{closure_env#0}, i32>",
                       "std::thread::functions::spawn<a::main::{closure_env#0}, i32>"};
  const auto boxed = [&](const std::string& type) {
    Stack stack = {"malloc", "alloc::boxed::box_new_uninit", "alloc::boxed::{impl#0}::new<" + type + ">"};
    stack.insert(stack.end(), spawn.begin(), spawn.end());
    return purpose_of(stack);
  };
  EXPECT_EQ(boxed("std::thread::lifecycle::spawn_unchecked::{closure_env#1}<a::main::{closure_env#0}, i32>"),
            Purpose::none);
  EXPECT_EQ(boxed("std::thread::lifecycle::ThreadInit"), Purpose::thread);
  EXPECT_EQ(boxed("alloc::sync::ArcInner<std::thread::lifecycle::Packet<i32>>"), Purpose::thread);
}

TEST(Purpose, WhatIsThrownIsException) {
  EXPECT_EQ(purpose_of({"malloc", "__cxa_allocate_exception"}), Purpose::exception);
  EXPECT_EQ(purpose_of({"malloc", "alloc::boxed::Box<T>::new", "panic_unwind::imp::panic",
                        "__rust_start_panic", "std::panicking::rust_panic", "std::panicking::panic_with_hook",
                        "core::panicking::panic_fmt"}),
            Purpose::exception);
}

TEST(Purpose, CatchingAPanicIsNotPanicking) {
  EXPECT_EQ(purpose_of({"malloc", "alloc::boxed::Box<T>::new", "std::panicking::catch_unwind::do_call",
                        "std::panicking::catch_unwind", "std::panic::catch_unwind"}),
            Purpose::none);
}

TEST(Purpose, TheReserveOfLibstdcxxIsPoolWithAndWithoutItsName) {
  EXPECT_EQ(purpose_of({"malloc", "(anonymous namespace)::pool::pool()", "_GLOBAL__sub_I_eh_alloc.cc",
                        "call_init", "_dl_init", "_dl_start_user"}),
            Purpose::pool);
  EXPECT_EQ(purpose_of({"malloc", "[libstdc++.so.6]", "call_init", "_dl_init", "_dl_start_user"}),
            Purpose::pool);
  EXPECT_EQ(purpose_of({"malloc", "[libstdc++.so.6]", "std::locale::locale(char const*)"}), Purpose::none);
}

TEST(Purpose, OpeningALibraryIsLoaderAndItsInitialisersAreNot) {
  const Stack opening = {"call_init", "_dl_init", "dl_open_worker", "_dl_open", "dlopen"};
  EXPECT_EQ(
      purpose_of({"calloc", "_dl_new_object", "_dl_map_object", "dl_open_worker", "_dl_open", "dlopen"}),
      Purpose::loader);
  Stack initialiser = {"malloc", "plugin_init"};
  initialiser.insert(initialiser.end(), opening.begin(), opening.end());
  EXPECT_EQ(purpose_of(initialiser), Purpose::none);
}

TEST(Purpose, WhatRunsBeforeRustsMainIsRuntime) {
  EXPECT_EQ(purpose_of({"malloc", "alloc::boxed::Box<T>::from",
                        "std::sys::pal::unix::stack_overflow::imp::init", "std::rt::lang_start_internal"}),
            Purpose::runtime);
  EXPECT_EQ(purpose_of({"calloc", "__new_exitfn", "__internal_atexit", "__cxa_atexit"}), Purpose::runtime);
}

TEST(Purpose, ANameThatOnlyBeginsLikeOneInTheTableIsAnother) {
  EXPECT_EQ(purpose_of({"malloc", "fopener"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "std::rtx::f"}), Purpose::none);
  EXPECT_EQ(purpose_of({"malloc", "f<printf>(fopen)"}), Purpose::none);
}

}  // namespace
}  // namespace situ
