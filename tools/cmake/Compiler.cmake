# What every target is compiled with. clang and lld are the build that is tested; g++ works and is slower to build.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# -O3 takes longer to build and makes nothing here faster.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers carry a time stamp that ccache must not compare.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_program(LLD NAMES ld.lld-22 ld.lld)
if(LLD)
  add_link_options(-fuse-ld=${LLD})
endif()

add_compile_options(-Wall -Wextra -Wno-unused-parameter -fno-exceptions -ffunction-sections -fdata-sections)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options(-Xclang -fno-pch-timestamp -Werror=return-type -Wno-c++11-narrowing)
endif()
# The bits of a result must not depend on what the host compiler contracts.
add_compile_options(-ffp-contract=off)
add_link_options(-Wl,--gc-sections -Wl,--as-needed)

if(DLC_SANITIZE)
  # MLIR's own libraries are not instrumented: what its containers hold is not annotated alike on both sides, and its classes
  # have no type information that `vptr` could read. Lines are enough for a report, and -O1 keeps the build bearable.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr,function -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer -O1 -gline-tables-only)
  add_link_options(-fsanitize=address,undefined)
  add_library(dlc_sanitizer_options OBJECT ${CMAKE_CURRENT_LIST_DIR}/sanitizer-options.cpp)
  link_libraries($<TARGET_OBJECTS:dlc_sanitizer_options>)
endif()
