# MLIR and LLVM 22 from Debian's packages, linked statically: one binary that starts in milliseconds.
# The packages' MLIR archives name the shared libLLVM, and a mixture of both aborts at run time, so that library is
# taken off every MLIR target's interface and the LLVM component archives are linked instead.
list(APPEND CMAKE_PREFIX_PATH /usr/lib/llvm-22)

# LLVM's package refers to this target without defining it.
find_library(ZSTD_LIBRARY zstd REQUIRED)
if(NOT TARGET zstd::libzstd_shared)
  add_library(zstd::libzstd_shared UNKNOWN IMPORTED GLOBAL)
  set_target_properties(zstd::libzstd_shared PROPERTIES IMPORTED_LOCATION ${ZSTD_LIBRARY})
endif()

find_package(MLIR 22.1 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${LLVM_CMAKE_DIR} ${MLIR_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

function(dlc_drop_shared_llvm target)
  get_property(seen GLOBAL PROPERTY dlc_drop_shared_llvm_seen)
  if(target IN_LIST seen OR NOT TARGET ${target})
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY dlc_drop_shared_llvm_seen ${target})
  get_target_property(libraries ${target} INTERFACE_LINK_LIBRARIES)
  if(libraries)
    list(REMOVE_ITEM libraries LLVM "$<LINK_ONLY:LLVM>")
    set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${libraries}")
    foreach(library IN LISTS libraries)
      string(REGEX REPLACE "^[$]<LINK_ONLY:(.*)>$" "\\1" library "${library}")
      dlc_drop_shared_llvm(${library})
    endforeach()
  endif()
endfunction()

# dlc_link_mlir(TARGET VISIBILITY MLIR_LIBRARY... [LLVM COMPONENT...])
function(dlc_link_mlir target visibility)
  cmake_parse_arguments(ARG "" "" "LLVM" ${ARGN})
  foreach(library IN LISTS ARG_UNPARSED_ARGUMENTS)
    dlc_drop_shared_llvm(${library})
  endforeach()
  llvm_map_components_to_libnames(components ${ARG_LLVM})
  target_link_libraries(${target} ${visibility} ${ARG_UNPARSED_ARGUMENTS} ${components})
endfunction()
