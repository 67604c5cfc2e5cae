find_program(SYM_GXX g++)
find_program(SYM_CLANGXX NAMES clang++ clang++-14)
find_program(SYM_RUSTC rustc)
find_program(SYM_OBJCOPY objcopy)
set(sym_files)

# sym_target(name sources compiler flags...)
function(sym_target name sources compiler)
  if(NOT compiler)
    return()
  endif()
  list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(pool)
  if(compiler MATCHES rustc)
    set(pool JOB_POOL rustc)
  endif()
  add_custom_command(OUTPUT ${output} COMMAND ${compiler} ${ARGN} -o ${output} ${sources} DEPENDS ${sources} VERBATIM
                     ${pool})
  set(sym_files ${sym_files} ${output} PARENT_SCOPE)
endfunction()

foreach(version 4 5)
  sym_target(sym_cpp.gcc${version} sym_cpp.cpp "${SYM_GXX}" -std=c++20 -w -g -gdwarf-${version})
  sym_target(sym_cpp.clang${version} sym_cpp.cpp "${SYM_CLANGXX}" -std=c++20 -w -g -gdwarf-${version})
endforeach()
sym_target(sym_cpp.gccO2 sym_cpp.cpp "${SYM_GXX}" -std=c++20 -w -g -O2)
sym_target(sym_cpp.clangO2 sym_cpp.cpp "${SYM_CLANGXX}" -std=c++20 -w -g -O2)
sym_target(sym_cpp.zlib sym_cpp.cpp "${SYM_GXX}" -std=c++20 -w -g -gz)
sym_target(sym_cpp.types sym_cpp.cpp "${SYM_GXX}" -std=c++20 -w -g -gdwarf-4 -fdebug-types-section)
sym_target(sym_cpp.plain sym_cpp.cpp "${SYM_GXX}" -std=c++20 -w -g0)
sym_target(sym_cold.gccO2 sym_cold.cpp "${SYM_GXX}" -g -O2)
sym_target(sym_units.gcc "sym_units.cpp;sym_other.cpp" "${SYM_GXX}" -g)
sym_target(sym_units.clang "sym_units.cpp;sym_other.cpp" "${SYM_CLANGXX}" -g)
sym_target(sym_virtual.gcc sym_virtual.cpp "${SYM_GXX}" -g)
sym_target(sym_virtual.clang sym_virtual.cpp "${SYM_CLANGXX}" -g)
foreach(level O0 O2)
  sym_target(sym_statics.gcc${level} sym_statics.cpp "${SYM_GXX}" -std=c++17 -g -${level})
  sym_target(sym_statics.clang${level} sym_statics.cpp "${SYM_CLANGXX}" -std=c++17 -g -${level})
endforeach()
sym_target(sym_statics.rustc sym_statics.rs "${SYM_RUSTC}" -A warnings -g --crate-name sym_statics)
sym_target(sym_box.rustc sym_box.rs "${SYM_RUSTC}" -A warnings -g --crate-name sym_box)
sym_target(sym_hoist.rustc sym_hoist.rs "${SYM_RUSTC}" -A warnings -g --crate-name sym_hoist)
# repr(u128) is stable from 1.89 on.
set(SYM_WIDE_ENUMS)
if(SYM_RUSTC)
  execute_process(COMMAND "${SYM_RUSTC}" --version OUTPUT_VARIABLE version)
  if(version MATCHES "rustc ([0-9.]+)" AND CMAKE_MATCH_1 VERSION_GREATER_EQUAL 1.89)
    set(SYM_WIDE_ENUMS --cfg wide_enums)
  endif()
endif()
sym_target(sym_rust.rustc sym_rust.rs "${SYM_RUSTC}" -A warnings -g ${SYM_WIDE_ENUMS} --crate-name sym_rust)
sym_target(sym_rust.rustcO sym_rust.rs "${SYM_RUSTC}" -A warnings -g -O ${SYM_WIDE_ENUMS} --crate-name sym_rust)

# Split units: the .dwo file stands beside the object file, which is kept.
set(split ${CMAKE_CURRENT_BINARY_DIR}/sym_cpp.split)
add_custom_command(
  OUTPUT ${split}
  COMMAND ${SYM_GXX} -std=c++20 -w -g -gsplit-dwarf -c ${CMAKE_CURRENT_SOURCE_DIR}/sym_cpp.cpp -o ${split}.o
  COMMAND ${SYM_GXX} ${split}.o -o ${split}
  DEPENDS sym_cpp.cpp VERBATIM)

# Debug info taken out of the file, found again by .gnu_debuglink.
set(stripped ${CMAKE_CURRENT_BINARY_DIR}/sym_cpp.stripped)
add_custom_command(
  OUTPUT ${stripped}
  COMMAND ${SYM_OBJCOPY} --only-keep-debug ${CMAKE_CURRENT_BINARY_DIR}/sym_cpp.gcc5 ${stripped}.debug
  COMMAND ${SYM_OBJCOPY} --strip-all --add-gnu-debuglink=${stripped}.debug ${CMAKE_CURRENT_BINARY_DIR}/sym_cpp.gcc5
          ${stripped}
  DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/sym_cpp.gcc5 VERBATIM)

add_custom_target(sym-targets DEPENDS ${sym_files} ${split} ${stripped})
add_dependencies(unit-symbols sym-targets)
target_compile_definitions(unit-symbols PRIVATE SITU_SYM_TARGETS="${CMAKE_CURRENT_BINARY_DIR}"
                                                SITU_SYM_SOURCES="${CMAKE_CURRENT_SOURCE_DIR}")
