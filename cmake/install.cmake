# What `make install` puts where; completion comes from the program itself.
install(TARGETS telassay DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY indicators DESTINATION ${CMAKE_INSTALL_DATADIR}/telassay)
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/telassay)
install(FILES man/telassay.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/telassay-records.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/telassay-notes.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)
foreach(shell bash zsh fish)
  add_custom_command(TARGET telassay POST_BUILD
    COMMAND telassay completion ${shell} > ${CMAKE_BINARY_DIR}/telassay.${shell})
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/telassay.bash RENAME telassay
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/telassay.zsh RENAME _telassay
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/telassay.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
