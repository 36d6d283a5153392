# `cmake --install build --prefix P`: programs, tab completion where the shells look for it, documents and examples. The standard
# library is in the binary. There are no headers: what compiled code asks of the runtime (runtime/abi.h) is inside of `dlc`.
include(GNUInstallDirs)

# The table of symbols is a third of the file.
if(NOT DLC_SANITIZE)
  install(CODE "set(CMAKE_INSTALL_DO_STRIP TRUE)")
endif()
install(TARGETS dlc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS dlc-opt RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} OPTIONAL)

install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.dl")

# The program writes its completions itself, from the table that it parses its command line with. zsh calls what is in the file at
# the first completion, so that also has to answer it.
install(CODE "
  set(data \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
  foreach(entry IN ITEMS bash:bash-completion/completions/dlc zsh:zsh/site-functions/_dlc fish:fish/vendor_completions.d/dlc.fish)
    string(REGEX MATCH \"^[a-z]+\" shell \${entry})
    string(REGEX REPLACE \"^[a-z]+:\" \"\" file \${entry})
    execute_process(COMMAND \"$<TARGET_FILE:dlc>\" completion \${shell} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    if(shell STREQUAL zsh)
      set(text \"#compdef dlc\\n\${text}\\n_bash_complete -o filenames -F _dlc\\n\")
    endif()
    message(STATUS \"Installing: \${data}/\${file}\")
    file(WRITE \"\${data}/\${file}\" \"\${text}\")
  endforeach()
")
