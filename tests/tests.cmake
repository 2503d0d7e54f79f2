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
add_program_test(sample.selftest COMMAND $<TARGET_FILE:telassay> selftest)
add_program_test(sample.demo
  COMMAND tools/demo.sh $<TARGET_FILE:telassay> ${CMAKE_BINARY_DIR}/demo)

# Plant a trace, then damage the file that holds it: never no-known-trace.
add_program_test(damage.some
  COMMAND /usr/bin/python3 tests/damage/plant_damage.py --cases 60 --clean 3)
add_program_test(damage.all SLOW
  COMMAND /usr/bin/python3 tests/damage/plant_damage.py --cases 1000 --seed 2)

# Backups in every state, and their decryption.
set(shared_data ${CMAKE_SOURCE_DIR}/../shared/data)
add_program_test(backup.states COMMAND /usr/bin/python3 tests/cli/backup_states.py)
add_program_test(backup.trace_files COMMAND /usr/bin/python3 tests/cli/trace_files.py)
add_program_test(backup.vs_python.sample_plain
  COMMAND /usr/bin/python3 tests/cli/extract_vs_python.py --sample)
add_program_test(backup.vs_python.sample_encrypted
  COMMAND /usr/bin/python3 tests/cli/extract_vs_python.py --sample "a password")
add_program_test(backup.vs_python.mvt
  COMMAND /usr/bin/python3 tests/cli/extract_vs_python.py ${shared_data}/ios/mvt-backup/ios_backup)
add_program_test(backup.vs_python.encrypted_fast
  COMMAND /usr/bin/python3 tests/cli/extract_vs_python.py ${shared_data}/ios/encrypted-fast "pässwörd")
add_program_test(backup.vs_python.encrypted_full SLOW
  COMMAND /usr/bin/python3 tests/cli/extract_vs_python.py ${shared_data}/ios/encrypted-full "correct horse")

# Reports made by hand, read by programs that share no code with the sinks.
set(written ${CMAKE_BINARY_DIR}/reports)
add_test(NAME report.clear COMMAND ${CMAKE_COMMAND} -E rm -rf ${written})
add_test(NAME report.write COMMAND unit_sink_files ${written})
set_tests_properties(report.clear PROPERTIES FIXTURES_SETUP reports_gone)
set_tests_properties(report.write PROPERTIES FIXTURES_REQUIRED reports_gone
  FIXTURES_SETUP reports)
add_program_test(report.schema
  COMMAND /usr/bin/python3 tests/cli/validate_report.py ${written})
add_program_test(report.html
  COMMAND /usr/bin/python3 tests/cli/check_html.py ${written})
set_tests_properties(report.schema report.html PROPERTIES
  FIXTURES_REQUIRED reports)
add_program_test(cli.consent COMMAND /usr/bin/python3 tests/cli/consent.py)
# The check verb.
add_program_test(check.verb COMMAND /usr/bin/python3 tests/cli/check.py)
add_program_test(cli.applications COMMAND /usr/bin/python3 tests/cli/applications.py)
add_program_test(cli.reports COMMAND /usr/bin/python3 tests/cli/reports.py)

# Property lists, against a reader that shares no code with ours.
add_executable(plist_json tests/format/plist_json.c)
target_link_libraries(plist_json PRIVATE format)
add_program_test(format.plist_vs_python
  COMMAND /usr/bin/python3 tests/format/plist_vs_python.py
  $<TARGET_FILE:plist_json> ${CMAKE_SOURCE_DIR}/../shared/data)

# The list verb.
add_program_test(cli.list COMMAND /usr/bin/python3 tests/cli/list.py)

# Real data: a real backup, generated ones with planted traces, real paths.
add_program_test(real.mvt_backup COMMAND /usr/bin/python3 tests/real/mvt_backup.py)
add_program_test(real.shutdown COMMAND /usr/bin/python3 tests/real/shutdown.py)
add_program_test(real.planted COMMAND /usr/bin/python3 tests/real/planted.py 0.01)
add_program_test(real.benign SLOW COMMAND /usr/bin/python3 tests/real/benign.py)

# The shipped rules.
add_program_test(rules.shipped COMMAND /usr/bin/python3 tests/rules/shipped.py)
