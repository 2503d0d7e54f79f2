# Tests of the whole program. Python ones use the standard library,
# python3-cryptography and python3-jsonschema; exit 77 is a named skip.
function(add_program_test name)
  cmake_parse_arguments(T "SLOW" "" "COMMAND" ${ARGN})
  add_test(NAME ${name} COMMAND ${T_COMMAND} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77
    ENVIRONMENT "TELASSAY=$<TARGET_FILE:telassay>;PYTHONDONTWRITEBYTECODE=1")
  if(T_SLOW)
    set_tests_properties(${name} PROPERTIES LABELS slow)
  endif()
endfunction()


# The generator of sample phones.
add_program_test(sample.sound
  COMMAND /usr/bin/python3 tests/sample/sound.py)
