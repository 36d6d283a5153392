# dlc_library(NAME SOURCES... [PCH header-target | NO_PCH] [DEPENDS targets...]): a static library of one layer.
# A layer that uses MLIR reuses one of two precompiled headers, `dlc_pch_ir` and `dlc_pch_codegen`.
function(dlc_mlir_includes target)
  target_include_directories(${target} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
  target_compile_definitions(${target} PUBLIC ${definitions})
endfunction()

function(dlc_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "PCH" "DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  if(NOT ARG_NO_MLIR)
    dlc_mlir_includes(${name})
  endif()
  if(ARG_PCH)
    target_precompile_headers(${name} REUSE_FROM ${ARG_PCH})
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# dlc_pch(NAME HEADER...): a precompiled header for libraries to reuse.
function(dlc_pch name)
  if(NOT EXISTS ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp "")
  endif()
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  dlc_mlir_includes(${name})
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# dlc_start_fast(TARGET): what `dlc --help` would otherwise wait for happens at link time (65,000 relocations, the symbols of
# libstdc++) or when a program is compiled (LLVM's static initialisers). test/e2e/cli/start.test counts what is left.
set(DLC_LATE_INITIALIZERS ${CMAKE_CURRENT_LIST_DIR}/late-initializers.ld)
function(dlc_start_fast target)
  if(NOT DLC_SANITIZE)
    target_link_options(${target} PRIVATE -no-pie -static-libstdc++ -static-libgcc -Wl,-T,${DLC_LATE_INITIALIZERS})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${DLC_LATE_INITIALIZERS})
  endif()
endfunction()

# dlc_tool(NAME SOURCES...): a program of MLIR's, one binary without shared libraries of LLVM.
function(dlc_tool name)
  add_executable(${name} ${ARGN})
  dlc_mlir_includes(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc)
endfunction()
