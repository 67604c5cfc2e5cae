# Allocations, releases and bytes of whole runs as memcheck counts them.
find_program(SITU_VALGRIND valgrind)
if(NOT TARGET situ OR NOT SITU_VALGRIND OR SITU_SANITIZE)
  return()
endif()

function(compare_valgrind name label)
  add_test(NAME oracle.valgrind.${name}
           COMMAND ${CMAKE_CURRENT_LIST_DIR}/compare_valgrind $<TARGET_FILE:situ>
                   ${CMAKE_CURRENT_BINARY_DIR}/valgrind/${name} ${ARGN})
  set_tests_properties(oracle.valgrind.${name} PROPERTIES TIMEOUT 120 LABELS "${label}" SKIP_RETURN_CODE 77)
endfunction()

compare_valgrind(ls "" ls /)
compare_valgrind(sort "" sort ${CMAKE_SOURCE_DIR}/LICENSE)
compare_valgrind(sed "" sed p ${CMAKE_SOURCE_DIR}/LICENSE)
compare_valgrind(grep "" grep -E "[a-z]+ the" ${CMAKE_SOURCE_DIR}/LICENSE)
compare_valgrind(tar "" tar cf /dev/null -C ${CMAKE_SOURCE_DIR} LICENSE)
foreach(target heap_cpp_forms heap_threads)
  if(TARGET ${target})
    compare_valgrind(${target} "" $<TARGET_FILE:${target}>)
  endif()
endforeach()

if(TARGET samples)
  get_property(sample_programs TARGET samples PROPERTY SITU_PROGRAMS)
  # memcheck goes on after a double free and counts it as a release; glibc ends the program there.
  list(FILTER sample_programs EXCLUDE REGEX "/double_free$")
  foreach(program ${sample_programs})
    file(RELATIVE_PATH name ${CMAKE_BINARY_DIR}/samples ${program})
    string(REPLACE "/" "." name ${name})
    # Samples of further rustc versions are there for the long run.
    if(name MATCHES "^rust-")
      compare_valgrind(${name} long ${program})
    else()
      compare_valgrind(${name} "" ${program})
    endif()
  endforeach()
endif()
